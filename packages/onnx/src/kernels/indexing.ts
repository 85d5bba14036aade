// Kernel rules: reading and adding by index.
// In: values and int32 indices. Out: gathered rows, scattered sums, one-hot rows. Indices must lie in range: onnxruntime
// refuses others at run time, and reads negative ones from the end.

import { sizeOf } from '@lotion/core'
import type * as tf from '@tensorflow/tfjs'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { cast, fill, iota, predicate, reshape, transpose, where } from '../graph/operators.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'

/** Translate kernels that read or add by index. */
export const indexing: readonly KernelRule[] = [
  defineKernel<'x' | 'indices', tf.GatherV2Attrs>(
    'GatherV2',
    (graph, { x, indices }, { axis, batchDims }) => {
      const along = axis < 0 ? axis + x.shape.length : axis
      const batch = batchDims < 0 ? batchDims + indices.shape.length : batchDims
      if (batch > 0) return batchedGather(graph, x, indices, along, batch)
      const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)]
      return graph.emit('Gather', [x, indices], { shape, dtype: x.dtype }, { axis: { int: along } })
    },
  ),
  defineKernel<'params' | 'indices'>('GatherNd', (graph, { params, indices }) => {
    const depth = indices.shape.at(-1) ?? 0
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)]
    return graph.emit('GatherND', [params, cast(graph, indices, 'int64')], { shape, dtype: params.dtype })
  }),
  defineKernel<'indices' | 'updates', tf.ScatterNdAttrs>(
    'ScatterNd',
    (graph, { indices, updates }, { shape }) =>
      scatterAdd(graph, fill(graph, 0, shape, updates.dtype), indices, updates),
  ),
  defineKernel<'tensor' | 'indices' | 'updates'>(
    'TensorScatterUpdate',
    (graph, { tensor, indices, updates }) =>
      graph.emit('ScatterND', [tensor, cast(graph, indices, 'int64'), updates], tensor),
  ),
  // The gradient of an embedding lookup: rows of x are added to the rows that the ids name.
  defineKernel<'x' | 'segmentIds', tf.UnsortedSegmentSumAttrs>(
    'UnsortedSegmentSum',
    (graph, { x, segmentIds }, { numSegments }) => {
      const rest = x.shape.slice(segmentIds.shape.length)
      const zeros = fill(graph, 0, [numSegments, ...rest], x.dtype)
      return scatterAdd(graph, zeros, reshape(graph, segmentIds, [...segmentIds.shape, 1]), x)
    },
  ),
  // Compared, not scattered: an index out of range gives a row of off values, as in tfjs.
  defineKernel<'indices', tf.OneHotAttrs>(
    'OneHot',
    (graph, { indices }, { depth, onValue, offValue, dtype }) => {
      const type = dtype === 'int32' || dtype === 'bool' ? dtype : 'float32'
      const column = reshape(graph, indices, [...indices.shape, 1])
      const hit = predicate(graph, 'Equal', column, iota(graph, depth, 'int32'))
      if (onValue === 1 && offValue === 0) return cast(graph, hit, type)
      return where(graph, hit, graph.scalar(onValue, type), graph.scalar(offValue, type))
    },
  ),
]

const scatterAdd = (
  graph: GraphBuilder,
  into: GraphTensor,
  indices: GraphTensor,
  updates: GraphTensor,
): GraphTensor =>
  graph.emit('ScatterND', [into, cast(graph, indices, 'int64'), updates], into, {
    reduction: { string: 'add' },
  })

// x as [batch, outer, extent, inner], indices as [batch, count] → [batch, outer, count, inner]: the gathered axis goes first
// within a batch, because ONNX gathers whole trailing blocks.
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
  const ids = cast(graph, reshape(graph, indices, [batch, count, 1]), 'int64')
  const output = { shape: [batch, count, outer, inner], dtype: x.dtype }
  const found = graph.emit('GatherND', [blocks, ids], output, { batch_dims: { int: 1 } })
  const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)]
  return reshape(graph, transpose(graph, found, [0, 2, 1, 3]), shape)
}
