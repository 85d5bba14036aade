// The top of a clone, elsewhere. Comes in: the repository. Goes out: a temporary folder in which commands
// that are typed at the top of a clone do what they do there; what they make lies outside of the repository.
import { copyFileSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './spawn.mjs'

/** What commands see of a clone: its folders by links, and its manifest. */
const folders = ['docs', 'examples', 'node_modules', 'packages', 'scripts']
export const seen = [...folders, 'package.json']

/** @returns {string} a new folder; whoever asked for it removes it */
export function topOfClone() {
  const top = mkdtempSync(join(tmpdir(), 'lotion-top-'))
  copyFileSync(join(root, 'package.json'), join(top, 'package.json'))
  for (const name of folders) symlinkSync(join(root, name), join(top, name), 'junction')
  return top
}

/**
 * How a command is run in a folder: npm runs scripts at the top and says in INIT_CWD where its caller stood.
 * @param {string} folder
 */
export const standingAt = (folder) => ({ cwd: folder, env: { ...process.env, INIT_CWD: folder } })
