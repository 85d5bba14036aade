// Sums over weights: in the language's own order where the values lie on the host, else in the backend's.
// Comes in: weights laid out in blocks. Goes out: sums by block and parts of totals.
// Source: docs/design/02-lanes.md.

import { eachBlock, sumSpaced } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'
import type { HostMemory } from './host-memory.js'

type Tf = typeof tfjs

/** Ways to add up. A part is one call's share of a total; parts are added in the order of the calls. */
export interface BlockSums {
  /** Sum over axis 1, which stays. */
  perBlock(x: tfjs.Tensor): tfjs.Tensor
  part(x: tfjs.Tensor): tfjs.Tensor | number
  join(parts: readonly (tfjs.Tensor | number)[]): tfjs.Tensor
}

/** Sum in double precision, in the order of `sumInOrder`: the twin's bits. */
export function orderedSums(tf: Tf, memory: HostMemory): BlockSums {
  const sums = (x: tfjs.Tensor): Float64Array => {
    const [rows = 1, size = 1, inner = 1] = x.shape
    const values = memory.view(x)
    const layout = { outer: rows, length: size, inner, size, blocks: rows * inner }
    const found = new Float64Array(layout.blocks)
    eachBlock(layout, (block, first, count, step) => {
      found[block] = sumSpaced(values, first, step, count)
    })
    return found
  }
  return {
    perBlock: (x) => {
      const [rows = 1, , ...tail] = x.shape
      return tf.tensor(Float32Array.from(sums(x)), [rows, 1, ...tail])
    },
    part: (x) => sums(x).reduce((sum, block) => sum + block, 0),
    join: (parts) => tf.scalar(parts.reduce<number>((sum, part) => sum + Number(part), 0)),
  }
}

/** Sum as the backend does, in 32 bits: for values that lie on a device. */
export function backendSums(tf: Tf): BlockSums {
  return {
    perBlock: (x) => tf.sum(x, 1, true),
    part: (x) => tf.sum(x),
    join: (parts) => parts.map((part) => tf.add(tf.scalar(0), part)).reduce((sum, part) => tf.add(sum, part)),
  }
}
