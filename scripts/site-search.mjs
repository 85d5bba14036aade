// Search of the site, as a reader uses it. Comes in: the served site. Goes out: words that the search box
// does not lead from to the pages that tell of them; entries of the API that it does not find.
import { parse } from 'node-html-parser'

/** @typedef {import('playwright-core').Page} Tab */

/** Words of a reader, and pages that tell of them: each has to be among what is found. */
const words = /** @type {const} */ ([
  ['browser', ['packages/cpu/README.html', 'docs/design/10-matrix.html']],
  ['nvfp4', ['docs/formats.html', 'docs/api/@lotion/formats.html']],
  ['learning rate', ['docs/api/@lotion/optim.html', 'docs/guide/write-an-optimizer.html']],
  ['verify', ['docs/guide/write-a-noise.html', 'docs/api/@lotion/conformance.html']],
])

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
  const searches = [...words, ...namesOfTheApi(site)]
  for (const [word, expected] of searches) {
    const found = await results(tab, word)
    const missing = expected.filter((page) => !found.some((link) => link.startsWith(`${address}${page}`)))
    if (missing.length > 0)
      problems.push(
        `search '${word}': expected ${missing.join(' and ')}, found ${found.map((link) => link.slice(address.length)).join(', ') || 'nothing'}`,
      )
  }
  return { searched: searches.length, problems }
}

/** The first answer waits for the index. */
const patience = 60_000

/** @param {Tab} tab @param {string} word @returns {Promise<string[]>} addresses of what is shown for it */
async function results(tab, word) {
  const box = tab.getByRole('searchbox')
  const shown = tab.locator('.VPLocalSearchBox a.result')
  // Without a word nothing is shown: what comes then is of this word.
  await box.fill('')
  await shown.first().waitFor({ state: 'detached', timeout: patience })
  await box.fill(word)
  await shown.first().or(tab.locator('.VPLocalSearchBox .no-results')).waitFor({ timeout: patience })
  return shown.evaluateAll((links) => links.map((link) => /** @type {HTMLAnchorElement} */ (link).href))
}
