// Check of what a plugin's author gets. Comes in: built packages. Goes out: examples/your-own-noise copied out of the
// workspace, core, noise and conformance installed from their tarballs and nothing else of ours, its tests run; their status.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { environment, main, pnpm, root, run } from './spawn.mjs'

const example = join(root, 'examples/your-own-noise')
const ours = ['core', 'noise', 'conformance']

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotion-stranger-'))
  try {
    const tarballs = Object.fromEntries(ours.map((name) => [`@lotion/${name}`, `file:${pack(name, folder)}`]))
    cpSync(join(example, 'src'), join(folder, 'src'), { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest(tarballs), null, 2))
    const options = { cwd: folder, env: environment() }
    const installed = await run(
      { file: 'npm', args: ['install', '--no-audit', '--no-fund', '--ignore-scripts'] },
      options,
    )
    if (installed !== 0) return installed
    const found = readdirSync(join(folder, 'node_modules/@lotion')).toSorted()
    if (found.join() !== ours.toSorted().join())
      throw new Error(`installed @lotion/${found.join(', @lotion/')}, expected only ${ours.join(', ')}`)
    return await run({ file: process.execPath, args: ['node_modules/vitest/vitest.mjs', 'run'] }, options)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/**
 * The example's own manifest with tarballs instead of workspace packages, for their dependencies on each other too.
 * @param {Readonly<Record<string, string>>} tarballs
 */
function manifest(tarballs) {
  const { dependencies, devDependencies, ...rest } = JSON.parse(
    readFileSync(join(example, 'package.json'), 'utf8'),
  )
  return {
    ...rest,
    dependencies: { ...dependencies, ...tarballs },
    devDependencies: { vitest: devDependencies.vitest },
    overrides: Object.fromEntries(Object.keys(tarballs).map((name) => [name, `$${name}`])),
  }
}

/** @param {string} name @param {string} target @returns {string} path of the tarball */
function pack(name, target) {
  const { file, args } = pnpm('--dir', `packages/${name}`, 'pack', '--json', '--pack-destination', target)
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: root,
    env: environment(),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`packing ${name}: ${error?.message ?? `${stdout}${stderr}`.trim()}`)
  return join(target, basename(JSON.parse(stdout).filename))
}
