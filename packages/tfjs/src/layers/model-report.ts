// What is trained for which grid, and how far it still is from it. Comes in: a plan. Goes out: rows.
// Source: the statistics of @lotion/formats.

import { layoutOf, type BlockAxis } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import { bitsPerWeight, castStatistics } from '@lotion/formats'
import { formatWord } from '@lotion/formats/internal'
import type { PlannedWeight } from './weight-plan.js'

/** A weight of a model, as a report tells of it. */
export interface ReportRow {
  /** Names of the layers that it is in, and its own: `encoder/dense/kernel`. */
  readonly parameter: string
  /** Class of its layer. */
  readonly layer: string
  /** Extents. */
  readonly shape: readonly number[]
  /** Word of its format, such as `int4` or `int4:mse-clip`, or `null` in full precision. */
  readonly format: string | null
  /** Why it stays in full precision. */
  readonly reason?: string
  /** Weights that share a scale: a number, `row`, `tensor`. */
  readonly block?: string
  /** What blocks run along. */
  readonly axis?: BlockAxis
  /** Bits a weight, scales included. */
  readonly bits: number
  /** Share of blocks in which a weight lies beyond the ends of the grid, which the cast clips. */
  readonly saturated?: number
  /** √(Σ (cast(w) − w)² / Σ w²): 0 on the grid. */
  readonly distance?: number
}

/** Tell of every weight. */
export async function modelReport(plan: readonly PlannedWeight[]): Promise<readonly ReportRow[]> {
  const executor = cpuExecutor()
  const rows: ReportRow[] = []
  try {
    for (const { path, layer, shape, reason, quantized, weight } of plan) {
      const known = { parameter: path, layer, shape }
      if (!quantized) {
        rows.push({ ...known, format: null, bits: 32, ...(reason === undefined ? {} : { reason }) })
        continue
      }
      const { format, axis } = quantized
      const w = Float32Array.from((await weight.read().data()) as Float32Array)
      const layout = layoutOf(shape, format.block, axis)
      const [out] = executor.lanes([{ fn: castStatistics(format), inputs: { w }, layout }])
      const [energy, error] = [out!.energy![0]!, out!.error![0]!]
      rows.push({
        ...known,
        format: formatWord(format),
        block: blockName(format.block),
        axis,
        bits: bitsPerWeight(format, shape, axis),
        saturated: out!.saturated!.reduce((sum, one) => sum + one, 0) / layout.blocks,
        distance: energy > 0 ? Math.sqrt(error / energy) : 0,
      })
    }
  } finally {
    executor.close()
  }
  return rows
}
