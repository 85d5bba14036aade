// The matrix in a real browser: pages and workers, isolated or not, under strict policies. Comes in: `--all`
// for every function everywhere, parts of the names of places. Goes out: a table; status 1 if a bit is off or
// an executor ran elsewhere than expected. Needs Chromium (CHROMIUM, or Debian's /usr/bin/chromium); WebGPU
// runs on its SwiftShader where there is no GPU.
import { build } from 'esbuild'
import { findChromium, withoutChromium } from './chromium.mjs'
import { isolatingHeaders, launchChromium, posted } from './posted-pages.mjs'
import { main, root } from './spawn.mjs'

/**
 * @typedef {object} Place Where the matrix runs.
 * @property {string} name
 * @property {boolean} [worker] in a worker of the page
 * @property {boolean} [isolated] cross-origin isolated: shared memory
 * @property {string} [policy] content security policy
 * @property {'all' | 'some'} [amount]
 * @property {boolean} [withoutWasm] on `wasm: false` too
 * @property {boolean} [devices] on tfjs's webgpu and webgl instead
 * @property {boolean} [threads] other threads have to take part
 * @property {RegExp} ran where the executor must have run
 */

/** @type {readonly Place[]} */
const places = [
  { name: 'page', amount: 'all', ran: /^wasm, 1 thread; no shared memory/ },
  { name: 'page, isolated', isolated: true, threads: true, withoutWasm: true, ran: /^wasm/ },
  { name: 'worker', worker: true, ran: /^wasm, 1 thread; no shared memory/ },
  { name: 'worker, isolated', worker: true, isolated: true, threads: true, ran: /^wasm/ },
  {
    name: 'page, isolated, no workers from blobs',
    isolated: true,
    policy: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    ran: /^wasm, 1 thread(; a thread could not be had: .*'worker-src blob:'|$)/,
  },
  {
    name: "page, script-src 'wasm-unsafe-eval'",
    policy: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    withoutWasm: true,
    ran: /^wasm/,
  },
  { name: "page, script-src 'self'", policy: "default-src 'self'", ran: /^interpreter/ },
  { name: 'page, graphics', devices: true, ran: /^webgpu/ },
]

/** A page's program: run, and post the result to the server; no policy forbids that. */
const page = `
import { browserMatrix, browserPlace } from './matrix.js'
const place = new URL(location.href).searchParams
const post = (value) => fetch('/result', { method: 'POST', body: JSON.stringify(value) })
const message = (error) => ({ error: String(error?.stack ?? error) })
const results = async () => place.get('devices') === 'true'
  ? (await import('./devices.js')).deviceMatrix()
  : browserMatrix(place.get('amount'), place.get('withoutWasm') === 'true')
const run = async () => ({ place: await browserPlace(), results: await results() })
if (place.get('worker') === 'true' && typeof document === 'object') {
  const worker = new Worker('./page.js' + location.search, { type: 'module' })
  worker.onerror = ({ message: text }) => post({ error: 'worker: ' + text })
} else run().catch(message).then(post)
`

await main(async () => {
  const executablePath = findChromium()
  if (executablePath === undefined) return withoutChromium()
  const given = process.argv.slice(2)
  const parts = given.filter((argument) => !argument.startsWith('-'))
  const chosen = places.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)))
  const bundles = { matrix: await bundled('browser-matrix'), devices: await bundled('browser-devices') }
  const browser = await launchChromium(executablePath)
  let failed = 0
  try {
    console.log(`${executablePath}: ${browser.version()}`)
    for (const place of chosen) {
      const amount = given.includes('--all') ? 'all' : (place.amount ?? 'some')
      const outcome = await runIn(browser, bundles, { ...place, amount })
      failed += report(place, outcome)
    }
  } finally {
    await browser.close()
  }
  return failed === 0 ? 0 : 1
})

/** The matrix as one module, from what users would get. @param {string} entry */
async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [`${root}/packages/matrix/dist/${entry}.js`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}

/**
 * Serve the place, open it, and wait for what it posts.
 * @param {import('playwright-core').Browser} browser @param {{ matrix: string, devices: string }} bundles
 * @param {Place} place
 * @returns {Promise<any>}
 */
async function runIn(browser, bundles, place) {
  const { worker = false, devices = false, isolated = false, policy, amount, withoutWasm = false } = place
  const headers = {
    ...(isolated ? isolatingHeaders : {}),
    ...(policy === undefined ? {} : { 'Content-Security-Policy': policy }),
  }
  /** @type {Readonly<Record<string, readonly [type: string, text: string]>>} */
  const files = {
    '/': ['text/html', '<!doctype html><title>matrix</title><script type="module" src="page.js"></script>'],
    '/page.js': ['text/javascript', page],
    '/matrix.js': ['text/javascript', bundles.matrix],
    '/devices.js': ['text/javascript', bundles.devices],
  }
  const query = {
    worker: String(worker),
    amount: String(amount),
    withoutWasm: String(withoutWasm),
    devices: String(devices),
  }
  return posted(browser, { files: (path) => files[path], headers, query })
}

/**
 * Print one place. @param {Place} place @param {any} outcome
 * @returns {number} how much is wrong
 */
function report({ name, ran, threads = false }, outcome) {
  if (outcome.error !== undefined) {
    console.log(`\n${name}\n  FAIL ${outcome.error}`)
    return 1
  }
  const { isolated, processors, adapter } = outcome.place
  console.log(
    `\n${name} (${isolated ? 'isolated' : 'not isolated'}, ${processors} processors, WebGPU adapter: ${adapter})`,
  )
  let failed = 0
  if (threads && !outcome.results.some((/** @type {any} */ { executor }) => executor.includes('2 threads'))) {
    console.log('  FAIL no other threads')
    failed++
  }
  for (const [i, result] of outcome.results.entries()) {
    const expected = i > 0 || ran.test(result.ran)
    const alone = result.executor.includes('2 threads') && result.elsewhere === 0
    const fine = expected && !alone && result.off.length === 0
    if (!fine) failed++
    console.log(
      `  ${fine ? 'ok  ' : 'FAIL'} ${result.executor}: ${result.functions} functions, ${(result.values / 1e6).toFixed(2)} M numbers, ` +
        `${result.worst} ulp, ${result.seconds.toFixed(1)} s\n       ran: ${result.ran}` +
        (result.elsewhere > 0 ? `; ${result.elsewhere} pieces of work on other threads` : ''),
    )
    if (alone) console.log('       expected work on other threads')
    if (!expected) console.log(`       expected ${ran}`)
    for (const line of result.off.slice(0, 8)) console.log(`       OFF ${line}`)
  }
  return failed
}
