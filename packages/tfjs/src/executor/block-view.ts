// Blocks as an axis: weights laid out so that one axis runs over a block's weights. Comes in: a layout.
// Goes out: [rows, size] or [rows, size, inner] tensors and back; short last blocks are padded.

import type { BlockLayout, Shape } from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs-core'

type Tf = typeof tfjs

/** How weights become blocks along axis 1, in the numbering of the layout. */
export interface BlockView {
  /** One value a weight, padding included. */
  readonly shape: number[]
  /** One value a block. */
  readonly blockShape: number[]
  /** Lay out one value a weight. */
  split(x: tfjs.Tensor): tfjs.Tensor
  /** Undo `split`, dropping the padding. */
  join(x: tfjs.Tensor, shape: Shape): tfjs.Tensor
  /** 0 where there is no weight; for reductions. */
  masked(x: tfjs.Tensor): tfjs.Tensor
}

/** Make the view of a layout. Its mask is made when it is first asked for: use it within one `tf.tidy`. */
export function blockView(tf: Tf, { outer, length, inner, size }: BlockLayout): BlockView {
  const perLine = size > 0 ? Math.ceil(length / size) : 0
  const missing = perLine * size - length
  const tail = inner === 1 ? [] : [inner]
  const shape = [outer * perLine, size, ...tail]
  const pad = (x: tfjs.Tensor): tfjs.Tensor =>
    tf.pad(tf.reshape(x, [outer, length, inner]), [
      [0, 0],
      [0, missing],
      [0, 0],
    ])
  let mask: tfjs.Tensor | undefined
  return {
    shape,
    blockShape: [outer * perLine, 1, ...tail],
    split: (x) => tf.reshape(missing > 0 ? pad(x) : x, shape),
    join: (x, to) => {
      if (missing === 0) return tf.reshape(x, [...to])
      const whole = tf.reshape(x, [outer, perLine * size, inner])
      return tf.reshape(tf.slice(whole, [0, 0, 0], [outer, length, inner]), [...to])
    },
    masked: (x) => {
      if (missing === 0) return x
      mask ??= tf.reshape(pad(tf.ones([outer * length * inner])), shape)
      return tf.where(tf.less(0, mask), x, tf.zerosLike(x))
    },
  }
}
