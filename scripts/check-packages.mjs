// Check of what npm users would get. Comes in: built packages. Goes out: their manifests held to what they
// share; each one packed, its tarball inspected (files, README, licence) and judged by publint and attw;
// status 1 if one fails. Nothing is left in the tree.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { manifestOf, manifestsOfMembers, problemsOfManifests, publishedMembers } from './manifests.mjs'
import { isOrphan } from './members.mjs'
import { environment, main, node, pnpm, root } from './spawn.mjs'

const publint = 'node_modules/publint/src/cli.js'
const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js'

await main(async () => {
  const wrong = problemsOfManifests(manifestOf('.'), manifestsOfMembers())
  if (wrong.length > 0) console.log(wrong.join('\n'))
  const target = mkdtempSync(join(tmpdir(), 'lotion-pack-'))
  try {
    const packages = publishedMembers().map(([folder]) => folder)
    const failed = packages.filter((folder) => {
      const problems = inspect(folder, target)
      console.log(
        problems.length === 0 ? `${folder} ok` : `${folder}\n${problems.join('\n').replaceAll(/^/gm, '  ')}`,
      )
      return problems.length > 0
    })
    return failed.length === 0 && wrong.length === 0 ? 0 : 1
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
})

/**
 * Pack one package and list what is wrong with it.
 * @param {string} folder @param {string} target where the tarball is written
 * @returns {string[]}
 */
function inspect(folder, target) {
  const packed = execute(pnpm('--dir', folder, 'pack', '--json', '--pack-destination', target))
  if (packed.status !== 0) return [packed.text]
  const tarball = join(target, basename(JSON.parse(packed.text).filename))
  // pnpm's own list omits the LICENSE that it adds.
  const listed = execute({ file: 'tar', args: ['-tzf', tarball] })
  if (listed.status !== 0) return [listed.text]
  const paths = listed.text.split('\n').map((path) => path.replace(/^package\//, ''))
  const lint = execute(node(publint, 'run', tarball, '--strict'))
  const types = execute(node(attw, tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'))
  return [
    ...['README.md', 'LICENSE', 'package.json']
      .filter((name) => !paths.includes(name))
      .map((name) => `${name} is missing`),
    ...paths
      .filter((path) => /\.test\.[jt]s$|tsbuildinfo|^scratch|^tmp-/.test(path))
      .map((path) => `${path} does not belong there`),
    ...paths
      .filter((path) => isOrphan(folder, path))
      .map((path) => `${path} has no source: remove dist and build again`),
    ...missingEntries(folder, paths),
    ...(lint.status === 0 ? [] : [lint.text]),
    ...(types.status === 0 ? [] : [types.text]),
  ]
}

/** @param {string} folder @param {readonly string[]} paths */
function missingEntries(folder, paths) {
  /** @type {{ bin?: Readonly<Record<string, string>> }} */
  const { bin = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  return Object.entries(bin)
    .filter(([, path]) => !paths.includes(path.replace(/^\.\//, '')))
    .map(([name, path]) => `the command ${name} points to ${path}, which is not in the package`)
}

/** @param {import('./spawn.mjs').Command} command @returns {{ status: number | null, text: string }} */
function execute({ file, args }) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: root,
    env: environment(),
    encoding: 'utf8',
  })
  return { status, text: status === 0 ? stdout : (error?.message ?? `${stdout}${stderr}`).trim() }
}
