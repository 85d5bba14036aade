// Part of the indexing rules: rows added by id, in an order that no thread can change.
// Comes in: rows [n, width], ids [n]. Goes out: sums [segments, width]; the last position of each id. Ids are
// sorted (stably), so equal ids are neighbours; a segmented prefix sum adds them in order of position, and
// one row of each segment is read out. No operator here adds at repeated indices: onnxruntime's ScatterND
// with a reduction does so from several threads at once and loses terms.

import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import {
  binary,
  cast,
  concat,
  fill,
  gatherRows,
  iota,
  predicate,
  reshape,
  slice,
  where,
} from '../graph/operators.js'

// Rows that one product sums: 32 · 2 flops an element, and far below the depth at which onnxruntime splits a
// product's sum (128 terms), so that its order is the same on any number of threads.
const BLOCK_LENGTH = 32

/**
 * Sum rows by id: out[s] = Σ x[i] over ids[i] = s, in order of i within blocks of 32 and of blocks; ids
 * outside [0, segments) are left out. The bits depend on x and ids alone. A value that is not finite makes
 * the sums of its block's neighbours NaN.
 */
export function segmentSum(
  graph: GraphBuilder,
  x: GraphTensor,
  ids: GraphTensor,
  segments: number,
): GraphTensor {
  const [count = 0, width = 1] = x.shape
  if (count === 0) return fill(graph, 0, [segments, width], x.dtype)
  const { order, sorted, last } = sortIds(graph, ids, segments)
  const sums = prefixSums(graph, sorted, gatherRows(graph, x, order))
  const none = fill(graph, 0, [1, width], x.dtype)
  return gatherRows(graph, concat(graph, [sums, none], 0), last)
}

/**
 * Find for each of `segments` ids the last i with ids[i] = id, n where there is none: [segments] of int64.
 * Needs n ≥ 1.
 */
export function lastPosition(graph: GraphBuilder, ids: GraphTensor, segments: number): GraphTensor {
  const { order, last } = sortIds(graph, ids, segments)
  return gatherRows(graph, concat(graph, [order, graph.int64s(ids.shape)], 0), last)
}

interface SortedIds {
  /** Position of the i-th id in sorted order; equal ids keep their order. */
  readonly order: GraphTensor
  readonly sorted: GraphTensor
  /** Where each segment ends in sorted order, n where it is empty. */
  readonly last: GraphTensor
}

function sortIds(graph: GraphBuilder, ids: GraphTensor, segments: number): SortedIds {
  const [count = 0] = ids.shape
  const places = iota(graph, count, 'int64')
  const whole = cast(graph, ids, 'int64')
  // Id and position in one integer: no two keys are equal, so there is one order.
  const keys = binary(graph, 'Add', binary(graph, 'Mul', whole, graph.scalar(count, 'int64')), places)
  const keySpec = { shape: [count], dtype: 'int64' } as const
  const [, order] = graph.emitMany('TopK', [keys, graph.int64s([count])], [keySpec, keySpec], {
    axis: { int: 0 },
    largest: { int: 0 },
    sorted: { int: 1 },
  })
  if (order === undefined) throw new Error('TopK must give values and indices')
  const sorted = gatherRows(graph, whole, order)
  const next = slice(graph, sorted, [1], [count])
  const ends = concat(
    graph,
    [
      graph.emit('Not', [predicate(graph, 'Equal', slice(graph, sorted, [0], [count - 1]), next)], {
        shape: next.shape,
        dtype: 'bool',
      }),
      fill(graph, 1, [1], 'bool'),
    ],
    0,
  )
  const known = predicate(
    graph,
    'And',
    predicate(graph, 'GreaterOrEqual', sorted, graph.scalar(0, 'int64')),
    predicate(graph, 'Less', sorted, graph.scalar(segments, 'int64')),
  )
  // All destinations differ: what ends no segment is written behind the table and cut off.
  const apart = binary(graph, 'Add', places, graph.scalar(segments, 'int64'))
  const into = where(graph, predicate(graph, 'And', ends, known), sorted, apart)
  const empty = fill(graph, count, [segments + count], 'int64')
  const table = graph.emit('ScatterND', [empty, reshape(graph, into, [count, 1]), places], empty)
  return { order, sorted, last: slice(graph, table, [0], [segments]) }
}

// out[i] = Σ rows[j] over j ≤ i with ids[j] = ids[i], for sorted ids: a product with ones within blocks, then
// what the blocks before hold of the same id, found by the same sum over the blocks' last rows.
function prefixSums(graph: GraphBuilder, ids: GraphTensor, rows: GraphTensor): GraphTensor {
  const [count = 0, width = 1] = rows.shape
  const blocks = Math.ceil(count / BLOCK_LENGTH)
  const size = blocks === 1 ? count : BLOCK_LENGTH
  const missing = blocks * size - count
  const filled = (x: GraphTensor, value: number, shape: readonly number[]): GraphTensor =>
    missing === 0 ? x : concat(graph, [x, fill(graph, value, shape, x.dtype)], 0)
  const blockIds = reshape(graph, filled(ids, -1, [missing]), [blocks, size])
  const blockRows = reshape(graph, filled(rows, 0, [missing, width]), [blocks, size, width])
  const column = reshape(graph, blockIds, [blocks, size, 1])
  const same = predicate(graph, 'Equal', column, reshape(graph, blockIds, [blocks, 1, size]))
  const mask = cast(graph, predicate(graph, 'And', same, notAfter(graph, size)), rows.dtype)
  const local = graph.emit('MatMul', [mask, blockRows], blockRows)
  const sums = blocks === 1 ? local : carried(graph, blockIds, local)
  return slice(graph, reshape(graph, sums, [blocks * size, width]), [0, 0], [count, width])
}

function carried(graph: GraphBuilder, ids: GraphTensor, local: GraphTensor): GraphTensor {
  const [blocks = 0, size = 0, width = 0] = local.shape
  const lastIds = reshape(graph, slice(graph, ids, [0, size - 1], [blocks, size]), [blocks])
  const lastRows = reshape(graph, slice(graph, local, [0, size - 1, 0], [blocks, size, width]), [
    blocks,
    width,
  ])
  const before = slice(graph, prefixSums(graph, lastIds, lastRows), [0, 0], [blocks - 1, width])
  const row = reshape(graph, concat(graph, [fill(graph, 0, [1, width], local.dtype), before], 0), [
    blocks,
    1,
    width,
  ])
  // The first block continues nothing: its own first id minus 1 equals no id of it, sorted as they are.
  const first = binary(
    graph,
    'Sub',
    slice(graph, reshape(graph, ids, [blocks * size]), [0], [1]),
    graph.scalar(1, 'int64'),
  )
  const idBefore = concat(graph, [first, slice(graph, lastIds, [0], [blocks - 1])], 0)
  const continues = predicate(
    graph,
    'Equal',
    reshape(graph, ids, [blocks, size, 1]),
    reshape(graph, idBefore, [blocks, 1, 1]),
  )
  return where(graph, continues, binary(graph, 'Add', local, row), local)
}

// [1, size, size]: true where the column is not after the row.
function notAfter(graph: GraphBuilder, size: number): GraphTensor {
  const places = iota(graph, size, 'int64')
  return predicate(
    graph,
    'LessOrEqual',
    reshape(graph, places, [1, 1, size]),
    reshape(graph, places, [1, size, 1]),
  )
}
