// What the commands do besides their work. Comes in: built packages; strace where it is installed. Goes out:
// every command run in its smallest form with an empty home, and status 1 if one names a machine, asks a name
// server, connects or listens anywhere but on this machine, or leaves a file outside its own folder. Without
// variables of a CI system: these hide what dependencies do.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main, root } from './spawn.mjs'
import { foreignCalls } from './traced-calls.mjs'

const lotion = [join(root, 'packages/cli/dist/main.js')]
const script = [join(root, 'scripts/run.mjs')]
const quickstart =
  '--steps 2 --dimension 16 --layers 1 --heads 2 --batch 1 --context 16 --methods ptq,lotion --out'.split(' ')
const small = '--dimension 8 --steps 5 --seeds 2 --casts 2 --workers 2'.split(' ')

/**
 * @typedef {object} Case a command, and what it may leave where it stands
 * @property {readonly string[]} args of Node
 * @property {readonly string[]} [leaves]
 * @property {boolean} [local] whether it may look for a socket in the folder of temporary files, as tsx does
 */

/** @type {readonly Case[]} In an order in which each finds what it needs. */
const cases = [
  { args: [...lotion, '--help'] },
  { args: [...script, 'start', ...quickstart, 'WORK/first'], leaves: ['first'] },
  { args: [...lotion, 'quickstart', ...quickstart, 'run'], leaves: ['run'] },
  { args: [...lotion, 'run', 'linear-regression', ...small] },
  { args: [...lotion, 'run', 'two-layer', ...small, '--width', '2'] },
  { args: [...lotion, 'inspect', 'run/model.safetensors', '--json'] },
  {
    args: [...lotion, 'cast', 'run/model.safetensors', 'cast.safetensors', '--format', 'int4'],
    leaves: ['cast.safetensors'],
  },
  {
    args: [...lotion, 'export', 'run', '--to', 'gguf', '--unpacked', '--out', 'run.gguf'],
    leaves: ['run.gguf'],
  },
  { args: [...lotion, 'inspect', 'run.gguf', '--against', 'run'] },
  { args: [...lotion, 'generate', 'run.gguf', '--engine', 'llama.cpp', '--length', '2'] },
  { args: [...lotion, 'new', 'noise', 'my-noise'], leaves: ['my-noise'] },
  { args: [...lotion, 'verify', 'my-noise/src/my-noise.ts'], local: true },
  { args: [...lotion, 'bench', 'engine', '--preset', 'micro', '--rounds', '1'] },
  { args: [...lotion, 'bench', 'kernels', '--weights', '1024', '--rounds', '1', '--ways', 'wasm,js'] },
  { args: [...lotion, 'bench', 'step', '--preset', 'micro', '--rounds', '1'] },
  { args: [...lotion, 'bench', 'matmul', '--preset', 'micro', '--rounds', '1'] },
  { args: [...lotion, 'bench', 'state', '--parameters', '1000000', '--steps', '1'] },
  { args: [...lotion, 'bench', 'repeats', '--widths', '32', '--repeats', '1'] },
  { args: [...script, 'build'] },
  { args: [...script, 'changeset', 'status', '--since', 'HEAD'] },
]

const traced = spawnSync('strace', ['-V'], { encoding: 'utf8' }).status === 0

await main(async () => {
  if (!traced)
    console.log(
      'WARNING: no strace: connections are not looked at, only what is left in the folders for home and temporary files',
    )
  const scratch = mkdtempSync(join(tmpdir(), 'lotion-privacy-'))
  try {
    const folders = ['home', 'tmp', 'work', 'trace'].map((name) => join(scratch, name))
    for (const folder of folders) mkdirSync(folder)
    const [home = '', temporary = '', work = '', trace = ''] = folders
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: temporary,
      // No LOTION_PYTHON: a speed test that is not told --with-torch looks for no PyTorch and fetches none.
    }
    const known = new Set()
    let failed = 0
    // The scripts of the repository run at its top, wherever they are called.
    const chosen = process.argv.slice(2)
    for (const { args: words, leaves = [], local = false } of cases) {
      const args = words.map((word) => word.replace(/^WORK/, work))
      if (chosen.length > 0 && !chosen.some((word) => args.includes(word))) continue
      const name = args.map((word) => word.replace(`${root}/`, '')).join(' ')
      for (const leaf of leaves) known.add(leaf)
      const tracer = [
        '-f',
        '-ff',
        '-qq',
        '-s',
        '200',
        '-e',
        'trace=%network,openat,open,creat',
        '-o',
        join(trace, 'call'),
      ]
      const call = traced ? [...tracer, process.execPath, ...args] : args
      const { status, stderr } = spawnSync(traced ? 'strace' : process.execPath, call, {
        cwd: work,
        env,
        encoding: 'utf8',
      })
      // In the repository: what is built, and the build tool's cache, which the README names.
      const built = ['packages', 'benchmarks', 'node_modules', '.turbo'].map((name) => join(root, name))
      const roots = [work, temporary, home, ...built]
      const faults = [
        ...(status === 0 ? [] : [`status ${status}: ${stderr.trim().split('\n').slice(-3).join(' | ')}`]),
        ...readdirSync(trace).flatMap((one) =>
          foreignCalls(readFileSync(join(trace, one), 'utf8'), { roots, temporary: local ? temporary : '' }),
        ),
        ...filesIn(home).map((path) => `left in the home folder: ${path}`),
        ...filesIn(temporary).map((path) => `left among temporary files: ${path}`),
        ...readdirSync(work)
          .filter((path) => !known.has(path))
          .map((path) => `left where it was started: ${path}`),
      ]
      console.log(
        `${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name}${[...new Set(faults)]
          .slice(0, 12)
          .map((fault) => `\n     ${fault}`)
          .join('')}`,
      )
      if (faults.length > 0) failed++
      for (const folder of [home, temporary, trace])
        for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true })
    }
    console.log(
      `${cases.length} commands, ${failed} failed${traced ? '' : ' (connections were not looked at)'}`,
    )
    return failed === 0 ? 0 : 1
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})

/** @param {string} folder @returns {string[]} what is in it, at any depth; empty folders are nothing */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
}
