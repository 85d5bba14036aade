// Carries out a comparison for the command line. Comes in: a comparison. Goes out: a table, or lines of JSON.
// Source: docs/design/04-bench.md.

import { type CliContext, progressLine, wantsPlain } from '@lotion/cli'
import { compareMethods, runsOf, type Comparison, type ComparisonRecord } from '../tasks/comparison.js'
import { jobPool } from '../tasks/job-pool.js'
import { comparisonText } from './comparison-text.js'

/** Run a comparison with a progress line on standard error; lines of JSON appear as soon as a method is done. */
export async function printComparison(
  comparison: Comparison,
  { json, workers }: { readonly json: boolean; readonly workers: number },
  { stdout, stderr, signal }: CliContext,
): Promise<void> {
  const pool = jobPool({ workers, signal })
  const progress = progressLine({
    label: 'runs',
    total: runsOf(comparison),
    unit: 'done',
    stream: stderr,
    plainLines: false,
  })
  const records: ComparisonRecord[] = []
  let done = 0
  try {
    for await (const record of compareMethods(comparison, pool, () => progress.update({ step: ++done }))) {
      records.push(record)
      if (json) stdout.write(`${JSON.stringify(record)}\n`)
    }
  } finally {
    progress.stop()
    await pool.close()
  }
  if (!json) stdout.write(comparisonText(records, { plain: wantsPlain(stdout) }))
}
