// Dropout as factors that come with a batch: 0 with probability p, else 1 / (1 − p). Comes in: extents; a
// batch. Goes out: names and shapes of the factors; activations times their factors. A batch without them,
// as those of an evaluation, has no dropout.
// Source: Srivastava et al., JMLR 15 (2014); where it acts, as in nanoGPT and the GPT-2 of transformers.

import type { Shape, Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { refuseOtherShape } from '../cross-entropy.js'

/** Where it acts within a block: on the weights of attention, and on what each half adds to the stream. */
export type DroppedPart = 'scores' | 'attention' | 'feedForward'

const EMBEDDING = 'dropout.embedding'

/** Name of the factors of a part of block i. */
const nameOf = (block: number, part: DroppedPart): string => `dropout.${block}.${part}`

/** Factors of one batch, where it has them. */
export interface Dropout {
  /** Thin out the rows [B · T, d] of the embedding. */
  embedding(x: tf.Tensor): tf.Tensor
  /** Thin out what a half of a block adds to the rows [B · T, d]. */
  added(block: number, part: Exclude<DroppedPart, 'scores'>, x: tf.Tensor): tf.Tensor
  /** The factors [B, H, T, T] of the weights of attention; undefined without dropout. */
  scores(block: number): tf.Tensor | undefined
}

/** Nothing is thinned out. */
export const noDropout: Dropout = Object.freeze<Dropout>({
  embedding: (x) => x,
  added: (_block, _part, x) => x,
  scores: () => undefined,
})

/** What decides about the shapes of factors. */
export interface DroppedExtents {
  readonly batch: number
  readonly context: number
  /** Width of the stream. */
  readonly dimension: number
  /** Heads of attention of each block. */
  readonly heads: readonly number[]
}

/** Names and shapes of all factors; the first axis is that of the batch, so that parts of it have theirs. */
export function dropoutShapes({ batch, context, dimension, heads }: DroppedExtents): Tree<Shape> {
  const rows = [batch, context, dimension]
  return Object.fromEntries([
    [EMBEDDING, rows],
    ...heads.flatMap((count, block) => [
      [nameOf(block, 'scores'), [batch, count, context, context]] as const,
      [nameOf(block, 'attention'), rows] as const,
      [nameOf(block, 'feedForward'), rows] as const,
    ]),
  ])
}

/** Read the factors that a batch has. @throws RangeError naming one of another shape. */
export function dropoutOf(inputs: Tree<tf.Tensor>, extents: DroppedExtents): Dropout {
  const shapes = dropoutShapes(extents)
  const factorsOf = (name: string): tf.Tensor | undefined => {
    const factors = name in inputs ? inputs[name] : undefined
    if (factors) refuseOtherShape(name, factors, shapes[name]!, 'one factor for each activation')
    return factors
  }
  const times = (name: string, x: tf.Tensor): tf.Tensor => {
    const factors = factorsOf(name)
    return factors ? tf.mul(x, tf.reshape(factors, x.shape)) : x
  }
  return {
    embedding: (x) => times(EMBEDDING, x),
    added: (block, part, x) => times(nameOf(block, part), x),
    scores: (block) => factorsOf(nameOf(block, 'scores')),
  }
}
