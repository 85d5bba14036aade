// How the command is typed where its reader stands. Comes in: the process, as npm started it or not. Goes
// out: the words in front, for "next" lines and examples: a line that is printed can be typed.

import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shellWord } from '../console/shell-word.js'

/** From source and built alike, a clone's top lies four folders up. */
const clone = fileURLToPath(new URL('../../../../', import.meta.url))

/**
 * `lotion`, where it is in the path; `npx @lotion/cli` where npx or a script of npm began it; the script of a
 * clone, with the clone's place unless npm finds that by itself from `folder`.
 */
export function typedCommand(env: NodeJS.ProcessEnv = process.env, folder: string = process.cwd()): string {
  // The repository's scripts set the variable.
  if (env['LOTION_PARENT'] !== undefined) return scriptOf(clone, 'lotion --', folder)
  return env['npm_command'] === undefined ? 'lotion' : 'npx @lotion/cli'
}

/** A script of a clone, as it is typed in a folder. */
function scriptOf(top: string, script: string, folder: string): string {
  if (resolve(manifestAbove(folder)) === resolve(top)) return `npm run -s ${script}`
  return `npm --prefix ${shellWord(relative(folder, top) || '.')} run -s ${script}`
}

/** How a file of one's own is run in a folder: by the clone that the command came from, if from one. */
export function typedTry(
  env: NodeJS.ProcessEnv = process.env,
  folder: string = process.cwd(),
): string | undefined {
  return env['LOTION_PARENT'] === undefined ? undefined : scriptOf(clone, 'try', folder)
}

/** The nearest folder with a manifest, which is where npm takes its scripts from. */
function manifestAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return folder
  return manifestAbove(dirname(folder))
}
