// Command: compare runs, seed by seed. Comes in: folders. Goes out: what differs in how they were made, and
// each method's mean difference to the first, with its standard error, its interval and the seeds on which it
// is lower, the same, higher.
// Source: docs/design/04-bench.md, rules of a comparison.

import { defineCommand, flag, oneOf, UsageError, type CliCommand } from '@lotion/cli'
import { significant, textTable, wantsPlain } from '@lotion/cli/internal'
import type { ResultRecord } from '../records.js'
import { lossText } from '../report/comparison-table.js'
import { differingSettings, notComparable, runNames } from '../run-files/comparable.js'
import type { StoredRun } from '../run-files/stored-run.js'
import { divergedText, pairedDifference, type BySeed, type PairedDifference } from '../runs/paired.js'
import { summarize } from '../runs/summary.js'
import { readRuns, runsArgument } from './run-arguments.js'

/** A method of a run. */
interface Column {
  readonly name: string
  readonly losses: BySeed
}

const losses = { nearest: 'nearest', randomized: 'randomized', full: 'fullPrecision' } as const

/** Compares the methods of one run, or of several. */
export const compareCommand: CliCommand = defineCommand({
  path: ['compare'],
  summary: 'compare runs seed by seed: mean difference, standard error, 95 % interval, seeds won',
  arguments: {
    runs: runsArgument('; the first method of the first is what others are compared with'),
  },
  options: {
    loss: {
      flags: '--loss <which>',
      description: `of the weights after the cast, after randomized rounding, or in full precision: ${Object.keys(losses).join(', ')}`,
      schema: oneOf(['nearest', 'randomized', 'full']),
      default: 'nearest',
    },
    json: { flags: '--json', description: 'a line of JSON a method', schema: flag },
  },
  examples: ['lotion compare quickstart', 'lotion compare runs/int4 runs/int3 --loss randomized'],
  run: async ({ runs: words, loss, json }, context) => {
    const { stdout, typed } = context
    const runs = await readRuns(words, context)
    refuseOthers(runs)
    const columns = columnsOf(runs, losses[loss])
    const [first] = columns
    if (!first)
      throw new Error(
        `${words.join(', ')}: expected a run that has a result, found none; ${typed} resume goes on with it`,
      )
    const reading = runs[0]!.file.loss
    const rows = columns.map((column) => ({
      ...column,
      difference: column === first ? undefined : pairedDifference(column.losses, first.losses),
    }))
    if (json) {
      for (const { name, losses: own, difference } of rows) {
        // JSON has no infinity, which a mean is where a method diverged.
        const told = difference && {
          ...difference,
          mean: Number.isFinite(difference.mean) ? difference.mean : String(difference.mean),
        }
        stdout.write(`${JSON.stringify({ name, losses: Object.fromEntries(own), difference: told })}\n`)
      }
      return
    }
    stdout.write(`${reading.name}${reading.unit === undefined ? '' : `, ${reading.unit}`}, ${loss}\n\n`)
    stdout.write(
      textTable({
        head: ['method', 'seeds', 'mean', `less ${first.name}`, '95 % interval', 'lower/same/higher', ''],
        rows: rows.map(({ name, losses: own, difference }) => {
          const mean = summarize([...own.values()]).mean
          const shown = Number.isFinite(mean) ? lossText(mean, reading) : 'diverged'
          return [name, `${own.size}`, shown, ...differenceCells(difference)]
        }),
        align: ['left', 'right', 'right', 'right', 'right', 'right', 'left'],
        plain: wantsPlain(stdout),
      }),
    )
    const notes = differingSettings(runs).map(
      ([name, ...texts]) => `  ${name}: ${texts.map((text) => text.slice(0, 60)).join(' | ')}`,
    )
    if (notes.length > 0) stdout.write(`\nwhat differs between the runs\n${notes.join('\n')}\n`)
  },
})

function differenceCells(difference: PairedDifference | undefined): readonly string[] {
  if (!difference) return ['–', '–', '–', '']
  const { mean, error, half, isApart, better, equal, worse } = difference
  const counts = `${better}/${equal}/${worse}`
  const lost = divergedText(difference, 'the first')
  if (lost !== '') return ['–', '–', counts, lost]
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${significant(Math.abs(value))}`
  const told = half === null ? 'one seed tells little' : isApart ? '' : 'not told apart'
  const spread = error === null ? '' : ` ± ${significant(error, 2)}`
  const interval = half === null ? '–' : `${signed(mean - half)} to ${signed(mean + half)}`
  return [`${signed(mean)}${spread}`, interval, counts, told]
}

function columnsOf(
  runs: readonly StoredRun[],
  key: 'nearest' | 'randomized' | 'fullPrecision',
): readonly Column[] {
  const names = runNames(runs)
  return runs.flatMap((run) => {
    const { results } = run.findings
    const methods = [...new Set(results.map(({ method }) => method))]
    const own = (method: string): readonly ResultRecord[] => results.filter((each) => each.method === method)
    return methods.map((method) => ({
      name: runs.length > 1 ? `${names.get(run)!}: ${method}` : method,
      losses: new Map(own(method).map((result) => [result.seed, result[key]])),
    }))
  })
}

/** Losses of two tasks, in two units or of two texts have no difference. */
function refuseOthers(runs: readonly StoredRun[]): void {
  const reasons = notComparable(runs)
  if (reasons.length > 0)
    throw new UsageError(
      `runs: expected runs whose losses can be compared, found ${reasons.join(', ')}; compare those of one kind, or read them one after the other on one page, lotion report RUNS --out FILE.html`,
    )
}
