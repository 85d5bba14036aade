// A stranger's first hour. Comes in: the served site. Goes out: which pages of the guide are not reached from
// the front page by clicks alone, or do not show what they promise.
import { guide } from '../docs/.vitepress/guide.ts'

/** @typedef {import('playwright-core').Page} Tab */

/**
 * Go from the front page through the guide, by its links alone: each page by the sidebar, and the whole of it
 * from page to page.
 * @param {Tab} tab @param {string} address of the front page
 * @returns {Promise<{ readonly goals: number, readonly problems: readonly string[] }>}
 */
export async function walkThroughGuide(tab, address) {
  const pages = guide.flatMap((group) => group.pages)
  /** @type {string[]} */
  const problems = []
  for (const page of pages) {
    await tab.goto(address, { waitUntil: 'networkidle' })
    await tab.locator('.VPHero .actions a').first().click()
    await tab.waitForURL(`**${fileOf(pages[0] ?? '')}`)
    const link = tab.locator(`.VPSidebar a[href$="/${fileOf(page)}"]`)
    // The sidebar comes after the address.
    await tab.locator('.VPSidebar a').last().waitFor()
    if ((await link.count()) !== 1) {
      problems.push(`${page}: expected one link in the sidebar, found ${await link.count()}`)
      continue
    }
    const name = (await link.innerText()).trim()
    await link.click()
    await tab.waitForURL(`**/${fileOf(page)}`)
    problems.push(...(await shows(tab, page, name)))
  }
  problems.push(...(await turnPages(tab, address, pages)))
  return { goals: pages.length, problems }
}

/** @param {string} page as the guide lists it */
const fileOf = (page) => `docs/${page.replace(/(^|\/)index$/, '$1')}${page.endsWith('/index') ? '' : '.html'}`

/**
 * Look for what a reader came for: the page that the link names, something to run or to see, and a way on.
 * @param {Tab} tab @param {string} page @param {string} name
 * @returns {Promise<string[]>}
 */
async function shows(tab, page, name) {
  const heading = tab.getByRole('main').getByRole('heading', { level: 1 })
  await heading
    .filter({ hasText: name })
    .waitFor({ timeout: 10_000 })
    .catch(() => undefined)
  const title = (await heading.innerText()).replaceAll(/\u200b|#/g, '').trim()
  const matter = await tab.locator('main').locator('div[class*=language-], .live, table, h2, li').count()
  return [
    ...(title === name ? [] : [`${page}: expected the heading '${name}', found '${title}'`]),
    ...(matter > 0 ? [] : [`${page}: expected code, a figure, a table, a list or sections, found none`]),
  ]
}

/**
 * Turn the pages of the guide in their order.
 * @param {Tab} tab @param {string} address @param {readonly string[]} pages
 * @returns {Promise<string[]>}
 */
async function turnPages(tab, address, pages) {
  await tab.goto(`${address}${fileOf(pages[0] ?? '')}`, { waitUntil: 'networkidle' })
  for (const page of pages.slice(1)) {
    await tab.locator('.pager-link.next').click()
    const came = await tab.waitForURL(`**/${fileOf(page)}`, { timeout: 10_000 }).then(
      () => true,
      () => false,
    )
    if (!came) return [`expected 'Next page' to lead to ${page}, found ${tab.url().slice(address.length)}`]
  }
  return []
}
