// Token ids → rows of activations. Comes in: names, extents. Goes out: parts that look ids up in a table, and
// add a learned vector of the position where positions are learned.

import { leafOf, type Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../parameter.js'
import type { Window } from './window.js'

/** What begins a decoder: ids int32 [B · T] → rows [B · T, d]. */
export interface Embedding {
  readonly parameters: Tree<Parameter>
  apply(params: Tree<tf.Tensor>, ids: tf.Tensor, window: Window): tf.Tensor
}

/** Look ids up in the table `name`, [V, d] of deviation `std`. */
export function tokenEmbedding(name: string, rows: number, dimension: number, std: number): Embedding {
  return {
    parameters: { [name]: { shape: [rows, dimension], mean: 0, std } },
    apply: (params, ids) => tf.gather(leafOf(params, name, 'params'), ids),
  }
}

/** Add to `tokens` the row of the position in the table `name`, [positions, d] of deviation `std`. */
export function withLearnedPositions(
  tokens: Embedding,
  name: string,
  rows: number,
  dimension: number,
  std: number,
): Embedding {
  return {
    parameters: { ...tokens.parameters, [name]: { shape: [rows, dimension], mean: 0, std } },
    apply(params, ids, window) {
      const { batch, context, positions, fromStart } = window
      const table = leafOf(params, name, 'params')
      const x = tokens.apply(params, ids, window)
      if (!fromStart) {
        // A row that is filled up may stand beyond the table; nobody reads what comes of it.
        const at = tf.minimum(tf.reshape(positions, [batch * context]), rows - 1)
        return tf.add(x, tf.gather(table, tf.cast(at, 'int32')))
      }
      const added = tf.add(
        tf.reshape(x, [batch, context, dimension]),
        tf.slice(table, [0, 0], [context, dimension]),
      )
      return tf.reshape(added, [batch * context, dimension])
    },
  }
}
