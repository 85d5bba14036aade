// Check of the built site in Chromium. Comes in: docs/.vitepress/dist, which `npm run docs` makes; parts of
// the names of pages, if not all are to be looked at; `--whole` for pictures of whole pages, which take
// a third of the time. Goes out: a picture of the first screen of every page in light, dark and on a phone in
// runs/site; what is wrong, and status 1.
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { freePort, readSite, serveSite, siteFolder } from './built-site.mjs'
import { findChromium, withoutChromium } from './chromium.mjs'
import { walkThroughGuide } from './site-hour.mjs'
import { lookAt, openTab } from './site-pages.mjs'
import { checkSearch } from './site-search.mjs'
import { weigh } from './site-weight.mjs'
import { main, root } from './spawn.mjs'

/** What the front page may weigh, in bytes. */
const heaviest = 200_000
const pictures = join(root, 'runs/site')
const whole = '--whole'

/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('./site-links.mjs').Site} Site */

await main(async () => {
  if (!existsSync(join(siteFolder, 'index.html'))) throw new Error('no site here: make it by npm run docs')
  const executablePath = findChromium()
  if (executablePath === undefined) return withoutChromium()
  const parts = process.argv.slice(2).filter((word) => word !== whole)
  const site = readSite()
  const { address, close } = await serveSite(site.base, await freePort())
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const problems = [
      ...(await everyPage(browser, address, site, parts)),
      ...(parts.length > 0 ? [] : await asReader(browser, address, site)),
    ]
    for (const line of problems) console.log(`FAIL ${line}`)
    console.log(`${problems.length} problems; pictures: runs/site`)
    return problems.length === 0 ? 0 : 1
  } finally {
    await browser.close()
    await close()
  }
})

/**
 * Look at the pages, some at a time, the largest first.
 * @param {Browser} browser @param {string} address @param {Site} site @param {readonly string[]} parts
 * @returns {Promise<string[]>}
 */
async function everyPage(browser, address, { pages }, parts) {
  const chosen = [...pages]
    .filter(
      ([path]) => path !== '404.html' && (parts.length === 0 || parts.some((part) => path.includes(part))),
    )
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([path]) => path)
  if (chosen.length === 0) throw new Error(`no page is named like ${parts.join(', ')}`)
  await rm(pictures, { recursive: true, force: true })
  const queue = [...chosen]
  /** @type {string[]} */
  const found = []
  const worker = async () => {
    const { tab, problems } = await openTab(browser)
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      const name = join(pictures, path.slice(0, -'.html'.length))
      await lookAt(tab, problems, `${address}${path}`, name, process.argv.includes(whole))
      found.push(...problems.splice(0).map((problem) => `${path} ${problem}`))
    }
  }
  // A tab waits for its network now and then.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, worker))
  console.log(`${chosen.length} pages looked at, each in light, dark and on a phone`)
  return found
}

/**
 * Use the site as a reader does.
 * @param {Browser} browser @param {string} address @param {Site} site
 * @returns {Promise<string[]>}
 */
async function asReader(browser, address, site) {
  const { bytes, files } = await weigh(browser, address)
  console.log(`the front page weighs ${(bytes / 1000).toFixed(0)} kB with gzip`)
  const { tab, problems } = await openTab(browser)
  const { searched, problems: unfound } = await checkSearch(tab, address, site)
  console.log(`${searched} searches in the box`)
  const { goals, problems: unreached } = await walkThroughGuide(tab, address)
  console.log(`${goals} goals of the guide reached by clicks`)
  const missing = await notFound(browser, address)
  return [
    ...(bytes <= heaviest
      ? []
      : [`front page: expected at most ${heaviest} bytes, found ${bytes}:`, ...files]),
    ...unfound,
    ...unreached,
    ...missing,
    ...problems,
  ]
}

/**
 * Open what is not there.
 * @param {Browser} browser @param {string} address
 * @returns {Promise<string[]>}
 */
async function notFound(browser, address) {
  const { tab, problems } = await openTab(browser)
  await lookAt(tab, problems, `${address}no-such-page`, join(pictures, '404'))
  // That it is not found is said by the status, which the browser reports as an error.
  const said = problems.some((text) => text.endsWith('no-such-page: status 404'))
  await tab.getByRole('link', { name: 'Take me home' }).click()
  await tab.waitForURL(address)
  return [
    ...(said ? [] : ['no-such-page: expected status 404, found another']),
    ...problems.filter((text) => !/status (of )?404/.test(text)).map((text) => `404.html ${text}`),
  ]
}
