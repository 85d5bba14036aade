// Check of what a stranger gets. Comes in: built packages. Goes out: folders outside the workspace, our
// packages in them from tarballs: formats with core and nothing else; the command, how much it installs, what
// it does and what it says of what is not there; examples/your-own-noise and the folder of
// `lotion new noise`, their tests run.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { environment, main, node, pnpm, root, run } from './spawn.mjs'

const example = join(root, 'examples/your-own-noise')
/** Most bytes of files that the command may bring. */
const mostBytes = 15e6

/** @typedef {Readonly<Record<string, string>>} Tarballs names of packages → `file:` addresses */
/** @typedef {Record<string, string> & { vitest: string }} TestTools */
/** @typedef {{ dependencies: Record<string, string>, devDependencies: TestTools }} Manifest */

/** @type {Map<string, Tarballs>} */
const packed = new Map()

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotion-stranger-'))
  try {
    const formats = withNeeds('formats', folder)
    const plugin = { ...withNeeds('noise', folder), ...withNeeds('conformance', folder) }
    return (
      (await alone(join(folder, 'formats'), formats)) ||
      (await command(join(folder, 'command'), withNeeds('cli', folder))) ||
      (await copied(join(folder, 'example'), plugin)) ||
      (await made(join(folder, 'my-noise'), plugin))
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/**
 * Packages in an empty project: they bring nothing along.
 * @param {string} folder @param {Tarballs} tarballs
 */
async function alone(folder, tarballs) {
  mkdirSync(folder)
  const status = await install(folder, { dependencies: tarballs }, tarballs)
  if (status !== 0) return status
  const others = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
  if (others.join() !== '@lotion')
    throw new Error(`@lotion/formats: expected no package of others, found ${others.join(', ')}`)
  const program =
    "import('@lotion/formats').then(({ formatByName }) => console.log(formatByName('nvfp4').name))"
  return run(node('--input-type=module', '-e', program), { cwd: folder })
}

/**
 * The command alone: what it installs, that it casts, makes and verifies, and that it says what other
 * commands need.
 * @param {string} folder @param {Tarballs} tarballs
 */
async function command(folder, tarballs) {
  mkdirSync(folder)
  const status = await install(folder, { dependencies: tarballs }, tarballs)
  if (status !== 0) return status
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
  console.log(`@lotion/cli and all it needs: ${(bytes / 1e6).toFixed(1)} MB of node_modules`)
  if (bytes > mostBytes) throw new Error(`@lotion/cli: expected at most ${mostBytes} bytes, found ${bytes}`)
  const program = `import { writeSafetensors } from '@lotion/checkpoints'
    const data = Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i))
    await writeSafetensors('in.safetensors', { 'a.weight': { data, shape: [64, 64] } })`
  const written = await run(node('--input-type=module', '-e', program), { cwd: folder })
  if (written !== 0) return written
  const typed = Reflect.get(process.features, 'typescript') !== undefined
  expectLotion(
    folder,
    'cast in.safetensors out.safetensors --format nvfp4',
    0,
    '1 of 1 tensors (4096 weights) cast to nvfp4',
  )
  expectLotion(folder, 'inspect out.safetensors', 0, '100 %')
  expectLotion(folder, '--help', 0, 'Not here: quickstart, run (@lotion/bench: npm install @lotion/bench)')
  expectLotion(folder, 'quickstart --steps 10', 2, 'which is not installed: npm install @lotion/bench')
  expectLotion(folder, 'bench engine', 2, "in a clone of LOTION's repository")
  expectLotion(folder, 'env', 0, 'onnxruntime-node not installed')
  expectLotion(folder, 'new noise my-noise', 0, 'next: lotion verify my-noise/src/my-noise.ts')
  const verify = 'verify my-noise/src/my-noise.ts'
  if (typed) expectLotion(folder, verify, 0, '0 violated')
  else expectLotion(folder, verify, 2, 'npm install tsx')
  const { tsx = '' } = manifestIn(root).devDependencies
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', `tsx@${tsx}`]
  const added = await run({ file: 'npm', args }, { cwd: folder })
  if (added === 0) expectLotion(folder, verify, 0, '0 violated')
  return added
}

/** @param {string} folder @param {string} line @param {number} status @param {string} text */
function expectLotion(folder, line, status, text) {
  const { file, args } = node('node_modules/@lotion/cli/dist/main.js', ...line.split(' '))
  // Not a script of the repository, whose users type another line.
  const stranger = { ...environment(), LOTION_PARENT: undefined }
  const outcome = spawnSync(file, args, { cwd: folder, env: stranger, encoding: 'utf8' })
  const said = `${outcome.stdout}${outcome.stderr}`
  // Columns are as wide as their widest word, which another environment may change.
  if (outcome.status !== status || !said.replaceAll(/ +/g, ' ').includes(text))
    throw new Error(
      `lotion ${line}: expected status ${status} and '${text}', found ${outcome.status} and\n${said}`,
    )
  console.log(`lotion ${line}: ${text}`)
}

/** @param {string} folder @returns {number} bytes of the files below */
function bytesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => lstatSync(join(folder, String(name))))
    .reduce((sum, info) => sum + (info.isFile() ? info.size : 0), 0)
}

