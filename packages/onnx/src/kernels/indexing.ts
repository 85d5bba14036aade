// Kernel rules: reading and adding by index. Comes in: values and int32 indices. Goes out: gathered rows,
// scattered sums, one-hot rows. Indices out of range are refused at run time as by tfjs's cpu backend,
// negative ones included (ONNX itself would count those from the end). Sums do not depend on threads.

import { sizeOf } from '@lotion/core'
import type * as tf from '@tensorflow/tfjs-core'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import {
  binary,
  cast,
  gatherRows,
  iota,
  predicate,
  reshape,
  slice,
  transpose,
  where,
} from '../graph/operators.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'
import { lastPosition, segmentSum } from './segment-sum.js'

/** Translate kernels that read or add by index. */
export const indexing: readonly KernelRule[] = [
  defineKernel<'x' | 'indices', Partial<tf.GatherV2Attrs>>(
    'GatherV2',
    (graph, { x, indices }, { axis = 0, batchDims = 0 }) => {
      const along = axis < 0 ? axis + x.shape.length : axis
      const batch = batchDims < 0 ? batchDims + indices.shape.length : batchDims
      if (batch > 0) return batchedGather(graph, x, indices, along, batch)
      const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)]
      const ids = refuseNegative(graph, indices, [x.shape[along] ?? 0])
      return graph.emit('Gather', [x, ids], { shape, dtype: x.dtype }, { axis: { int: along } })
    },
  ),
  defineKernel<'params' | 'indices'>('GatherNd', (graph, { params, indices }) => {
    const depth = indices.shape.at(-1) ?? 0
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)]
    const ids = refuseNegative(graph, indices, params.shape.slice(0, depth))
    return graph.emit('GatherND', [params, cast(graph, ids, 'int64')], { shape, dtype: params.dtype })
  }),
  defineKernel<'indices' | 'updates', tf.ScatterNdAttrs>(
    'ScatterNd',
    (graph, { indices, updates }, { shape }) => {
      const { rows, ids, segments } = addressed(graph, indices, updates, shape)
      return reshape(graph, segmentSum(graph, rows, ids, segments), shape)
    },
  ),
  // The last of equal indices wins, as in tfjs: every one of them writes the last one's row, so their order
  // does not matter.
  defineKernel<'tensor' | 'indices' | 'updates'>(
    'TensorScatterUpdate',
    (graph, { tensor, indices, updates }) => {
      const { rows, ids, segments } = addressed(graph, indices, updates, tensor.shape)
      if (sizeOf(ids.shape) === 0) return tensor
      const winners = gatherRows(graph, lastPosition(graph, ids, segments), ids)
      const table = reshape(graph, tensor, [segments, rows.shape[1] ?? 1])
      const to = reshape(graph, cast(graph, ids, 'int64'), [...ids.shape, 1])
      const written = graph.emit('ScatterND', [table, to, gatherRows(graph, rows, winners)], table)
      return reshape(graph, written, tensor.shape)
    },
  ),
  // The gradient of an embedding lookup: rows of x are added to the rows that the ids name; others are left
  // out, as in tfjs.
  defineKernel<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs>(
    'UnsortedSegmentSum',
    (graph, { x, segmentIds }, { numSegments }) => {
      const rest = x.shape.slice(segmentIds.shape.length)
      const count = sizeOf(segmentIds.shape)
      const rows = reshape(graph, x, [count, sizeOf(rest)])
      const sums = segmentSum(graph, rows, reshape(graph, segmentIds, [count]), numSegments)
      return reshape(graph, sums, [numSegments, ...rest])
    },
  ),
  // Compared, not scattered: an index out of range gives a row of off values, as in tfjs.
  defineKernel<'indices', Pick<tf.OneHotAttrs, 'depth'> & Partial<tf.OneHotAttrs>>(
    'OneHot',
    (graph, { indices }, { depth, onValue = 1, offValue = 0, dtype }) => {
      const type = dtype === 'int32' || dtype === 'bool' ? dtype : 'float32'
      const column = reshape(graph, indices, [...indices.shape, 1])
      const hit = predicate(graph, 'Equal', column, iota(graph, depth, 'int32'))
      if (onValue === 1 && offValue === 0) return cast(graph, hit, type)
      return where(graph, hit, graph.scalar(onValue, type), graph.scalar(offValue, type))
    },
  ),
]

// ONNX counts a negative index from the end. One that is pushed below −extent is refused.
function refuseNegative(graph: GraphBuilder, indices: GraphTensor, extents: readonly number[]): GraphTensor {
  const [extent = 0] = extents
  const limit =
    extents.length === 1
      ? graph.scalar(extent, 'int32')
      : graph.constant(extents, { shape: [extents.length], dtype: 'int32' })
  const negative = predicate(graph, 'Less', indices, graph.scalar(0, 'int32'))
  return where(graph, negative, binary(graph, 'Sub', indices, limit), indices)
}

// An address of several indices, over the leading axes of `shape`, as one: Σ index · stride.
function addressed(
  graph: GraphBuilder,
  indices: GraphTensor,
  updates: GraphTensor,
  shape: readonly number[],
): { readonly rows: GraphTensor; readonly ids: GraphTensor; readonly segments: number } {
  const depth = indices.shape.at(-1) ?? 0
  const count = sizeOf(indices.shape.slice(0, -1))
  const extents = shape.slice(0, depth)
  const columns = reshape(graph, refuseNegative(graph, indices, extents), [count, depth])
  const parts = extents.map((extent, axis) => {
    const column = reshape(graph, slice(graph, columns, [0, axis], [count, axis + 1]), [count])
    // Read from a count, so that an index out of range is refused and not added to another row.
    const checked = gatherRows(graph, iota(graph, extent, 'int32'), column)
    const stride = sizeOf(extents.slice(axis + 1))
    return stride === 1 ? checked : binary(graph, 'Mul', checked, graph.scalar(stride, 'int32'))
  })
  const [first, ...others] = parts
  if (first === undefined) throw new Error('expected indices with at least one column, found none')
  const ids = others.reduce((sum, part) => binary(graph, 'Add', sum, part), first)
  return {
    rows: reshape(graph, updates, [count, sizeOf(shape.slice(depth))]),
    ids,
    segments: sizeOf(extents),
  }
}

// x as [batch, outer, extent, inner], indices as [batch, count] → [batch, outer, count, inner]: the gathered
// axis goes first within a batch, because ONNX gathers whole trailing blocks.
function batchedGather(
  graph: GraphBuilder,
  x: GraphTensor,
  indices: GraphTensor,
  axis: number,
  batchDims: number,
): GraphTensor {
  const batch = sizeOf(x.shape.slice(0, batchDims))
  const outer = sizeOf(x.shape.slice(batchDims, axis))
  const inner = sizeOf(x.shape.slice(axis + 1))
  const count = sizeOf(indices.shape.slice(batchDims))
  const blocks = transpose(graph, reshape(graph, x, [batch, outer, x.shape[axis] ?? 1, inner]), [0, 2, 1, 3])
  const checked = refuseNegative(graph, indices, [x.shape[axis] ?? 0])
  const ids = cast(graph, reshape(graph, checked, [batch, count, 1]), 'int64')
  const output = { shape: [batch, count, outer, inner], dtype: x.dtype }
  const found = graph.emit('GatherND', [blocks, ids], output, { batch_dims: { int: 1 } })
  const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)]
  return reshape(graph, transpose(graph, found, [0, 2, 1, 3]), shape)
}
