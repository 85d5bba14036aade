// Runs as they are typed. Comes in: words. Goes out: arguments of commands, and the runs that they name, with
// warnings of what is wrong with their files.

import { resolve } from 'node:path'
import { folderValue, type CliArgument, type CliContext } from '@lotion/cli'
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

/** Lines of one call that are told in full; the rest are counted. */
const TOLD = 5

/** Tell what is left out of files that were changed. */
export function tellProblems(problems: readonly string[], { warn }: Pick<CliContext, 'warn'>): void {
  for (const problem of problems.slice(0, TOLD)) warn(problem)
  if (problems.length > TOLD) warn(`${problems.length - TOLD} more lines are left out`)
}

/** Read runs, and tell what is left out of them. @throws as `readRun`. */
export async function readRuns(
  words: readonly string[],
  context: Pick<CliContext, 'warn'>,
): Promise<readonly StoredRun[]> {
  const runs = await Promise.all(words.map(async (word) => readRun(await folderOf(word))))
  tellProblems(
    runs.flatMap(({ problems }) => problems),
    context,
  )
  return runs
}
