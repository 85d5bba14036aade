// What the chart draws. Comes in: evaluations of all methods and seeds. Goes out: one curve a method and
// kind.
// Source: docs/design/04-bench.md; curves of several seeds are their means.

import type { EvaluationRecord } from '../records.js'
import { summarize } from '../runs/summary.js'

/** A curve; `null` where its method was not evaluated, or a seed of it has diverged. */
export interface Curve {
  readonly method: string
  readonly kind: 'nearest' | 'full precision'
  /** Position of the method, which decides its colour. */
  readonly order: number
  readonly values: readonly (number | null)[]
}

/** Curves over a common axis. */
export interface ChartData {
  /** What the axis counts. */
  readonly unit: 'tokens' | 'steps'
  /** Where evaluations stand on the axis. */
  readonly at: readonly number[]
  readonly curves: readonly Curve[]
  /** Loss range that shows the second half of the run: the first steps are far above all differences. */
  readonly focus: readonly [number, number]
  /** Seeds averaged. */
  readonly seeds: number
}

/** Order evaluations into curves. Methods stand in the order of their first evaluation. */
export function chartData(evaluations: readonly EvaluationRecord[]): ChartData {
  const place = ({ tokens, step }: EvaluationRecord): number => tokens ?? step
  const at = [...new Set(evaluations.map(place))].sort((a, b) => a - b)
  const methods = [...new Set(evaluations.map(({ method }) => method))]
  const seeds = new Set(evaluations.map(({ seed }) => seed)).size
  const curve =
    (kind: Curve['kind'], key: 'nearest' | 'fullPrecision') =>
    (method: string, order: number): Curve => ({
      method,
      kind,
      order,
      values: at.map((moment) => {
        const ofMethod = evaluations.filter((record) => record.method === method)
        const own = ofMethod.filter((record) => place(record) === moment)
        // Not the mean of the seeds that are left: it would look better for every seed that is lost.
        const mean =
          own.length > 0 && own.length === new Set(ofMethod.map(({ seed }) => seed)).size
            ? summarize(own.map((record) => record[key])).mean
            : null
        return mean !== null && Number.isFinite(mean) ? mean : null
      }),
    })
  const curves = [
    ...methods.map(curve('nearest', 'nearest')),
    ...methods.map(curve('full precision', 'fullPrecision')),
  ]
  const unit = evaluations.some(({ tokens }) => tokens === undefined) ? 'steps' : 'tokens'
  return Object.freeze({ unit, at, curves, focus: focusOf(at, curves), seeds })
}

function focusOf(at: readonly number[], curves: readonly Curve[]): readonly [number, number] {
  const half = (at.at(-1) ?? 0) / 2
  const late = curves.flatMap(({ values }) =>
    values.filter((value, i): value is number => value !== null && at[i]! >= half),
  )
  if (late.length === 0) return [0, 1]
  const [low, high] = [Math.min(...late), Math.max(...late)]
  const margin = Math.max(0.08 * (high - low), 1e-3)
  return [low - margin, high + margin]
}
