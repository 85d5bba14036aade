// Kernel rules: the same elements in another arrangement, or some of them. Comes in: x and static shape
// arguments. Goes out: x reshaped, permuted, cut, joined, repeated, padded or reversed.

import { sizeOf } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { concat, reshape, slice, split, transpose } from '../graph/operators.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'

/** Translate kernels that rearrange elements. */
export const layout: readonly KernelRule[] = [
  defineKernel<'x', tf.ReshapeAttrs>('Reshape', (graph, { x }, { shape }) =>
    reshape(graph, x, tf.util.inferFromImplicitShape([...shape], sizeOf(x.shape))),
  ),
  defineKernel<'input', tf.ExpandDimsAttrs>('ExpandDims', (graph, { input }, { dim }) => {
    const axis = dim < 0 ? dim + input.shape.length + 1 : dim
    return reshape(graph, input, input.shape.toSpliced(axis, 0, 1))
  }),
  defineKernel<'x', tf.TransposeAttrs>('Transpose', (graph, { x }, { perm }) => transpose(graph, x, perm)),
  defineKernel<'x', tf.SliceAttrs>('Slice', (graph, { x }, attributes) => {
    const [begin = [], size = []] = tf.slice_util.parseSliceParams(
      asInfo(x),
      attributes.begin,
      attributes.size,
    )
    return slice(
      graph,
      x,
      begin,
      begin.map((from, axis) => from + (size[axis] ?? 0)),
    )
  }),
  defineKernel<'x', tf.StridedSliceAttrs>('StridedSlice', (graph, { x }, attributes) => {
    const { begin, end, strides, ...masks } = attributes
    const cut = tf.slice_util.sliceInfo(
      [...x.shape],
      begin,
      end,
      strides,
      masks.beginMask,
      masks.endMask,
      masks.ellipsisMask,
      masks.newAxisMask,
      masks.shrinkAxisMask,
    )
    return reshape(graph, slice(graph, x, cut.begin, cut.end, cut.strides), cut.finalShape)
  }),
  defineKernel<string, tf.ConcatAttrs>('Concat', (graph, tensors, { axis }) => {
    const parts = Object.values(tensors)
    const filled = parts.filter(({ shape }) => sizeOf(shape) > 0)
    return concat(graph, filled.length > 0 ? filled : parts.slice(0, 1), positive(axis, parts[0]))
  }),
  defineKernel<string, tf.PackAttrs>('Pack', (graph, tensors, { axis }) => {
    const parts = Object.values(tensors).map((x) => reshape(graph, x, x.shape.toSpliced(axis, 0, 1)))
    return concat(graph, parts, axis)
  }),
  defineKernel<'value', tf.UnpackAttrs>('Unpack', (graph, { value }, { axis }) => {
    const along = positive(axis, value)
    const sizes = Array.from({ length: value.shape[along] ?? 0 }, () => 1)
    const shape = value.shape.toSpliced(along, 1)
    return split(graph, value, sizes, along).map((part) => reshape(graph, part, shape))
  }),
  defineKernel<'x', tf.SplitVAttrs>('SplitV', (graph, { x }, { numOrSizeSplits, axis }) => {
    const along = positive(axis, x)
    return split(graph, x, tf.backend_util.prepareSplitSize(asTensor(x), numOrSizeSplits, along), along)
  }),
  defineKernel<'x', tf.TileAttrs>('Tile', (graph, { x }, { reps }) => {
    if (reps.every((count) => count === 1)) return x
    const shape = x.shape.map((extent, axis) => extent * (reps[axis] ?? 1))
    // Repeating an extent of 1 is a broadcast, which Expand does without a general tiling loop.
    const broadcasts = x.shape.every((extent, axis) => extent === 1 || reps[axis] === 1)
    return graph.emit(broadcasts ? 'Expand' : 'Tile', [x, graph.int64s(broadcasts ? shape : reps)], {
      shape,
      dtype: x.dtype,
    })
  }),
  defineKernel<'x', Pick<tf.PadV2Attrs, 'paddings'> & Partial<tf.PadV2Attrs>>(
    'PadV2',
    (graph, { x }, { paddings, constantValue = 0 }) => {
      const value = graph.scalar(constantValue, x.dtype)
      return graph.emit('Pad', [x, padCounts(graph, paddings), value], padded(x, paddings))
    },
  ),
  defineKernel<'x', tf.MirrorPadAttrs>('MirrorPad', (graph, { x }, { paddings, mode }) => {
    if (mode !== 'reflect') {
      throw new Error(
        `mirrorPad mode '${mode}' has no ONNX operator; use 'reflect', or concatenate reversed slices`,
      )
    }
    const counts = padCounts(graph, paddings)
    return graph.emit('Pad', [x, counts], padded(x, paddings), { mode: { string: mode } })
  }),
  defineKernel<'x', tf.ReverseAttrs>('Reverse', (graph, { x }, { dims }) => {
    const turned = x.shape.map((_, axis) => tf.util.parseAxisParam(dims, [...x.shape]).includes(axis))
    const begin = x.shape.map((extent, axis) => (turned[axis] ? extent - 1 : 0))
    const end = x.shape.map((extent, axis) => (turned[axis] ? -1 : extent))
    const steps = turned.map((reversed) => (reversed ? -1 : 1))
    return slice(graph, x, begin, end, steps)
  }),
]

const positive = (axis: number, x: GraphTensor | undefined): number =>
  axis < 0 ? axis + (x?.shape.length ?? 0) : axis

type Paddings = readonly (readonly [number, number])[]

const padCounts = (graph: GraphBuilder, paddings: Paddings): GraphTensor =>
  graph.int64s([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)])

const padded = (x: GraphTensor, paddings: Paddings): Pick<GraphTensor, 'shape' | 'dtype'> => ({
  shape: x.shape.map((extent, axis) => extent + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0)),
  dtype: x.dtype,
})

// tfjs's shape functions are typed over tensors but read shapes only.
const asInfo = (x: GraphTensor): tf.TensorInfo => ({ dataId: {}, shape: [...x.shape], dtype: 'float32' })
const asTensor = (x: GraphTensor): tf.Tensor => asInfo(x) as tf.Tensor
