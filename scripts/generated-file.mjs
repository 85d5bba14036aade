// Files of packages that a script makes of what others publish. Comes in: such a file's text, the script's
// words. Goes out: the file; with `--check`, status 1 where it is not what would be written.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './spawn.mjs'

/**
 * @param {string} target from the root @param {string} text
 * @param {string} script that makes it @param {string} source what it is made of
 * @returns {number} a status
 */
export function writeOrCompare(target, text, script, source) {
  const path = join(root, target)
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text)
    return 0
  }
  const isSame = readFileSync(path, 'utf8') === text
  console.log(isSame ? `${target} is that of ${source}` : `${target} is old: run node ${script}`)
  return isSame ? 0 : 1
}
