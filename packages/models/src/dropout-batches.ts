// Dropout drawn by key. Comes in: a model, batches by step, a rate, a seed. Goes out: batches with the
// factors that the model's loss multiplies its activations by.
// Source: Srivastava et al., JMLR 15 (2014).

import { leafOf, sizeOf, uniforms, type Batch, type RandomKey } from '@lotion/core'
import type { DecoderModel, CausalConfig } from './decoder/decoder.js'

/** What is thinned out, and how. */
export interface DropoutOptions {
  /** Says where dropout acts: on the embedding, weights of attention, and what each half of a block adds. */
  readonly model: Pick<DecoderModel<CausalConfig>, 'dropoutShapes'>
  /** Probability p of each activation to be 0, at least 0 and below 1; others become 1 / (1 − p) of it. */
  readonly rate: number
  /** Of the draws. */
  readonly seed: number
  /** Batches by step, `{ x, … }`, x of shape [B, T]. */
  readonly batches: (step: number) => Batch
  /** Draws uniforms in [0, 1) by key, such as an executor's. Default: `uniforms` of @lotion/core. */
  readonly draw?: (key: RandomKey, length: number) => Float32Array
}

/**
 * Add dropout to training batches. The factors of a place depend on (seed, step, place) and the batch's shape
 * alone: a run that goes on has the same, and so have the parts that `accumulate` takes a batch in. Batches
 * without factors, those of an evaluation, are evaluated without dropout.
 * @param options Model, rate, seed and batches.
 * @throws RangeError unless the rate is at least 0 and below 1.
 * @example
 * ```ts
 * import { dropoutBatches, llama } from '@lotion/models'
 *
 * const model = llama({ vocabulary: 11, dimension: 8, layers: 1, heads: 2, context: 4 })
 * const ids = { data: Int32Array.of(1, 2, 3, 4), shape: [1, 4] }
 * const batches = dropoutBatches({ model, rate: 0.5, seed: 1, batches: () => ({ x: ids, y: ids }) })
 * console.log(new Set(batches(0)['dropout.embedding']!.data)) // 0 and 2
 * ```
 */
export function dropoutBatches({
  model,
  rate,
  seed,
  batches,
  draw = uniforms,
}: DropoutOptions): (step: number) => Batch {
  if (!(rate >= 0 && rate < 1))
    throw new RangeError(`rate: expected a number of at least 0 and below 1, found ${rate}`)
  if (rate === 0) return batches
  const kept = 1 / (1 - rate)
  return (step) => {
    const batch = batches(step)
    const [rows, context] = leafOf(batch, 'x', 'batch').shape as [number, number]
    const factors = Object.entries(model.dropoutShapes(rows, context)).map(([stream, shape]) => {
      const data = draw({ seed, stream, step }, sizeOf(shape))
      for (let i = 0; i < data.length; i++) data[i] = data[i]! < rate ? 0 : kept
      return [stream, { data, shape }] as const
    })
    return { ...batch, ...Object.fromEntries(factors) }
  }
}
