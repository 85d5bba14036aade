// Packages in bundles. Comes in: built packages. Goes out: checks of four bundlers, each bundle run in
// headless Chromium, in a page and in a module worker, cross-origin isolated and not; its numbers are those
// of Node.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium, noChromium } from '../chromium.mjs'
import { isolatingHeaders, launchChromium, posted } from '../posted-pages.mjs'
import { node } from '../spawn.mjs'
import { everything, linesOfNode } from './on-runtimes.mjs'
import { execute } from './execute.mjs'
import { Unavailable } from './unavailable.mjs'

const bundlers = ['vite', 'esbuild', 'webpack', 'rollup']

/** @type {readonly { where: string, worker: boolean, isolated: boolean, ran: RegExp }[]} */
const places = [true, false].flatMap((isolated) =>
  [false, true].map((worker) => ({
    where: `chromium ${worker ? 'worker' : 'page'}${isolated ? ', isolated' : ''}`,
    worker,
    isolated,
    ran: isolated ? /^wasm, 2 threads$/ : /^wasm, 1 threads no shared memory/,
  })),
)

/** @type {readonly import('./main.mjs').Check[]} */
export const bundles = bundlers.flatMap((bundler) =>
  places.map((place) => ({ what: bundler, where: place.where, run: () => runIn(bundler, place) })),
)

/** @type {Map<string, Promise<string>>} */
const made = new Map()

/**
 * @param {string} bundler @param {typeof places[number]} place
 * @returns {Promise<string>} where it ran
 */
async function runIn(bundler, { worker, isolated, ran }) {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Unavailable('chromium', noChromium)
  const bundle = made.get(bundler) ?? bundled(bundler)
  made.set(bundler, bundle)
  const folder = await bundle
  const browser = await launchChromium(executablePath)
  try {
    const headers = isolated ? isolatingHeaders : {}
    const files = (/** @type {string} */ path) => served(folder, path)
    const outcome = await posted(browser, { files, headers, query: { worker: String(worker) } })
    if (outcome.error !== undefined) throw new Error(outcome.error)
    if (outcome.isolated !== isolated || outcome.inPage === worker)
      throw new Error(`expected ${isolated ? '' : 'no '}isolation, found ${JSON.stringify(outcome)}`)
    const known = await linesOfNode()
    const expected = linesOfPage(known, worker)
    if (outcome.lines?.join('\n') !== expected.join('\n'))
      throw new Error(`expected\n${expected.join('\n')}\nfound\n${outcome.lines?.join('\n')}`)
    if (!ran.test(outcome.ran)) throw new Error(`expected ${ran}, found ${outcome.ran}`)
    return `${outcome.ran}; ${outcome.lines.length} lines as on Node`
  } finally {
    await browser.close()
  }
}

/** @param {string} bundler @returns {Promise<string>} the folder of its bundle */
async function bundled(bundler) {
  const project = await everything()
  const folder = join(project, `bundle-${bundler}`)
  mkdirSync(folder)
  await execute(node('bundle.mjs', bundler, 'page.mjs', folder), project)
  return folder
}

/**
 * @param {string} folder @param {string} path
 * @returns {readonly [type: string, text: string | Uint8Array] | undefined}
 */
export function served(folder, path) {
  if (path === '/')
    return ['text/html', '<!doctype html><title>page</title><script type="module" src="page.js"></script>']
  const file = join(folder, path)
  if (!existsSync(file)) return undefined
  return [path.endsWith('.js') ? 'text/javascript' : 'application/octet-stream', readFileSync(file)]
}

/**
 * What a page must post, of what Node prints: the gpu executor's numbers for each mode that the page asks
 * for, in that mode, so that one which fell back is seen.
 * @param {readonly string[]} known @param {boolean} worker workers have no WebGL2 here
 * @returns {readonly string[]}
 */
function linesOfPage(known, worker) {
  const of = (/** @type {RegExp} */ pattern) => {
    const found = known.find((line) => pattern.test(line))
    if (found === undefined) throw new Error(`expected a line ${pattern} of Node, found\n${known.join('\n')}`)
    return found
  }
  const gpu = of(/^gpu: webasm,/)
  const modes = ['webgpu', ...(worker ? [] : ['webgl2']), 'webasm']
  return [
    of(/^cpu: total/),
    ...modes.map((mode) => gpu.replace('webasm', mode)),
    of(/^in memory:/),
    of(/^tfjs:/),
  ]
}
