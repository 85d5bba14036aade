// Check of what a stranger gets. Comes in: built packages. Goes out: three folders outside the workspace, our packages in them from
// tarballs: formats with core and nothing else; examples/your-own-noise and the folder of `lotion new noise`, their tests run.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { environment, main, node, pnpm, root, run } from './spawn.mjs'

const example = join(root, 'examples/your-own-noise')

/** @typedef {Readonly<Record<string, string>>} Tarballs names of packages → `file:` addresses */
/** @typedef {Record<string, string> & { vitest: string }} TestTools */
/** @typedef {{ dependencies: Record<string, string>, devDependencies: TestTools }} Manifest */

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotion-stranger-'))
  try {
    const [core, formats, noise, conformance] = ['core', 'formats', 'noise', 'conformance'].map((name) =>
      pack(name, folder),
    )
    const plugin = { ...core, ...noise, ...conformance }
    return (
      (await alone(join(folder, 'formats'), { ...core, ...formats })) ||
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
 * Install from tarballs in place of released packages, for their dependencies on each other too, and nothing else of ours.
 * @param {string} folder @param {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string> }} manifest @param {Tarballs} tarballs
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
