// Command: list the runs of a folder. Comes in: the folder. Goes out: a table, a line a run.
// Source: docs/design/04-bench.md, "A run is a folder".

import { basename, resolve } from 'node:path'
import { defineCommand, flag, folderValue, type CliCommand } from '@lotion/cli'
import { textTable, wantsPlain } from '@lotion/cli/internal'
import { lossText } from '../report/comparison-table.js'
import { runsIn, type StoredRun } from '../run-files/stored-run.js'
import { tellProblems } from './run-arguments.js'

/** Tells what there is. */
export const runsCommand: CliCommand = defineCommand({
  path: ['runs'],
  summary: 'list runs: what was trained, how far it is, and what was best',
  options: {
    in: {
      flags: '--in <folder>',
      description: 'where the runs lie',
      schema: folderValue,
      default: 'runs',
    },
    json: { flags: '--json', description: 'a line of JSON a run', schema: flag },
  },
  examples: ['lotion runs', 'lotion runs --in my'],
  run: async ({ in: folder, json }, context) => {
    const { stdout, stderr } = context
    const { runs, problems } = await runsIn(resolve(folder))
    tellProblems(problems, context)
    if (json) {
      for (const run of runs) stdout.write(`${JSON.stringify(lineOf(run))}\n`)
      return
    }
    if (runs.length === 0) return void stderr.write(`no runs in ${folder}\n`)
    stdout.write(
      textTable({
        head: ['run', 'state', 'task', 'format', 'methods', 'seeds', 'steps', 'best after the cast', 'began'],
        rows: runs.map((run) => {
          const { task, format, methods, seeds, steps, state, best, began } = lineOf(run)
          const shown = best ? `${lossText(best.nearest, run.file.loss)} ${best.method}` : '–'
          return [
            basename(run.folder),
            state,
            task,
            format,
            methods.join(', '),
            `${seeds}`,
            `${steps}`,
            shown,
            began.slice(0, 16).replace('T', ' '),
          ]
        }),
        plain: wantsPlain(stdout),
      }),
    )
  },
})

/** What is told of a run; the best method by its mean over the seeds. */
function lineOf({ folder, file, state, findings }: StoredRun) {
  const { comparison, record, formatTitle } = file
  const [best] = [...findings.comparisons]
    .filter(({ nearest }) => Number.isFinite(nearest.mean))
    .sort((a, b) => a.nearest.mean - b.nearest.mean)
  return {
    run: folder,
    state,
    task: String(record.config['task']),
    format: formatTitle,
    methods: comparison.methods,
    seeds: comparison.seeds,
    steps: comparison.steps,
    ...(best ? { best: { method: best.method, nearest: best.nearest.mean } } : {}),
    began: record.timing.at,
  }
}
