// Runs a file of one's own in a clone. Comes in: a path, its arguments. Goes out: the file's output and exit
// status. TypeScript needs no build; imports that the file's own folder does not have, such as
// `@lotion/core`, are found where this repository has them.
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { callersFolder, node, root, run } from './spawn.mjs'

/** The loader of TypeScript. */
const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href

/** The root sees all packages and their peers. */
const lender = pathToFileURL(join(root, 'package.json')).href

// Hooks of Node's loader, as text, for they run in a thread of their own. A file whose package.json states no
// type is CommonJS to Node, where neither our packages nor `await` at the top work: written as a module, it
// is one here.
const hooks = `import { existsSync, readFileSync } from 'node:fs'
const typeOf = (url) => {
  const manifest = new URL('package.json', url)
  if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type
  const above = new URL('..', url)
  return above.href === url.href ? undefined : typeOf(above)
}
const isModule = ({ url, format }) =>
  format === 'commonjs' && /^file:.*[.][jt]sx?$/.test(url) && !url.includes('/node_modules/') &&
  /^\\s*(import|export)\\b/m.test(readFileSync(new URL(url), 'utf8')) && typeOf(new URL('.', url)) === undefined
export async function resolve(specifier, context, next) {
  try {
    const found = await next(specifier, context)
    return isModule(found) ? { ...found, format: 'module' } : found
  } catch (error) {
    if (/^[./]|^[a-z]+:/.test(specifier)) throw error
    return next(specifier, { ...context, parentURL: ${JSON.stringify(lender)} }).catch(() => { throw error })
  }
}`
const lend = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))})`

/** @param {string} text @returns {string} */
function dataUrl(text) {
  return `data:text/javascript,${encodeURIComponent(text)}`
}

/**
 * Run a file where the reader stands.
 * @param {readonly string[]} args @returns {Promise<number>} exit status
 */
export function tryFile([path, ...args]) {
  const cwd = callersFolder()
  if (path === undefined)
    throw new Error('try: expected a file to run, found none: npm run -s try my-file.ts')
  const file = resolve(cwd, path)
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Error(`try: expected a file, found none at '${path}'`)
  return run(node('--import', tsx, '--import', dataUrl(lend), file, ...args), { cwd })
}
