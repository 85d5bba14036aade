// The report of runs from what their folders have. Comes in: runs, finished or not. Goes out: HTML.
// Source: docs/design/04-bench.md; several runs are one comparison, each method named with its run; runs that
// cannot be compared stand on the page one after the other, each by itself.

import { comparableGroups, differingSettings, notComparable, runNames } from '../run-files/comparable.js'
import type { StoredRun } from '../run-files/stored-run.js'
import { renderApart, renderReport, type Report } from './render-report.js'

/** What a report is beside its runs. */
export interface StoredReportOptions {
  /** Files that the page may link to: those beside it. */
  readonly files?: readonly string[]
  /** Seconds after which a browser loads the page of a run that is not finished again. */
  readonly refresh?: number
  /** Words before `resume`, for what goes on with an interrupted run. */
  readonly typed: string
}

/** The report of one run, or of several as one comparison. @throws RangeError if there is none. */
export function storedReport(runs: readonly StoredRun[], options: StoredReportOptions): string {
  if (runs.length === 0) throw new RangeError('runs: expected at least one, found none')
  const names = runNames(runs)
  const reasons = notComparable(runs)
  if (reasons.length === 0) return renderReport(reportOf(runs, names, options))
  return renderApart({
    reasons,
    reports: comparableGroups(runs).map((group) => reportOf(group, names, options)),
  })
}

type Names = ReadonlyMap<StoredRun, string>

function reportOf(runs: readonly StoredRun[], names: Names, options: StoredReportOptions): Report {
  const [first] = runs
  const { file } = first!
  const { files, refresh, typed } = options
  const isNamed = names.size > 1
  const states = runs.flatMap((run) => stateText(run, typed, isNamed ? `${names.get(run)!}: ` : ''))
  const isOpen = runs.some(({ state }) => state !== 'finished')
  const shared = {
    loss: file.loss,
    ...(files ? { files } : {}),
    ...(states.length === 0 ? {} : { state: states.join(' ') }),
    ...(isOpen && refresh !== undefined ? { refresh } : {}),
  }
  if (runs.length === 1) {
    const title = reportTitle(file.title, file.formatTitle)
    const name = isNamed ? `${names.get(first!)!}: ` : ''
    return { ...shared, title: `${name}${title}`, run: file.record, ...first!.findings }
  }
  return {
    ...shared,
    title: `LOTION: ${runs.map((run) => names.get(run)!).join(', ')}`,
    run: {
      ...file.record,
      command: runs.map((run) => run.file.record.command).join('\n'),
      config: Object.fromEntries(runs.map((run) => [names.get(run)!, run.file.record.config])),
      modules: runs.flatMap((run) => run.file.record.modules),
    },
    differing: { runs: runs.map((run) => names.get(run)!), rows: differingSettings(runs) },
    ...joined(runs, names),
  }
}

/** What heads the report of a run. */
export const reportTitle = (title: string, format: string): string => `LOTION ${title}: ${format}`

function joined(runs: readonly StoredRun[], names: Names): StoredRun['findings'] {
  const named = <R extends { readonly method: string }>(
    list: (findings: StoredRun['findings']) => readonly R[],
  ): readonly R[] =>
    runs.flatMap((run) =>
      list(run.findings).map((record): R => ({
        ...record,
        method: `${names.get(run)!}: ${record.method}`,
      })),
    )
  return {
    comparisons: named(({ comparisons }) => comparisons),
    results: named(({ results }) => results),
    evaluations: named(({ evaluations }) => evaluations),
    weights: named(({ weights }) => weights),
    samples: named(({ samples }) => samples),
  }
}

function stateText(run: StoredRun, typed: string, name: string): readonly string[] {
  const { file, findings, state } = run
  const { methods, seeds, steps } = file.comparison
  if (state === 'finished') return []
  const last = findings.evaluations.at(-1)
  const where = last
    ? `; the last evaluation is ${last.method}, seed ${last.seed}, step ${last.step} of ${steps}`
    : ''
  const so = `${findings.results.length} of ${methods.length * seeds} runs are done${where}.`
  return [
    state === 'running'
      ? `${name}Running: ${so}`
      : `${name}Interrupted: ${so} “${typed} resume” goes on with it.`,
  ]
}
