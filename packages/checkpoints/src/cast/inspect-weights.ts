// What a number format would do to the weights of a file. Comes in: a checkpoint, a plan. Goes out: one
// tensor after the other, measured if it was chosen. Source: docs/design/03-formats-and-methods.md.

import type { NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import type { SafetensorsFile } from '../safetensors-view.js'
import type { WeightPlan } from './weight-plan.js'
import { chosenReader, countNotFinite, NotFiniteWeight } from './weight-reader.js'
import { weightMeter, type WeightSums } from './weight-statistics.js'

/** A weight that was looked at. */
export interface InspectedWeight {
  /** Of the weight, as in the plan. */
  readonly name: string
  /** Numbers of it that are infinite or none: then there are no sums. */
  readonly notFinite: number
  /** What the format would do to it; absent if a number is not finite. */
  readonly sums?: WeightSums
}

/**
 * Measure the chosen weights in the plan's order, in pieces: memory does not depend on their size.
 * @param file The file that the plan was made for.
 * @param plan Of `planWeights`, for the same format.
 * @param format What the weights would be cast to, with its scale rule and blocks.
 */
export async function* inspectWeights(
  file: Pick<SafetensorsFile, 'tensors' | 'part' | 'tensor' | 'metadata'>,
  { chosen }: Pick<WeightPlan, 'chosen'>,
  format: NumberFormat,
): AsyncGenerator<InspectedWeight> {
  const measure = weightMeter(cpuExecutor(), format)
  for (const [name, weight] of chosen) {
    const reader = chosenReader(file, name, weight)
    try {
      yield { name, notFinite: 0, sums: await measure(reader, weight.layout) }
    } catch (error) {
      if (!(error instanceof NotFiniteWeight)) throw error
      yield { name, notFinite: await countNotFinite(reader) }
    }
  }
}
