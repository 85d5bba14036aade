// A stranger's first hour. Comes in: the served site. Goes out: which pages of the guide are not reached from
// the front page by clicks alone, show other code than what the checks run, or do not lead to their goals.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { guide } from '../docs/.vitepress/guide.ts'
import { shownCode } from './guide-blocks.mjs'
import { root } from './spawn.mjs'

/** @typedef {import('playwright-core').Page} Tab */
/** @typedef {import('../docs/.vitepress/guide.ts').Goal} Goal */

/**
 * Go from the front page through the guide, by its links alone: each page by the sidebar, and the whole of it
 * from page to page.
 * @param {Tab} tab @param {string} address of the front page
 * @returns {Promise<{ readonly goals: number, readonly problems: readonly string[] }>}
 */
export async function walkThroughGuide(tab, address) {
  const pages = guide.flatMap((group) => group.pages)
  const first = fileOf(pages[0]?.path ?? '')
  /** @type {string[]} */
  const problems = []
  for (const { path, goals } of pages) {
    await tab.goto(address, { waitUntil: 'networkidle' })
    await tab.locator('.VPHero .actions a').first().click()
    await tab.waitForURL(`**${first}`)
    const link = tab.locator(`.VPSidebar a[href$="/${fileOf(path)}"]`)
    // The sidebar comes after the address.
    await tab.locator('.VPSidebar a').last().waitFor()
    if ((await link.count()) !== 1) {
      problems.push(`${path}: expected one link in the sidebar, found ${await link.count()}`)
      continue
    }
    const name = (await link.innerText()).trim()
    await link.click()
    await tab.waitForURL(`**/${fileOf(path)}`)
    // The page comes after the address, too.
    await tab.getByRole('main').getByRole('heading', { level: 1 }).filter({ hasText: name }).waitFor()
    problems.push(...(await wrongCode(tab, path)))
    for (const goal of goals) problems.push(...(await whyNot(tab, path, goal)))
  }
  const files = pages.map(({ path }) => fileOf(path))
  problems.push(...(await turnPages(tab, address, files)))
  return { goals: pages.flatMap(({ goals }) => goals).length, problems }
}

/** @param {string} page as the guide lists it */
const fileOf = (page) => `docs/${page.replace(/(^|\/)index$/, '$1')}${page.endsWith('/index') ? '' : '.html'}`

/**
 * Compare the code that a reader sees with the sources, which `npm run guide` and `npm run snippets` run.
 * @param {Tab} tab @param {string} page
 * @returns {Promise<string[]>}
 */
async function wrongCode(tab, page) {
  const source = readFileSync(join(root, `docs/${page}.md`), 'utf8')
  const expected = shownCode(source).map((code) => code.trimEnd())
  const shown = await tab.locator('main div[class*=language-] pre code').allTextContents()
  const found = shown.map((code) => code.trimEnd())
  const other = expected.findIndex((code, i) => code !== found[i])
  if (other >= 0) return [`${page}: expected the code\n${expected[other]}\nfound\n${found[other]}`]
  if (found.length === expected.length) return []
  return [`${page}: expected ${expected.length} blocks of code, found ${found.length}`]
}

/**
 * Try a goal as far as the page itself has it: what is to be typed or run stands in a block of it, and
 * reaches the goal where the blocks are run; a figure answers; the words are there.
 * @param {Tab} tab @param {string} page @param {Goal} goal
 * @returns {Promise<string[]>}
 */
async function whyNot(tab, page, goal) {
  const not = (/** @type {string} */ why) => [`${page}: '${goal.have}' is not reached: ${why}`]
  if ('says' in goal) {
    const text = (await tab.locator('main .vp-doc').innerText()).replaceAll('\u200b', '')
    const missing = goal.says.filter((words) => !text.includes(words))
    return missing.length === 0 ? [] : not(`the page does not say ${missing.join(', ')}`)
  }
  if ('control' in goal) return (await answers(tab, goal.control)) ? [] : not('the figure does not change')
  const words = 'command' in goal ? goal.command : goal.program
  const blocks = await tab.locator('main div[class*=language-] pre code').allTextContents()
  return blocks.some((code) => code.includes(words)) ? [] : not(`no block has ${words}`)
}

/**
 * Move a control of the first figure.
 * @param {Tab} tab @param {string} name
 * @returns {Promise<boolean>} whether the figure says and draws something else then
 */
async function answers(tab, name) {
  const figure = tab.locator('main .live').first()
  const said = figure.locator('.reading')
  const before = [await said.innerText(), await figure.locator('svg').first().innerHTML()]
  await figure.locator('label', { hasText: name }).locator('input').press('Home')
  const after = [await said.innerText(), await figure.locator('svg').first().innerHTML()]
  return before.every((each, i) => each !== after[i])
}

/**
 * Turn the pages of the guide in their order.
 * @param {Tab} tab @param {string} address @param {readonly string[]} files
 * @returns {Promise<string[]>}
 */
async function turnPages(tab, address, files) {
  await tab.goto(`${address}${files[0] ?? ''}`, { waitUntil: 'networkidle' })
  for (const file of files.slice(1)) {
    await tab.locator('.pager-link.next').click()
    const came = await tab.waitForURL(`**/${file}`, { timeout: 10_000 }).then(
      () => true,
      () => false,
    )
    if (!came) return [`expected 'Next page' to lead to ${file}, found ${tab.url().slice(address.length)}`]
  }
  return []
}
