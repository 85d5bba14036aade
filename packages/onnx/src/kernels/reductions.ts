// Kernel rules: reductions over axes, arg-extrema, scans, softmax.
// Comes in: x and axes. Goes out: x with those axes removed or set to 1 (scans and softmax keep the shape).

import type * as tf from '@tensorflow/tfjs-core'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, cast, concat, fill, reduce, slice, unary } from '../graph/operators.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'
import { stagedSum } from './staged-sum.js'

interface AxisAttributes {
  /** tfjs passes null for every axis. */
  readonly axis?: number | number[] | null
  readonly keepDims?: boolean
}

const reduction = (kernel: string, op: string): KernelRule =>
  defineKernel<'x', AxisAttributes>(kernel, (graph, { x }, { axis, keepDims = false }) =>
    reduce(graph, op, x, axesOf(axis, x), keepDims),
  )

const extremeIndex = (kernel: string, op: string): KernelRule =>
  defineKernel<'x', AxisAttributes>(kernel, (graph, { x }, { axis }) => {
    const [along = 0] = axis === undefined || axis === null ? [0] : axesOf(axis, x)
    const shape = x.shape.filter((_, i) => i !== along)
    const attributes = { axis: { int: along }, keepdims: { int: 0 } }
    return cast(graph, graph.emit(op, [x], { shape, dtype: 'int64' }, attributes), 'int32')
  })

const truth = (kernel: string, op: string): KernelRule =>
  defineKernel<'x', AxisAttributes>(kernel, (graph, { x }, { axis, keepDims = false }) =>
    cast(graph, reduce(graph, op, cast(graph, x, 'int32'), axesOf(axis, x), keepDims), 'bool'),
  )

/** Translate reductions, scans and softmax. */
export const reductions: readonly KernelRule[] = [
  defineKernel<'x', tf.MaxAttrs>('Max', (graph, { x }, { reductionIndices, keepDims }) =>
    reduce(graph, 'ReduceMax', x, axesOf(reductionIndices, x), keepDims),
  ),
  reduction('Min', 'ReduceMin'),
  defineKernel<'x', AxisAttributes>('Prod', (graph, { x }, { axis, keepDims = false }) =>
    reduce(graph, 'ReduceProd', countable(graph, x), axesOf(axis, x), keepDims),
  ),
  defineKernel<'x', AxisAttributes>('Sum', (graph, { x }, { axis, keepDims = false }) =>
    stagedSum(graph, countable(graph, x), axesOf(axis, x), keepDims),
  ),
  defineKernel<'x', AxisAttributes>('Mean', (graph, { x }, { axis, keepDims = false }) =>
    mean(graph, cast(graph, x, 'float32'), axesOf(axis, x), keepDims),
  ),
  truth('All', 'ReduceMin'),
  truth('Any', 'ReduceMax'),
  extremeIndex('ArgMax', 'ArgMax'),
  extremeIndex('ArgMin', 'ArgMin'),
  defineKernel<'x', Partial<tf.CumsumAttrs>>(
    'Cumsum',
    (graph, { x }, { axis = 0, exclusive = false, reverse = false }) =>
      graph.emit('CumSum', [x, graph.scalar(axis, 'int32')], x, {
        exclusive: { int: exclusive ? 1 : 0 },
        reverse: { int: reverse ? 1 : 0 },
      }),
  ),
  defineKernel<'x', Partial<tf.CumprodAttrs>>(
    'Cumprod',
    (graph, { x }, { axis = 0, exclusive = false, reverse = false }) =>
      cumulativeProduct(graph, x, axis < 0 ? axis + x.shape.length : axis, exclusive, reverse),
  ),
  defineKernel<'logits', Partial<tf.SoftmaxAttrs>>('Softmax', (graph, { logits }, { dim = -1 }) =>
    unary(graph, 'Softmax', logits, { axis: { int: dim } }),
  ),
  defineKernel<'logits', Partial<tf.LogSoftmaxAttrs>>('LogSoftmax', (graph, { logits }, { axis = -1 }) =>
    unary(graph, 'LogSoftmax', logits, { axis: { int: axis } }),
  ),
  defineKernel<'x', Partial<tf.TopKAttrs>>('TopK', (graph, { x }, { k = 1, sorted = true }) => {
    const shape = [...x.shape.slice(0, -1), k]
    const [values, indices] = graph.emitMany(
      'TopK',
      [x, graph.int64s([k])],
      [
        { shape, dtype: x.dtype },
        { shape, dtype: 'int64' },
      ],
      { axis: { int: x.shape.length - 1 }, largest: { int: 1 }, sorted: { int: sorted ? 1 : 0 } },
    )
    if (values === undefined || indices === undefined) throw new Error('TopK must give values and indices')
    return [values, cast(graph, indices, 'int32')]
  }),
]

// tfjs sums booleans as integers.
const countable = (graph: GraphBuilder, x: GraphTensor): GraphTensor =>
  x.dtype === 'bool' ? cast(graph, x, 'int32') : x

function mean(graph: GraphBuilder, x: GraphTensor, axes: readonly number[], keepDims: boolean): GraphTensor {
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1)
  return binary(graph, 'Div', stagedSum(graph, x, axes, keepDims), graph.scalar(count))
}

function axesOf(axis: AxisAttributes['axis'], x: GraphTensor): readonly number[] {
  const rank = x.shape.length
  const listed =
    axis === undefined || axis === null ? x.shape.map((_, i) => i) : typeof axis === 'number' ? [axis] : axis
  return listed.map((value) => (value < 0 ? value + rank : value))
}

// ONNX has no cumulative product before opset 26: doubling the window each time takes log₂ n multiplications
// (Hillis, Steele).
function cumulativeProduct(
  graph: GraphBuilder,
  x: GraphTensor,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
): GraphTensor {
  const length = x.shape[axis] ?? 1
  const shifted = (y: GraphTensor, by: number): GraphTensor => {
    const zeros = y.shape.map(() => 0)
    const ones = fill(graph, 1, y.shape.with(axis, by), y.dtype)
    if (reverse) return concat(graph, [slice(graph, y, zeros.with(axis, by), y.shape), ones], axis)
    return concat(graph, [ones, slice(graph, y, zeros, y.shape.with(axis, length - by))], axis)
  }
  const steps = Array.from({ length: Math.ceil(Math.log2(Math.max(1, length))) }, (_, i) => 2 ** i)
  const inclusive = steps.reduce((y, by) => binary(graph, 'Mul', y, shifted(y, by)), x)
  return exclusive ? shifted(inclusive, 1) : inclusive
}