/**
 * The example, copied out of the workspace.
 * @param {string} folder @param {Tarballs} tarballs
 */
async function copied(folder, tarballs) {
  for (const part of ['src', 'README.md'])
    cpSync(join(example, part), join(folder, part), { recursive: true })
  const { dependencies, devDependencies, ...rest } = manifestIn(example)
  const { vitest } = devDependencies
  return (
    (await install(folder, { ...rest, dependencies, devDependencies: { vitest } }, tarballs)) || test(folder)
  )
}

/**
 * The folder that `lotion new noise` makes.
 * @param {string} folder @param {Tarballs} tarballs
 */
async function made(folder, tarballs) {
  const status = await run(node('packages/cli/dist/main.js', 'new', 'noise', 'my-noise', folder))
  return status || (await install(folder, manifestIn(folder), tarballs)) || test(folder)
}

/**
 * Install from tarballs in place of released packages, for their dependencies on each other too, and nothing
 * else of ours.
 * @param {string} folder @param {{ dependencies?: Record<string, string>, devDependencies?: Record<string,
 * string> }} manifest @param {Tarballs} tarballs
 */
async function install(folder, { devDependencies = {}, dependencies = {}, ...rest }, tarballs) {
  const foreign = Object.entries(devDependencies).filter(([name]) => !name.startsWith('@lotion/'))
  const changed = {
    ...rest,
    dependencies: { ...dependencies, ...tarballs },
    devDependencies: Object.fromEntries(foreign),
    overrides: Object.fromEntries(Object.keys(tarballs).map((name) => [name, `$${name}`])),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(changed, null, 2))
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']
  const status = await run({ file: 'npm', args }, { cwd: folder })
  if (status !== 0) return status
  const found = readdirSync(join(folder, 'node_modules/@lotion')).map((name) => `@lotion/${name}`)
  const expected = Object.keys(tarballs).toSorted()
  if (found.toSorted().join() !== expected.join())
    throw new Error(`installed ${found.join(', ')}, expected only ${expected.join(', ')}`)
  return 0
}

/** @param {string} folder */
function test(folder) {
  return run({ file: 'npm', args: ['test'] }, { cwd: folder })
}

/** @param {string} folder @returns {Manifest} */
function manifestIn(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/**
 * Pack a package, once, and all of ours that its manifest asks for.
 * @param {string} name @param {string} target @returns {Tarballs}
 */
function withNeeds(name, target) {
  const own = packed.get(name) ?? pack(name, target)
  packed.set(name, own)
  /** @type {{ dependencies?: Record<string, string> }} */ const manifest = manifestIn(
    join(root, 'packages', name),
  )
  const needs = Object.keys(manifest.dependencies ?? {}).filter((other) => other.startsWith('@lotion/'))
  return Object.assign({}, own, ...needs.map((other) => withNeeds(other.slice('@lotion/'.length), target)))
}

/** @param {string} name @param {string} target @returns {Tarballs} */
function pack(name, target) {
  const { file, args } = pnpm('--dir', `packages/${name}`, 'pack', '--json', '--pack-destination', target)
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: root,
    env: environment(),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`packing ${name}: ${error?.message ?? `${stdout}${stderr}`.trim()}`)
  return { [`@lotion/${name}`]: `file:${join(target, basename(JSON.parse(stdout).filename))}` }
}
