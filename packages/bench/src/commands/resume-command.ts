// Command: go on with a run that was interrupted. Comes in: its folder. Goes out: what the run would have
// left, the same bits but for times.
// Source: docs/design/04-bench.md, "A run is a folder".

import { defineCommand, flag, maybe, wholeNumber, type CliCommand } from '@lotion/cli'
import { openRun } from '@lotion/cli/internal'
import { readRunFile, type RunFile } from '../run-files/run-file.js'
import { versions } from '../run-files/versions.js'
import { refuseNoMemory } from '../runs/memory-of-run.js'
import { planOf, withBytesPerToken, type ComparisonPlan } from '../runs/comparison-plan.js'
import { bytesOf, goOn, shownFolder } from './carry-out.js'
import { folderOf, runArgument } from './run-arguments.js'
import { workersOf } from './shared-options.js'

/** Continues a run from the last place that it kept. */
export const resumeCommand: CliCommand = defineCommand({
  path: ['resume'],
  summary: 'go on with a run that was interrupted, as if nothing had happened',
  arguments: {
    run: runArgument,
  },
  options: {
    workers: {
      flags: '--workers <n>',
      description: 'processes; the results do not depend on it (default: one a processor)',
      schema: maybe(wholeNumber({ min: 1, max: 256 })),
      default: '1',
    },
    json: {
      flags: '--json',
      description: 'print one line of JSON a method on standard output, and nothing else there',
      schema: flag,
    },
  },
  examples: ['lotion resume runs/quickstart', 'lotion resume quickstart-2'],
  run: async ({ run: word, json, workers }, context) => {
    const folder = await folderOf(word)
    const file = await readRunFile(folder)
    const shown = shownFolder(folder)
    if (file.finishedAt !== undefined) {
      context.stderr.write(`${shown} was finished at ${file.finishedAt}: nothing is left to do\n`)
      return
    }
    // Paths of modules and data are relative to where the run began.
    enter(file.workingFolder)
    for (const text of changedVersions(file)) context.warn(text)
    const { comparison, checkpoints, title } = file
    const planned = await planOf(comparison)
    refuseOthers(shown, file, planned)
    const plan = withBytesPerToken(planned, file.record.config['bytesPerToken'])
    const processes = Math.min(workersOf({ workers }), plan.runs)
    refuseNoMemory({ plan, comparison, processes })
    const run = { plan, comparison, processes, json, title, checkpoints }
    await goOn({ files: await openRun(folder, { bytes: bytesOf(run) }), shown }, file, run, context)
  },
})

function enter(folder: string): void {
  try {
    process.chdir(folder)
  } catch (error) {
    throw new Error(
      `cannot go on: expected the folder ${folder}, where the run began and its paths lead from, found none`,
      { cause: error },
    )
  }
}

/**
 * Refuse to go on with other things than the run began with: data, a checkpoint, a plugin's module. Its
 * records would say what it began with, its numbers be of something else.
 */
function refuseOthers(folder: string, { record }: RunFile, { workload, methods }: ComparisonPlan): void {
  const now = [
    ...new Map(
      methods.flatMap(({ modules }) => modules).map((each) => [`${each.kind} ${each.word}`, each.sha256]),
    ),
  ]
  const then = new Map(record.modules.map(({ kind, word, sha256 }) => [`${kind} ${word}`, sha256]))
  const differing = [
    ...Object.entries(workload.config).map(([name, value]) => [name, record.config[name], value] as const),
    ...now.map(([name, sha256]) => [name, then.get(name), sha256] as const),
  ].filter(([, began, found]) => JSON.stringify(began) !== JSON.stringify(found))
  if (differing.length === 0) return
  const texts = differing.map(
    ([name, began, found]) => `${name} ${JSON.stringify(began)}, now ${JSON.stringify(found)}`,
  )
  throw new Error(
    `${folder}: expected what the run began with, found other: ${texts.join('; ')}; restore it, or begin a new run`,
  )
}

/** Other versions may give other bits; who goes on should know. */
function changedVersions({ record }: RunFile): readonly string[] {
  const now = versions()
  return Object.entries(record.versions).flatMap(([name, then]) =>
    now[name] === then || now[name] === undefined
      ? []
      : [`${name}: the run began with ${then}, this is ${now[name]}: the same bits are not promised`],
  )
}
