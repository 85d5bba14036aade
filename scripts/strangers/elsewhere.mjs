// Runtimes of others that load what we export. Comes in: built packages. Goes out: checks of decoders in
// transformers.js, which is too large (half a gigabyte) to be installed for a test, and of models of layers
// in a page.
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium, noChromium } from '../chromium.mjs'
import { launchChromium, posted } from '../posted-pages.mjs'
import { node, root } from '../spawn.mjs'
import { served } from './bundles.mjs'
import { execute } from './execute.mjs'
import { everything } from './on-runtimes.mjs'
import { manifestIn, project } from './projects.mjs'
import { Unavailable } from './unavailable.mjs'

const { '@tensorflow/tfjs-core': core = '', '@tensorflow/tfjs-backend-cpu': backend = '' } =
  manifestIn(root).devDependencies ?? {}

/** What loads our decoders, in the versions that were tried. */
const others = {
  '@huggingface/transformers': '4.3.2',
  '@tensorflow/tfjs-backend-cpu': backend,
  '@tensorflow/tfjs-core': core,
}

/** @type {readonly import('./main.mjs').Check[]} */
export const elsewhere = [
  {
    what: 'decoders in transformers.js',
    where: `node ${process.versions.node.split('.')[0]}, this one`,
    run: decoders,
  },
  { what: 'models of layers', where: 'chromium page', run: layers },
]

async function decoders() {
  const ours = ['core', 'cpu', 'export', 'formats', 'models', 'text'].map((name) => `@lotion/${name}`)
  const folder = await project('transformers', ours, others)
  cpSync(join(root, 'scripts/strangers/programs/transformers.mjs'), join(folder, 'transformers.mjs'))
  const env = { ORT_DISABLE_TELEMETRY: '1' }
  const { output } = await execute(node('transformers.mjs', folder), folder, { env })
  // The program that the guide shows, of the folder that it names.
  const page = readFileSync(join(root, 'docs/guide/to-transformers-js.md'), 'utf8')
  const [, code] = /^```js[^\n]*\n([\s\S]*?)^```$/m.exec(page) ?? []
  if (code === undefined) throw new Error('docs/guide/to-transformers-js.md: expected a program, found none')
  writeFileSync(join(folder, 'guide.mjs'), code)
  renameSync(join(folder, 'llama'), join(folder, 'my-model'))
  const { output: text } = await execute(node('guide.mjs'), folder, { env })
  if (!text.startsWith('The weights ')) throw new Error(`the guide's program: expected a text, found ${text}`)
  return `${output.trim().split('\n').at(-1) ?? ''}; the guide's program goes on with a text`
}

async function layers() {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Unavailable('chromium', noChromium)
  const project = await everything()
  const folder = join(project, 'layers')
  mkdirSync(folder)
  await execute(node('bundle.mjs', 'esbuild', 'layers-page.mjs', folder), project)
  await execute(node('layers.mjs', folder), project)
  const browser = await launchChromium(executablePath)
  try {
    const files = (/** @type {string} */ path) => served(folder, path)
    const { error, lines } = await posted(browser, { files, headers: {}, query: {} })
    if (error !== undefined) throw new Error(error)
    const off = lines.filter((/** @type {string} */ line) => !/: 0 of \d{6} weights differ$/.test(line))
    if (off.length > 0 || lines.length !== 4) throw new Error(`expected 0 of each, found ${lines.join('; ')}`)
    return lines.join('; ')
  } finally {
    await browser.close()
  }
}
