// Command: write the report of a run anew, finished or not, or of several runs as one comparison. Comes in:
// folders. Goes out: one HTML file.
// Source: docs/design/04-bench.md, "The report".

import { stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { writeAtomic } from '@lotion/checkpoints'
import { defineCommand, maybe, UsageError, type CliCommand } from '@lotion/cli'
import { shellWord } from '@lotion/cli/internal'
import { z } from 'zod'
import { REPORT_MARK } from '../report/render-report.js'
import { storedReport } from '../report/stored-report.js'
import { refuseForeign, type Replaceable } from './replaceable.js'
import { readRuns, runsArgument } from './run-arguments.js'

/** Files of a run that its report links to. */
export const linkedFiles = ['metrics.jsonl', 'model.safetensors', 'run.json']

/** What may be written over: a page says that it is a report, whatever its name. */
const aReport: Replaceable = {
  what: 'a report',
  isOurs: (head) => head.startsWith('<!doctype html>') && head.includes(REPORT_MARK),
}

/** Writes reports. */
export const reportCommand: CliCommand = defineCommand({
  path: ['report'],
  summary: 'write the report of a run anew, finished or not; of several runs one that compares them',
  arguments: {
    runs: runsArgument(),
  },
  options: {
    out: {
      flags: '--out <file>',
      description: 'the file; needed for several runs (default: report.html in the folder of the run)',
      schema: maybe(z.string().min(1, 'expected the name of a file, found none')),
    },
  },
  examples: ['lotion report quickstart', 'lotion report runs/int4 runs/int3 --out formats.html'],
  run: async ({ runs: words, out }, context) => {
    const { stdout, typed } = context
    const runs = await readRuns(words, context)
    const [only] = runs
    if (runs.length > 1 && out === undefined)
      throw new UsageError(
        'out: expected a file for a report of several runs, found none; add --out FILE.html',
      )
    const path = resolve(out ?? join(only!.folder, 'report.html'))
    await refuseForeign('out', path, aReport)
    const files = runs.length === 1 && out === undefined ? await present(only!.folder) : []
    await writeAtomic(path, storedReport(runs, { files, typed }))
    stdout.write(
      `${shellWord(relative(process.cwd(), path))}: ${runs.length === 1 ? `the report of a ${only!.state} run` : `a comparison of ${runs.length} runs`}\n`,
    )
  },
})

/** Those of the linked files that are there. */
export async function present(folder: string): Promise<readonly string[]> {
  const found = await Promise.all(
    linkedFiles.map((name) =>
      stat(join(folder, name)).then(
        () => [name],
        () => [],
      ),
    ),
  )
  return found.flat()
}
