// Runs as they are typed. Comes in: words. Goes out: arguments of commands, and the runs that they name.

import { resolve } from 'node:path'
import { folderValue, type CliArgument } from '@lotion/cli'
import { z } from 'zod'
import { runFolder } from '../run-files/run-file.js'
import { readRun, type StoredRun } from '../run-files/stored-run.js'

/** One run. */
export const runArgument: CliArgument<string> = {
  syntax: '<run>',
  description: 'its folder, or its name in runs',
  schema: folderValue,
}

/** Several. @param more What their order means. */
export const runsArgument = (more = ''): CliArgument<readonly string[]> => ({
  syntax: '<runs...>',
  description: `folders of runs, or names in runs${more}`,
  schema: z.array(z.string()),
})

/** The whole path of the folder that a word names. */
export const folderOf = async (word: string): Promise<string> => resolve(await runFolder(word))

/** Read runs. @throws as `readRun`. */
export const readRuns = (words: readonly string[]): Promise<readonly StoredRun[]> =>
  Promise.all(words.map(async (word) => readRun(await folderOf(word))))
