// What a second cast would do to a file that was just written. Comes in: its path, what was cast, how. Goes out: how many weights would
// change, read only where they can. Source: docs/design/03-formats-and-methods.md (casting twice).

import { openCheckpoint } from '@lotion/checkpoints'
import type { NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { formatTitle } from '@lotion/formats'
import { terminalText } from '../console/terminal-text.js'
import type { WeightPlan } from './weight-plan.js'
import { chosenReader } from './weight-reader.js'
import { weightMeter } from './weight-statistics.js'

/** What was cast, and how. */
export interface FirstCast extends Pick<WeightPlan, 'chosen'> {
  /** The file that was written, its weights not packed. */
  readonly path: string
  readonly format: NumberFormat
  /** Whether a noise chose the points: a block's largest weight may then have become a smaller point than its nearest. */
  readonly noisy: boolean
  /** Whether the bytes of the format hold the scales of its rule. */
  readonly packable: boolean
  /** Weights that were on the grid before, and are as they were. */
  readonly recorded: { has(name: string): boolean }
  readonly signal: AbortSignal
}

/**
 * Say how many weights a second cast would change; nothing if it changes none. Nearest casts by a rule that claims to repeat are
 * believed, all others read again. Weights written in 16 bits are not counted: they are on no grid that is recorded.
 */
export async function secondCastWarning(cast: FirstCast): Promise<string | undefined> {
  const { path, chosen, format, noisy, packable, recorded, signal } = cast
  const { scale, grid } = format
  if (!noisy && (scale.claims.repeats?.(grid) ?? true)) return undefined
  const measure = weightMeter(cpuExecutor(), format)
  const changed: string[] = []
  const file = await openCheckpoint(path)
  try {
    for (const [name, { shape, axis, layout, bits }] of chosen) {
      const { dtype } = file.tensors[name]!
      if (recorded.has(name) || dtype === 'F16' || dtype === 'BF16') continue
      signal.throwIfAborted()
      const reader = chosenReader(file, name, { dtype, shape, axis, layout, bits })
      const { weights, onGrid } = await measure(reader, layout)
      if (onGrid < weights) changed.push(`${weights - onGrid} of ${weights} of ${terminalText(name)}`)
    }
  } finally {
    await file.close()
  }
  if (changed.length === 0) return undefined
  const more = changed.length > 3 ? ` and some of ${changed.length - 3} more tensors` : ''
  return (
    `a second cast of ${terminalText(path)} to ${formatTitle(format)}, scale ${scale.name}, finds other scales and would change weights: ` +
    `${changed.slice(0, 3).join(', ')}${more}; it is refused. ` +
    (packable
      ? 'For codes and scales, cast the original weights once, with --packed'
      : 'Keep the original weights for casts to come')
  )
}
