// Trains what is compared, and tells: a line that moves, records as they come, a table or lines of JSON.
// Comes in: a planned comparison. Goes out: what was found.
// Source: docs/design/04-bench.md.

import type { CliContext } from '@lotion/cli'
import {
  progressLine,
  wantsPlain,
  wholeProgress,
  type ProgressLine,
  type RunFiles,
} from '@lotion/cli/internal'
import { formatTitle } from '@lotion/formats/internal'
import type { Findings, RunLine } from '../records.js'
import { comparisonText } from '../report/comparison-table.js'
import { byKind } from '../run-files/by-kind.js'
import type { ComparisonPlan } from '../runs/comparison-plan.js'
import {
  compareMethods,
  type ComparedMethod,
  type Comparison,
  type ComparisonObserver,
} from '../runs/comparison.js'
import { jobPool } from '../runs/job-pool.js'
import type { StoreOptions } from '../runs/job-store.js'
import type { EventFiles } from '../trackers/event-files.js'

/** What a command carries out. */
export interface Run {
  readonly plan: ComparisonPlan
  readonly comparison: Comparison
  readonly processes: number
  readonly json: boolean
  readonly title: string
}

/** A method that diverges is a row of the table; where all do, nothing was compared. */
export function refuseAllDiverged({ results }: Pick<Findings, 'results'>): void {
  const [first] = results
  if (first?.diverged === undefined || results.some(({ diverged }) => diverged === undefined)) return
  throw new Error(`every run diverged; the first, ${first.method}, seed ${first.seed}: ${first.diverged}`)
}

/**
 * Train and tell; lines of JSON appear as soon as a method is done. With files, every record is written as it
 * comes.
 */
export async function compare(
  { plan, comparison, processes, json }: Run,
  { stdout, stderr, signal, warn }: CliContext,
  kept?: {
    readonly files: RunFiles
    readonly store: Omit<StoreOptions, 'folder'>
    readonly events: EventFiles | undefined
  },
): Promise<{ readonly findings: Findings; readonly methods: readonly ComparedMethod[] }> {
  const { task, workload, format, runs } = plan
  const methods: ComparedMethod[] = []
  const lines: RunLine[] = []
  const store = kept && { folder: kept.files.folder, ...kept.store }
  const pool = jobPool({ workers: processes, signal, onWarning: warn, ...(store ? { store } : {}) })
  // A line for each run where runs take long and one follows the other, else one that counts them.
  const single = workload.tokensPerStep !== undefined && processes === 1 && !comparison.tune
  let line: ProgressLine | undefined = single
    ? undefined
    : progressLine({ label: 'runs', total: runs, unit: 'done', stream: stderr, plainLines: !!kept })
  const whole = single && runs > 1 ? { whole: wholeProgress({ pieces: runs, steps: comparison.steps }) } : {}
  const memory = (): number => process.memoryUsage.rss()
  let done = 0
  try {
    const observer: ComparisonObserver = {
      observe: ({ method, seed }) => {
        if (!single) return {}
        const label = comparison.seeds > 1 ? `${method} ${seed}` : method
        line = progressLine({ label, total: comparison.steps, stream: stderr, ...whole, memory })
        return { progress: (progress) => line?.update(progress) }
      },
      done: () => {
        done++
        whole.whole?.next()
        if (single) line?.stop()
        else line?.update({ step: done })
      },
      record: async (record) => {
        lines.push(record)
        await kept?.files.record(record)
        await kept?.events?.record(record)
      },
    }
    const compared = compareMethods(comparison, pool, observer, plan)
    for await (const found of compared) {
      methods.push(found)
      await kept?.files.record({ type: 'comparison', ...found.record })
      if (json) stdout.write(`${JSON.stringify(found.record)}\n`)
    }
  } finally {
    line?.stop()
    await pool.close()
  }
  signal.throwIfAborted()
  const findings = {
    comparisons: methods.map(({ record }) => record),
    ...byKind(lines),
  }
  if (!json)
    stdout.write(
      comparisonText(findings, {
        loss: task.loss,
        format: formatTitle(format),
        usualSteps: task.steps,
        plain: wantsPlain(stdout),
      }),
    )
  return { findings, methods }
}
