// Command: compare runs, seed by seed. Comes in: folders. Goes out: what differs in how they were made, and
// each method's mean difference to the first, with its standard error and the seeds that it won.
// Source: docs/design/04-bench.md, rules of a comparison: means within two standard errors are not told
// apart.

import { basename } from 'node:path'
import { defineCommand, flag, oneOf, UsageError, type CliCommand } from '@lotion/cli'
import { significant, textTable, wantsPlain } from '@lotion/cli/internal'
import type { ResultRecord } from '../records.js'
import { lossText } from '../report/comparison-table.js'
import type { StoredRun } from '../run-files/stored-run.js'
import { pairedDifference, type BySeed, type PairedDifference } from '../runs/paired.js'
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
  summary: 'compare runs seed by seed: mean difference, standard error, wins',
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
      for (const { name, losses: own, difference } of rows)
        stdout.write(`${JSON.stringify({ name, losses: Object.fromEntries(own), difference })}\n`)
      return
    }
    stdout.write(`${reading.name}${reading.unit === undefined ? '' : `, ${reading.unit}`}, ${loss}\n\n`)
    stdout.write(
      textTable({
        head: ['method', 'seeds', 'mean', `less ${first.name}`, 'lower on', ''],
        rows: rows.map(({ name, losses: own, difference }) => {
          const mean = summarize([...own.values()]).mean
          const shown = Number.isFinite(mean) ? lossText(mean, reading) : 'diverged'
          return [name, `${own.size}`, shown, ...differenceCells(difference)]
        }),
        align: ['left', 'right', 'right', 'right', 'right', 'left'],
        plain: wantsPlain(stdout),
      }),
    )
    const notes = differing(runs)
    if (notes.length > 0) stdout.write(`\nwhat differs between the runs\n${notes.join('\n')}\n`)
  },
})

function differenceCells(difference: PairedDifference | undefined): readonly string[] {
  if (!difference) return ['–', '–', '']
  const { mean, error, seeds, wins } = difference
  const sign = mean < 0 ? '−' : '+'
  const told = error === null ? 'one seed tells little' : Math.abs(mean) > 2 * error ? '' : 'not told apart'
  const spread = error === null ? '' : ` ± ${significant(error, 2)}`
  return [`${sign}${significant(Math.abs(mean))}${spread}`, `${wins} of ${seeds}`, told]
}

function columnsOf(
  runs: readonly StoredRun[],
  key: 'nearest' | 'randomized' | 'fullPrecision',
): readonly Column[] {
  return runs.flatMap(({ folder, findings: { results } }) => {
    const methods = [...new Set(results.map(({ method }) => method))]
    const own = (method: string): readonly ResultRecord[] => results.filter((each) => each.method === method)
    return methods.map((method) => ({
      name: runs.length > 1 ? `${basename(folder)}: ${method}` : method,
      losses: new Map(own(method).map((result) => [result.seed, result[key]])),
    }))
  })
}

/** Losses of two tasks, or of two units, have no difference. */
export function refuseOthers(runs: readonly StoredRun[]): void {
  const what = ({ file }: StoredRun): string =>
    [file.comparison.task.word, file.loss.name, file.loss.unit ?? 'no unit'].join(', ')
  const [first, ...others] = runs.map(what)
  const other = others.findIndex((each) => each !== first)
  if (other >= 0)
    throw new UsageError(
      `runs: expected runs of one task, found ${first!} and ${others[other]!}; compare those of one kind`,
    )
}

/** What was chosen differently, a line each. */
function differing(runs: readonly StoredRun[]): readonly string[] {
  const configs = runs.map(({ file }) => file.record.config)
  const names = [...new Set(configs.flatMap((config) => Object.keys(config)))]
  return names.flatMap((name) => {
    const texts = configs.map((config) => JSON.stringify(config[name]) ?? 'none')
    return new Set(texts).size > 1 ? [`  ${name}: ${texts.map((text) => text.slice(0, 60)).join(' | ')}`] : []
  })
}
