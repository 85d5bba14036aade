// Packages on runtimes. Comes in: built packages. Goes out: checks of every package alone and of all
// together; what a runtime prints is held to what the first one printed.
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { node, root } from '../spawn.mjs'
import { execute } from './execute.mjs'
import { flags, manifestIn, npm, project, published } from './projects.mjs'
import { obtained, runtimes } from './runtimes.mjs'

/** @typedef {import('./main.mjs').Check} Check */

/** Programs that are copied into projects. */
const programs = join(root, 'scripts/strangers/programs')

/**
 * What programs import of others, in the versions that are tested here; and the tools that they are built
 * by.
 */
const { '@tensorflow/tfjs': tfjs = '', 'onnxruntime-node': onnxruntime = '' } =
  manifestIn(root).devDependencies ?? {}
const others = {
  '@tensorflow/tfjs': tfjs,
  'onnxruntime-node': onnxruntime,
  '@rollup/plugin-commonjs': '^29.0.3',
  '@rollup/plugin-node-resolve': '^16.0.3',
  '@types/node': '^20.19.43',
  esbuild: '^0.28.2',
  rollup: '^4.68.8',
  typescript: '^5.9.3',
  vite: '^8.4.0',
  webpack: '^5.113.0',
}

/** @type {Map<string, string>} what the first runtime printed, by program */
const printed = new Map()

/** @type {readonly Check[]} */
export const onRuntimes = [
  ...[...published.keys()].flatMap((name) =>
    runtimes.map((runtime) => check(`${name} alone`, runtime, () => alone(name, runtime))),
  ),
  ...runtimes.map((runtime) => check('all together', runtime, () => together(runtime))),
  ...runtimes.map((runtime) => check('processes of lotion run', runtime, () => processes(runtime))),
]

/** @param {string} what @param {import('./runtimes.mjs').Runtime} runtime @param {Check['run']} run */
function check(what, { name }, run) {
  return { what, where: name, run }
}

/**
 * A package in a project of its own: its entries, and something that it is for.
 * @param {string} name @param {import('./runtimes.mjs').Runtime} runtime
 */
async function alone(name, runtime) {
  const at = await obtained(runtime)
  const short = name.slice('@lotion/'.length)
  const folder = await project(`alone-${short}`, [name])
  await besides(name, folder)
  for (const file of ['entries.mjs', 'alone.mjs']) cpSync(join(programs, file), join(folder, file))
  await execute(at('entries.mjs', name), folder)
  return same(name, await execute(at('alone.mjs', short), folder))
}

/** @type {Map<string, Promise<unknown>>} */
const added = new Map()

/**
 * Add the backend of tfjs that its program runs on, which users of these choose themselves.
 * @param {string} name @param {string} folder of its project
 */
function besides(name, folder) {
  if (name !== '@lotion/tfjs' && name !== '@lotion/models') return undefined
  const backend = `@tensorflow/tfjs-backend-cpu@${tfjs}`
  const made = added.get(name) ?? npm(folder, 'install', ...flags, '--no-save', backend)
  added.set(name, made)
  return made
}

/** @param {import('./runtimes.mjs').Runtime} runtime */
async function together(runtime) {
  const at = await obtained(runtime)
  return same('together', await execute(at('together.mjs'), await everything()))
}

/**
 * A comparison on two processes, which the command starts by the runtime that it runs on.
 * @param {import('./runtimes.mjs').Runtime} runtime
 */
async function processes(runtime) {
  const at = await obtained(runtime)
  const line =
    'run linear-regression --dimension 16 --steps 50 --seeds 2 --methods ptq,lotion --workers 2 --json'
  const command = at('node_modules/@lotion/cli/dist/main.js', ...line.split(' '))
  same('processes', await execute(command, await everything()))
  return 'two processes'
}

/** @returns {Promise<readonly string[]>} what the program of all packages prints on this very Node */
export async function linesOfNode() {
  const known = printed.get('together') ?? (await execute(node('together.mjs'), await everything())).output
  printed.set('together', known)
  return known.trim().split('\n')
}

/** @type {Promise<string> | undefined} */
let all

/** @returns {Promise<string>} a project with all packages and the programs that are for it, made once */
export function everything() {
  all ??= project('together', [...published.keys()], others).then((folder) => {
    for (const file of readdirSync(programs)) cpSync(join(programs, file), join(folder, file))
    return folder
  })
  return all
}

/**
 * @param {string} program @param {{ output: string }} outcome
 * @returns {string} the last line, the same everywhere
 */
function same(program, { output }) {
  const known = printed.get(program) ?? output
  printed.set(program, known)
  if (output !== known) throw new Error(`expected as on the first runtime\n${known}\nfound\n${output}`)
  return output.trim().split('\n').at(-1) ?? ''
}
