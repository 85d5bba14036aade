// Folders of strangers. Comes in: built packages. Goes out: checks of what two packages bring along:
// formats with core and nothing else; the command, how much it installs, what it does and what it says of
// what is not there; and of folders that people start from: an example, what `lotion new` makes.
import { cpSync, existsSync, lstatSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node, root } from '../spawn.mjs'
import { execute } from './execute.mjs'
import { flags, install, manifestIn, newFolder, npm, project, seeOurs } from './projects.mjs'

const example = join(root, 'examples/your-own-noise')
/** Most bytes of files that the command may bring. */
const mostBytes = 15e6
const where = `node ${process.versions.node.split('.')[0]}, this one`

/** @type {readonly import('./main.mjs').Check[]} */
export const folders = [
  { what: 'formats bring nothing', where, run: formats },
  { what: 'the command', where, run: command },
  { what: 'examples/your-own-noise', where, run: copied },
  { what: 'lotion new noise', where, run: made },
  { what: 'lotion new project', where, run: started },
]

async function formats() {
  const folder = await project('alone-formats', ['@lotion/formats'])
  const others = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
  if (others.join() !== '@lotion')
    throw new Error(`@lotion/formats: expected no package of others, found ${others.join(', ')}`)
  return 'no package of others'
}

/**
 * The command alone: what it installs, that it casts, makes and verifies, what it says of what others
 * bring.
 */
async function command() {
  const folder = await project('alone-cli', ['@lotion/cli'])
  const modules = join(folder, 'node_modules')
  const heavy = [
    '@tensorflow',
    'onnxruntime-node',
    'onnxruntime-common',
    'esbuild',
    'tsx',
    'gpu.js',
    'webgpu',
  ]
  const found = heavy.filter((name) => readdirSync(modules).includes(name))
  if (found.length > 0)
    throw new Error(`@lotion/cli: expected none of ${heavy.join(', ')}, found ${found.join(', ')}`)
  const bytes = bytesIn(modules)
  if (bytes > mostBytes) throw new Error(`@lotion/cli: expected at most ${mostBytes} bytes, found ${bytes}`)
  const program = `import { writeSafetensors } from '@lotion/checkpoints'
    const data = Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i))
    await writeSafetensors('in.safetensors', { 'a.weight': { data, shape: [64, 64] } })`
  writeFileSync(join(folder, 'write.mjs'), program)
  await execute(node('write.mjs'), folder)
  const cast = 'cast in.safetensors out.safetensors --format nvfp4'
  await lotion(folder, cast, 0, '1 of 1 tensors (4096 weights) cast to nvfp4')
  await lotion(folder, 'inspect out.safetensors', 0, '100 %')
  const absent =
    'quickstart, train, run, resume, eval, generate, chat, export, runs, show, compare, report, watch, metrics'
  await lotion(folder, '--help', 0, `Not here: ${absent} (@lotion/bench: npm install @lotion/bench)`)
  await lotion(folder, 'quickstart --steps 10', 2, 'which is not installed: npm install @lotion/bench')
  await lotion(folder, 'bench engine', 2, "in a clone of LOTION's repository")
  await lotion(folder, 'env', 0, 'onnxruntime-node not installed')
  await lotion(folder, 'new noise my-noise', 0, 'next: npx @lotion/cli verify my-noise/src/my-noise.ts')
  const verify = 'verify my-noise/src/my-noise.ts'
  const typed = Reflect.get(process.features, 'typescript') !== undefined
  await (typed ? lotion(folder, verify, 0, '0 violated') : lotion(folder, verify, 2, 'npm install tsx'))
  const { tsx = '' } = manifestIn(root).devDependencies ?? {}
  await npm(folder, 'install', ...flags, `tsx@${tsx}`)
  await lotion(folder, verify, 0, '0 violated')
  return `${(bytes / 1e6).toFixed(1)} MB of node_modules`
}

/**
 * The folder that `lotion new project` makes, from an empty one: the command is fetched, the project
 * installed, run, checked, tested; how long a first run takes.
 */
async function started() {
  const folder = newFolder('first project')
  const start = performance.now()
  // A cache of its own: npm keeps what it has once executed, and would run the command of an earlier day.
  const cache = ['--cache', newFolder('cache of npm exec')]
  const exec = ['exec', '--yes', ...cache, ...flags, '--package', '@lotion/cli', '--']
  await npm(folder, ...exec, 'lotion', 'new', 'project', '.')
  await npm(folder, 'install', ...flags)
  const { output } = await npm(folder, 'start')
  const seconds = (performance.now() - start) / 1000
  seeOurs(folder)
  const [ptq = NaN, lotion = NaN] = ['ptq', 'lotion'].map((name) =>
    Number(new RegExp(`^${name} .* ([\\d.]+)$`, 'm').exec(output)?.[1]),
  )
  if (!(lotion < ptq) || !existsSync(join(folder, 'model.safetensors')))
    throw new Error(`npm start: expected LOTION below PTQ and a file of weights, found\n${output}`)
  await npm(folder, 'run', 'types')
  return `INT3 ${lotion} against ${ptq} of PTQ after ${seconds.toFixed(0)} s; ${await test(folder)}`
}

/** @param {string} folder @param {string} line @param {number} status @param {string} text that it says */
async function lotion(folder, line, status, text) {
  const command = node('node_modules/@lotion/cli/dist/main.js', ...line.split(' '))
  const { text: said } = await execute(command, folder, { status, env: { npm_command: 'exec' } })
  // Columns are as wide as their widest word, which another environment may change.
  if (!said.replaceAll(/ +/g, ' ').includes(text))
    throw new Error(`lotion ${line}: expected '${text}', found\n${said}`)
}

/** @param {string} folder @returns {number} bytes of the files below */
function bytesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => lstatSync(join(folder, String(name))))
    .reduce((sum, info) => sum + (info.isFile() ? info.size : 0), 0)
}

/** The example, copied out of the workspace. */
async function copied() {
  const folder = newFolder('example')
  for (const part of ['src', 'README.md'])
    cpSync(join(example, part), join(folder, part), { recursive: true })
  const manifest = manifestIn(example)
  const { vitest = '' } = manifest.devDependencies ?? {}
  await install(folder, { ...manifest, devDependencies: { vitest } }, ['@lotion/conformance'])
  return test(folder)
}

/** The folder that `lotion new noise` makes. */
async function made() {
  const parent = newFolder('new-noise')
  const command = join(await project('alone-cli', ['@lotion/cli']), 'node_modules/@lotion/cli/dist/main.js')
  await execute(node(command, 'new', 'noise', 'my-noise'), parent)
  const folder = join(parent, 'my-noise')
  await npm(folder, 'install', ...flags)
  seeOurs(folder)
  return test(folder)
}

/**
 * @param {string} folder
 * @returns {Promise<string>} how many tests passed; an error if one fails or none runs
 */
async function test(folder) {
  const { text } = await npm(folder, 'test')
  const passed = /Tests +(\d+ passed)/.exec(text)?.[1]
  if (passed === undefined) throw new Error(`npm test: expected tests that passed, found\n${text}`)
  return passed
}
