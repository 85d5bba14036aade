// Search of the site, as a reader uses it. Comes in: the served site. Goes out: words that the search box
// does not lead from to the pages that tell of them; entries of the API that it does not find.
import { parse } from 'node-html-parser'

/** @typedef {import('playwright-core').Page} Tab */

/** Words of a reader, and beginnings of addresses that tell of them: one has to be among the first. */
const words = /** @type {const} */ ([
  ['browser', ['docs/guide/systems.html#in-a-browser']],
  ['nvfp4', ['docs/formats.html']],
  ['learning rate', ['docs/guide/learning-rate.html']],
  ['verify', ['docs/guide/write-a-']],
])

/** What a reader looks at. */
const looked = 3

/**
 * List what each page of the API has to be found by: its entry, and the first name that it exports.
 * @param {import('./site-links.mjs').Site} site
 * @returns {readonly (readonly [string, readonly string[]])[]}
 */
function namesOfTheApi({ pages }) {
  return [...pages].flatMap(([path, html]) => {
    const entry = /^docs\/api\/.*?(?<entry>@lotion\/[a-z-]+(?:\/(?!index\b)[a-z-]+)?)\.html$/.exec(path)
      ?.groups?.['entry']
    if (entry === undefined) return []
    const first = parse(html).querySelectorAll('main h3[id]')[0]
    const name = /^\w+/.exec(first?.text.trim() ?? '')?.[0]
    return [[entry, [path]], ...(name ? [/** @type {const} */ ([name, [`${path}#${first?.id}`]])] : [])]
  })
}

/**
 * @param {Tab} tab
 * @param {string} address of the front page
 * @param {import('./site-links.mjs').Site} site
 * @returns {Promise<{ readonly searched: number, readonly problems: readonly string[] }>}
 */
export async function checkSearch(tab, address, site) {
  await tab.goto(address, { waitUntil: 'networkidle' })
  await tab.getByRole('button', { name: 'Search' }).click()
  const problems = []
  const searches = [
    ...words.map(([word, pages]) => ({ word, pages, among: looked })),
    ...namesOfTheApi(site).map(([word, pages]) => ({ word, pages, among: shown })),
  ]
  for (const { word, pages, among } of searches) {
    const found = (await results(tab, word)).map((link) => link.slice(address.length))
    if (!found.slice(0, among).some((link) => pages.some((page) => link.startsWith(page))))
      problems.push(
        `search '${word}': expected ${pages.join(' or ')} among the first ${among}, found ${found.join(', ') || 'nothing'}`,
      )
  }
  return { searched: searches.length, problems }
}

/** What the box shows. */
const shown = 16

/** The first answer waits for the index. */
const patience = 60_000

/** @param {Tab} tab @param {string} word @returns {Promise<string[]>} addresses of what is shown for it */
async function results(tab, word) {
  const box = tab.getByRole('searchbox')
  const links = tab.locator('.VPLocalSearchBox a.result')
  // Without a word nothing is shown: what comes then is of this word.
  await box.fill('')
  await links.first().waitFor({ state: 'detached', timeout: patience })
  await box.fill(word)
  await links.first().or(tab.locator('.VPLocalSearchBox .no-results')).waitFor({ timeout: patience })
  return links.evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href))
}
