// Command: what runs measured, for other programs. Comes in: folders of runs. Goes out: a table of
// comma-separated values, or event files for TensorBoard.
// Source: docs/design/04-bench.md, "A run is a folder".

import { basename, join, relative } from 'node:path'
import { writeAtomic } from '@lotion/checkpoints'
import { defineCommand, folderValue, maybe, UsageError, type CliCommand } from '@lotion/cli'
import { shellWord } from '@lotion/cli/internal'
import { recordsIn } from '../run-files/stored-run.js'
import { eventFiles } from '../trackers/event-files.js'
import { metricsCsv } from '../trackers/metrics-csv.js'
import { pointOf } from '../trackers/points.js'
import { refuseForeign, type Replaceable } from './replaceable.js'
import { folderOf, runsArgument, tellProblems } from './run-arguments.js'

/**
 * What may be written over: an earlier table of the same run. Its first line of numbers says which run it is,
 * since that began at a moment of its own.
 */
function tableOf(table: string): Replaceable {
  const beginning = (text: string): string => {
    const [head = '', first = ''] = text.split('\n', 2)
    const [places] = /^(?:run,)?method,seed,step,at,/.exec(head) ?? []
    return places === undefined ? '' : first.split(',', places.split(',').length - 1).join(',')
  }
  return {
    what: 'a table of the same run',
    isOurs: (head) => beginning(head) !== '' && beginning(head) === beginning(table),
  }
}

/** Takes measures out of runs. */
export const metricsCommand: CliCommand = defineCommand({
  path: ['metrics'],
  summary: 'what runs measured, as CSV or as event files for TensorBoard',
  arguments: {
    runs: runsArgument(),
  },
  options: {
    csv: {
      flags: '--csv <file>',
      description: 'write the table there (default: to standard output)',
      schema: maybe(folderValue),
    },
    tensorboard: {
      flags: '--tensorboard <folder>',
      description: 'write event files below it instead, a folder a run, method and seed',
      schema: maybe(folderValue),
    },
  },
  examples: ['lotion metrics quickstart --csv quickstart.csv', 'lotion metrics mine --tensorboard logs'],
  run: async ({ runs: words, csv, tensorboard }, context) => {
    const { stdout, stderr } = context
    const folders = await Promise.all(words.map(folderOf))
    const names = folders.map((folder) => basename(folder))
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined)
      throw new UsageError(`runs: expected names of their own, found '${twice}' twice; take them one by one`)
    const runs = await Promise.all(
      folders.map(async (folder, i) => ({ run: names[i]!, ...(await recordsIn(folder)) })),
    )
    tellProblems(
      runs.flatMap(({ problems }) => problems),
      context,
    )
    const points = runs.flatMap(({ run, records }) =>
      records.flatMap((record) => {
        const point = pointOf(record)
        return point ? [runs.length > 1 ? { run, ...point } : point] : []
      }),
    )
    if (points.length === 0)
      throw new Error(`${words.join(', ')}: expected a run that was evaluated, found none yet`)
    if (tensorboard !== undefined) {
      for (const { run, records } of runs) {
        const files = eventFiles(join(tensorboard, run))
        for (const record of records) await files.record(record)
      }
      stderr.write(`to see them: tensorboard --logdir ${shellWord(relative('.', tensorboard) || '.')}\n`)
    }
    const table = metricsCsv(points)
    if (csv !== undefined) {
      await refuseForeign('csv', csv, tableOf(table))
      await writeAtomic(csv, table)
    } else if (tensorboard === undefined) stdout.write(table)
  },
})
