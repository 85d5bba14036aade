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
import { folderOf, runsArgument } from './run-arguments.js'

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
  run: async ({ runs: words, csv, tensorboard }, { stdout, stderr }) => {
    const folders = await Promise.all(words.map(folderOf))
    const names = folders.map((folder) => basename(folder))
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined)
      throw new UsageError(`runs: expected names of their own, found '${twice}' twice; take them one by one`)
    const runs = await Promise.all(
      folders.map(async (folder, i) => ({ run: names[i]!, records: await recordsIn(folder) })),
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
    if (csv !== undefined) await writeAtomic(csv, Buffer.from(metricsCsv(points)))
    else if (tensorboard === undefined) stdout.write(metricsCsv(points))
  },
})
