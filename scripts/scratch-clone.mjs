// Clones in temporary folders, in which releases are tried. Comes in: the repository. Goes out: a clone of
// HEAD alone, or of the working tree as it is, with what was built; versions raised as a release would do it.
// Nothing is changed in the user's own tree.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memberFolders } from './members.mjs'
import { environment, node, root } from './spawn.mjs'

/** Name the scope that the packages share. */
export const scope = '@lotion'

/**
 * Make a temporary folder for the time of a task.
 * @template T
 * @param {(folder: string) => Promise<T>} body @returns {Promise<T>}
 */
export async function withFolder(body) {
  const folder = mkdtempSync(join(tmpdir(), 'lotion-scratch-'))
  try {
    return await body(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Clone HEAD as it was committed: nothing is installed or built there.
 * @param {string} target a folder that does not exist yet
 */
export function cloneOfHead(target) {
  execute({ file: 'git', args: ['clone', '--quiet', '--no-hardlinks', root, target] }, root)
}

/**
 * Clone, then overlay what differs in the working tree, with what is installed and built.
 * @param {string} target a folder that does not exist yet
 */
export function cloneOfTree(target) {
  cloneOfHead(target)
  const list = (/** @type {string[]} */ ...flags) =>
    execute({ file: 'git', args: ['ls-files', '-z', ...flags] }, root)
      .split('\0')
      .filter(Boolean)
  for (const path of list('--cached', '--others', '--exclude-standard')) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(target, path))
    else rmSync(join(target, path), { force: true })
  }
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'), 'junction')
  for (const folder of memberFolders())
    for (const part of ['node_modules', 'dist'].filter((name) => existsSync(join(root, folder, name))))
      cpSync(join(root, folder, part), join(target, folder, part), {
        recursive: true,
        verbatimSymlinks: true,
      })
}

/**
 * Raise the versions of a clone by its changesets, as the first step of a release does.
 * @param {string} clone
 */
export function raiseVersions(clone) {
  execute(node(join(root, 'node_modules/@changesets/cli/bin.js'), 'version'), clone)
}

/**
 * Run a command to its end.
 * @param {import('./spawn.mjs').Command} command @param {string} cwd @param {NodeJS.ProcessEnv} [env]
 * @returns {string} its standard output; throws with all it said if it failed
 */
export function execute({ file, args }, cwd, env = environment()) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32' && file === 'npm',
  })
  if (status === 0) return stdout
  throw new Error(`${file} ${args.join(' ')}: ${error?.message ?? `${stdout}${stderr}`.trim()}`)
}
