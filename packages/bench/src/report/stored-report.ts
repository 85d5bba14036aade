// The report of runs from what their folders have. Comes in: runs, finished or not. Goes out: HTML.
// Source: docs/design/04-bench.md; several runs are one comparison, each method named with its run.

import { basename } from 'node:path'
import type { StoredRun } from '../run-files/stored-run.js'
import { renderReport, type Report } from './render-report.js'

/** What a report is beside its runs. */
export interface StoredReportOptions {
  /** Files that the page may link to: those beside it. */
  readonly files?: readonly string[]
  /** Seconds after which a browser loads the page of a run under way again. */
  readonly refresh?: number
  /** Words before `resume`, for what goes on with an interrupted run. */
  readonly typed: string
}

/** The report of one run, or of several as one comparison. @throws RangeError if there is none. */
export function storedReport(runs: readonly StoredRun[], options: StoredReportOptions): string {
  const [first] = runs
  if (!first) throw new RangeError('runs: expected at least one, found none')
  const { file } = first
  const { files, refresh, typed } = options
  const states = runs.flatMap((run) => stateText(run, typed, runs.length > 1))
  const isRunning = runs.some(({ state }) => state === 'running')
  return renderReport({
    title:
      runs.length === 1
        ? reportTitle(file.title, file.formatTitle)
        : `LOTION: ${runs.map(nameOf).join(', ')}`,
    loss: file.loss,
    run:
      runs.length === 1
        ? file.record
        : {
            ...file.record,
            command: runs.map((run) => run.file.record.command).join('\n'),
            config: configs(runs),
          },
    ...(runs.length === 1 ? first.findings : joined(runs)),
    ...(files ? { files } : {}),
    ...(states.length === 0 ? {} : { state: states.join(' ') }),
    ...(isRunning && refresh !== undefined ? { refresh } : {}),
  })
}

/** What heads the report of a run. */
export const reportTitle = (title: string, format: string): string => `LOTION ${title}: ${format}`

const nameOf = ({ folder }: StoredRun): string => basename(folder)

const configs = (runs: readonly StoredRun[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(runs.map((run) => [nameOf(run), run.file.record.config]))

function joined(runs: readonly StoredRun[]): StoredRun['findings'] {
  const named = <R extends { readonly method: string }>(
    list: (findings: StoredRun['findings']) => readonly R[],
  ): readonly R[] =>
    runs.flatMap((run) =>
      list(run.findings).map((record): R => ({ ...record, method: `${nameOf(run)}: ${record.method}` })),
    )
  return {
    comparisons: named(({ comparisons }: Pick<Report, 'comparisons'>) => comparisons),
    results: named(({ results }) => results),
    evaluations: named(({ evaluations }) => evaluations),
    weights: named(({ weights }) => weights),
    samples: named(({ samples }) => samples),
  }
}

function stateText(run: StoredRun, typed: string, isNamed: boolean): readonly string[] {
  const { file, findings, state } = run
  const { methods, seeds, steps } = file.comparison
  if (state === 'finished') return []
  const last = findings.evaluations.at(-1)
  const where = last
    ? `; the last evaluation is ${last.method}, seed ${last.seed}, step ${last.step} of ${steps}`
    : ''
  const so = `${findings.results.length} of ${methods.length * seeds} runs are done${where}.`
  const name = isNamed ? `${nameOf(run)}: ` : ''
  return [
    state === 'running'
      ? `${name}Running: ${so}`
      : `${name}Interrupted: ${so} “${typed} resume” goes on with it.`,
  ]
}
