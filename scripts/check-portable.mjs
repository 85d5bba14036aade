// Check that entries need nothing that a browser has not. Comes in: the built packages, the list of entries
// for Node. Goes out: a line for each entry; status 1 if one outside of the list imports a module of Node,
// something that is not there or a global of Node, or one of the list could leave it.
import { build } from 'esbuild'
import { nodeEntries, publicEntries } from './entries.mjs'
import { othersOutside } from './others-outside.mjs'
import { main, root } from './spawn.mjs'

/** Globals of Node alone. Where code of ours asks first whether there is one, it goes by `globalThis`. */
const globals = [
  'Buffer',
  'process',
  'global',
  'require',
  'module',
  'exports',
  'setImmediate',
  'clearImmediate',
  '__dirname',
  '__filename',
]

await main(async () => {
  const entries = publicEntries().map(({ name }) => name)
  let failed = 0
  for (const name of Object.keys(nodeEntries).filter((name) => !entries.includes(name))) {
    failed++
    console.log(`FAIL ${name}: scripts/entries.mjs lists it for Node, and no package opens it`)
  }
  for (const name of entries) {
    const faults = await faultsOf(name)
    const reason = nodeEntries[name]
    const isRight = (reason === undefined) === (faults.length === 0)
    if (!isRight) failed++
    console.log(`${isRight ? 'ok  ' : 'FAIL'} ${name}: ${told(reason, faults)}`)
  }
  return failed === 0 ? 0 : 1
})

/** @param {string | undefined} reason @param {readonly string[]} faults */
function told(reason, faults) {
  if (reason === undefined) return faults.length === 0 ? 'for browsers' : faults.join('; ')
  if (faults.length > 0) return `for Node: it ${reason}`
  return 'expected something that binds it to Node, found nothing: take it out of scripts/entries.mjs'
}

/** @param {string} name @returns {Promise<readonly string[]>} what keeps an entry out of a browser */
async function faultsOf(name) {
  return [...(await bundled(name)), ...(await globalsIn(name))]
}

/** @param {string} name @returns {Promise<readonly string[]>} what a bundle with everything in it lacks */
async function bundled(name) {
  try {
    await build({ ...options(name), packages: 'bundle' })
    return []
  } catch (error) {
    return messages(error)
  }
}

/** @param {string} name @returns {Promise<readonly string[]>} the globals of Node that code of ours names */
async function globalsIn(name) {
  const marks = Object.fromEntries(globals.map((one) => [one, `NODE_${one}`]))
  const { outputFiles } = await build({
    ...options(name),
    define: marks,
    plugins: [othersOutside()],
  })
  const text = outputFiles.map((file) => file.text).join()
  return globals.filter((one) => text.includes(`NODE_${one}`)).map((one) => `names Node's ${one}`)
}

/** @param {string} name */
function options(name) {
  return /** @type {const} */ ({
    absWorkingDir: root,
    stdin: { contents: `export * from '${name}'`, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  })
}

/** @param {unknown} error @returns {readonly string[]} */
function messages(error) {
  /** @type {unknown} */ const errors =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'errors') : undefined
  if (!Array.isArray(errors)) throw error
  return errors.map(({ text, location }) => `${text} (${location?.file}:${location?.line})`)
}
