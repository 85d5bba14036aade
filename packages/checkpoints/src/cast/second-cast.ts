// What a second cast would do to a file that was just written. Comes in: the file, what was cast, how.
// Goes out: how many weights would change, read only where they can.
// Source: docs/design/03-formats-and-methods.md (casting twice).

import type { NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import type { SafetensorsFile } from '../safetensors-view.js'
import type { WeightPlan } from './weight-plan.js'
import { chosenReader } from './weight-reader.js'
import { weightMeter } from './weight-statistics.js'

/** What was cast, and how. */
export interface FirstCast extends Pick<WeightPlan, 'chosen'> {
  /** Opens the file that was written, its weights not packed. */
  readonly open: () => Promise<SafetensorsFile>
  readonly format: NumberFormat
  /**
   * Whether a noise chose the points: a block's largest weight may then have become a smaller point than its
   * nearest.
   */
  readonly noisy: boolean
  /** Weights that were on the grid before, and are as they were. */
  readonly recorded: { has(name: string): boolean }
  readonly signal?: AbortSignal | undefined
}

/**
 * Count the weights of each tensor that a second cast would change; tensors without one are left out. Nearest
 * casts by a rule that claims to repeat are believed, all others read again. Weights written in 16 bits are
 * not counted: they are on no grid that is recorded.
 */
export async function changedTwice(cast: FirstCast): Promise<ReadonlyMap<string, number>> {
  const { open, chosen, format, noisy, recorded, signal } = cast
  const { scale, grid } = format
  const changed = new Map<string, number>()
  if (!noisy && (scale.claims.repeats?.(grid) ?? true)) return changed
  const measure = weightMeter(cpuExecutor(), format)
  const file = await open()
  try {
    for (const [name, { shape, axis, layout, bits }] of chosen) {
      const { dtype } = file.tensors[name]!
      if (recorded.has(name) || dtype === 'F16' || dtype === 'BF16') continue
      signal?.throwIfAborted()
      const reader = chosenReader(file, name, { dtype, shape, axis, layout, bits })
      const { weights, onGrid } = await measure(reader, layout)
      if (onGrid < weights) changed.set(name, weights - onGrid)
    }
  } finally {
    await file.close()
  }
  return changed
}
