// Layer rules of the repository. Comes in: the packages' manifests and source texts. Goes out: violations,
// each with file and line. Pure: reads nothing itself, so that it can be tested.
// Source: docs/design/01-architecture.md.
import ts from 'typescript'

/** @typedef {{ readonly file: string, readonly line: number, readonly message: string }} Violation */
/** @typedef {{ readonly path: string, readonly text: string }} SourceText */
/**
 * @typedef {object} Member A package or an example.
 * @property {string} folder `packages/core`
 * @property {string} name `@lotion/core`
 * @property {readonly string[]} runtime names in dependencies and peerDependencies
 * @property {readonly string[]} development names in devDependencies
 * @property {readonly string[]} exported subpaths that its `exports` opens: `.`, `./package.json`
 * @property {readonly SourceText[]} sources
 */

/**
 * Which workspace packages each package may import, in the order in which data flows. The declared
 * dependencies must lie within it. Tests may also import their own devDependencies.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const layers = {
  core: [],
  'test-kit': ['core'],
  formats: ['core'],
  noise: ['core'],
  fisher: ['core'],
  optim: ['core', 'formats', 'noise', 'fisher'],
  cpu: ['core'],
  gpu: ['core'],
  tfjs: ['core', 'formats', 'optim', 'cpu'],
  models: ['core'],
  text: ['core'],
  onnx: ['core', 'formats', 'tfjs'],
  checkpoints: ['core', 'formats', 'noise', 'optim', 'cpu'],
  export: ['core', 'formats', 'text', 'checkpoints'],
  language: ['core', 'formats', 'optim', 'cpu', 'models', 'text', 'onnx', 'checkpoints', 'export'],
  conformance: ['core', 'formats', 'noise', 'optim'],
  matrix: ['core', 'formats', 'noise', 'fisher', 'optim', 'cpu', 'gpu', 'tfjs', 'conformance'],
  cli: ['core', 'formats', 'noise', 'fisher', 'optim', 'cpu', 'checkpoints', 'conformance'],
  bench: [
    'core',
    'formats',
    'noise',
    'fisher',
    'optim',
    'cpu',
    'tfjs',
    'models',
    'text',
    'onnx',
    'checkpoints',
    'export',
    'language',
    'cli',
  ],
  benchmarks: [
    'core',
    'formats',
    'fisher',
    'optim',
    'cpu',
    'gpu',
    'tfjs',
    'models',
    'onnx',
    'checkpoints',
    'cli',
    'test-kit',
  ],
}

/** Longest file that one concept needs, in lines. */
export const longestFile = 300

const scope = '@lotion/'
const isPackage = (/** @type {string} */ folder) => !folder.startsWith('examples/')
const isTest = (/** @type {string} */ path) => /\.test\.m?[jt]s$/.test(path)

/**
 * List what breaks the rules: undeclared imports, imports against the layers, deep or relative imports of
 * another package, files that are too long.
 * @param {readonly Member[]} members
 * @returns {readonly Violation[]}
 */
export function checkLayers(members) {
  /** @type {Violation[]} */ const errors = []
  const exported = new Map(members.map((member) => [member.name, member.exported]))
  for (const member of members) {
    errors.push(...checkManifest(member))
    for (const source of member.sources) {
      const lines = source.text.split('\n').length - (source.text.endsWith('\n') ? 1 : 0)
      if (lines > longestFile && isPackage(member.folder)) {
        const message = `${lines} lines, expected at most ${longestFile}: split it by concept`
        errors.push({ file: source.path, line: longestFile + 1, message })
      }
      for (const found of importsOf(source)) {
        const message = judge(member, source.path, found.specifier, exported)
        if (message) errors.push({ file: source.path, line: found.line, message })
      }
    }
  }
  return errors
}

/**
 * List what readers would copy of what is not for them: `@lotion/…/internal` in an example, a template or the
 * code of a page.
 * @param {readonly SourceText[]} sources
 * @returns {readonly Violation[]}
 */
export function checkInternal(sources) {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(/(['"])(@lotion\/[\w-]+\/internal)\1/g)].map(({ 2: name, index }) => ({
      file: path,
      line: text.slice(0, index).split('\n').length,
      message: `'${name}' is for the packages of this repository alone: take what the package itself exports`,
    })),
  )
}

/** @param {Member} member @returns {Violation[]} */
function checkManifest({ folder, name, runtime }) {
  if (!isPackage(folder)) return []
  const file = `${folder}/package.json`
  const allowed = layers[name.slice(scope.length)]
  if (!allowed)
    return [{ file, line: 1, message: `${name} has no layer: add it to the table in scripts/layers.mjs` }]
  return runtime
    .filter((other) => other.startsWith(scope) && !allowed.includes(other.slice(scope.length)))
    .map((other) => ({ file, line: 1, message: `${name} may not depend on ${other} (scripts/layers.mjs)` }))
}

/**
 * @param {Member} member @param {string} path @param {string} specifier
 * @param {ReadonlyMap<string, readonly string[]>} exported
 * @returns {string | undefined} what is wrong with this import
 */
function judge(member, path, specifier, exported) {
  if (specifier.startsWith('node:')) {
    return undefined
  }
  if (specifier.startsWith('.')) {
    const target = new URL(specifier, `file:///${path}`).pathname.slice(1)
    return target.startsWith(`${member.folder}/`)
      ? undefined
      : `'${specifier}' leaves the package: import it by its name`
  }
  // A file of the package's own, by condition: the compiler finds it in `imports` of the manifest, or fails.
  if (specifier.startsWith('#')) return undefined
  const parts = specifier.split('/')
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const subpath = ['.', ...parts.slice(name.split('/').length)].join('/')
  const open = exported.get(name)
  if (open && !open.includes(subpath)) return `'${specifier}' is private: ${name} exports ${open.join(', ')}`
  if (name === member.name || member.runtime.includes(name)) return undefined
  const tooling = isTest(path) || !isPackage(member.folder)
  if (tooling && (member.development.includes(name) || ['vitest', 'fast-check'].includes(name)))
    return undefined
  return `'${specifier}' is not among the ${tooling ? '' : 'runtime '}dependencies of ${member.name}`
}

/**
 * List every static, dynamic, type-only and re-exporting import with its line, counted from 1.
 * @param {SourceText} source
 * @returns {{ specifier: string, line: number }[]}
 */
export function importsOf({ text }) {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    line: text.slice(0, pos).split('\n').length,
  }))
}
