// Vocabulary of the kernel rules: ONNX operators whose output shape follows from their operands. Comes in: a
// builder and statically shaped values. Goes out: a value. Source: ONNX operator specifications, opset 21.

import type { Shape } from '@lotion/core'
import type { Attributes, GraphBuilder } from './graph-builder.js'
import type { GraphTensor, GraphType } from './onnx-graph.js'

/**
 * Broadcast shapes by NumPy's rule: aligned at the right, extents equal or 1.
 * @throws if they do not fit.
 */
export function broadcastShape(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => {
    const extents = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)
    const extent = extents.find((value) => value !== 1) ?? 1
    if (extents.some((value) => value !== 1 && value !== extent)) {
      throw new Error(
        `shapes ${shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')} do not broadcast`,
      )
    }
    return extent
  })
}

/** Apply an elementwise operator of one operand. */
export const unary = (
  graph: GraphBuilder,
  op: string,
  x: GraphTensor,
  attributes?: Attributes,
): GraphTensor => graph.emit(op, [x], x, attributes)

/** Apply an elementwise operator of two operands with broadcasting; the type is that of `a`. */
export const binary = (graph: GraphBuilder, op: string, a: GraphTensor, b: GraphTensor): GraphTensor =>
  graph.emit(op, [a, b], { shape: broadcastShape(a.shape, b.shape), dtype: a.dtype })

/** Apply a comparison or logical operator of two operands with broadcasting. */
export const predicate = (graph: GraphBuilder, op: string, a: GraphTensor, b: GraphTensor): GraphTensor =>
  graph.emit(op, [a, b], { shape: broadcastShape(a.shape, b.shape), dtype: 'bool' })

/** Choose `yes` where the condition holds and `no` elsewhere, with broadcasting. */
export function where(
  graph: GraphBuilder,
  condition: GraphTensor,
  yes: GraphTensor,
  no: GraphTensor,
): GraphTensor {
  const shape = broadcastShape(condition.shape, yes.shape, no.shape)
  // onnxruntime has no Where over booleans.
  if (yes.dtype !== 'bool') return graph.emit('Where', [condition, yes, no], { shape, dtype: yes.dtype })
  const chosen = [cast(graph, yes, 'int32'), cast(graph, no, 'int32')]
  return cast(graph, graph.emit('Where', [condition, ...chosen], { shape, dtype: 'int32' }), 'bool')
}

/** Convert elements to another type; floats are truncated to integers, non-zero is true. */
export const cast = (graph: GraphBuilder, x: GraphTensor, dtype: GraphType): GraphTensor =>
  x.dtype === dtype
    ? x
    : graph.emit('Cast', [x], { shape: x.shape, dtype }, { to: { int: castTargets[dtype] } })

const castTargets: Readonly<Record<GraphType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 }

/** Give the same elements another shape. */
export const reshape = (graph: GraphBuilder, x: GraphTensor, shape: Shape): GraphTensor =>
  sameShape(x.shape, shape)
    ? x
    : graph.emit('Reshape', [x, graph.int64s(shape)], { shape, dtype: x.dtype }, allowZero)

// A zero extent must mean zero, not "copy from the input".
const allowZero: Attributes = { allowzero: { int: 1 } }

/** Permute axes: axis i of the result is axis perm[i] of x. */
export function transpose(graph: GraphBuilder, x: GraphTensor, perm: readonly number[]): GraphTensor {
  if (perm.every((axis, i) => axis === i)) return x
  const shape = perm.map((axis) => x.shape[axis] ?? 1)
  return graph.emit('Transpose', [x], { shape, dtype: x.dtype }, { perm: { ints: perm } })
}

/** Repeat x to a shape it broadcasts to. */
const expand = (graph: GraphBuilder, x: GraphTensor, shape: Shape): GraphTensor =>
  sameShape(x.shape, shape) ? x : graph.emit('Expand', [x, graph.int64s(shape)], { shape, dtype: x.dtype })

/** Fill a shape with one value. */
export const fill = (graph: GraphBuilder, value: number, shape: Shape, dtype: GraphType): GraphTensor =>
  expand(graph, graph.scalar(value, dtype), shape)

/** Reduce over axes with an operator such as ReduceSum. */
export function reduce(
  graph: GraphBuilder,
  op: string,
  x: GraphTensor,
  axes: readonly number[],
  keepDims: boolean,
): GraphTensor {
  if (axes.length === 0) return x
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
  const shape = keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis))
  return graph.emit(
    op,
    [x, graph.int64s(axes)],
    { shape, dtype: x.dtype },
    { keepdims: { int: keepDims ? 1 : 0 } },
  )
}

/** Cut begin (inclusive) to end (exclusive) along every axis, in steps; a negative step runs backwards. */
export function slice(
  graph: GraphBuilder,
  x: GraphTensor,
  begin: readonly number[],
  end: readonly number[],
  steps: readonly number[] = begin.map(() => 1),
): GraphTensor {
  const shape = begin.map((from, axis) => {
    const step = steps[axis] ?? 1
    return Math.max(0, Math.ceil(((end[axis] ?? 0) - from) / step))
  })
  if (sameShape(shape, x.shape) && steps.every((step) => step === 1)) return x
  // Going backwards, "before element 0" is written as a number below −extent: −1 would mean the last element.
  const ends = end.map((to, axis) => ((steps[axis] ?? 1) < 0 && to < 0 ? -(x.shape[axis] ?? 0) - 1 : to))
  const axes = graph.int64s(begin.map((_, axis) => axis))
  const operands = [x, graph.int64s(begin), graph.int64s(ends), axes, graph.int64s(steps)]
  return graph.emit('Slice', operands, { shape, dtype: x.dtype })
}

/** Cut into parts of the given extents along an axis. */
export function split(
  graph: GraphBuilder,
  x: GraphTensor,
  sizes: readonly number[],
  axis: number,
): readonly GraphTensor[] {
  if (sizes.length === 1) return [x]
  const outputs = sizes.map((size) => ({ shape: x.shape.with(axis, size), dtype: x.dtype }))
  return graph.emitMany('Split', [x, graph.int64s(sizes)], outputs, { axis: { int: axis } })
}

/** Join along an axis. */
export function concat(graph: GraphBuilder, xs: readonly GraphTensor[], axis: number): GraphTensor {
  const [first] = xs
  if (first === undefined) throw new Error('cannot concatenate nothing')
  if (xs.length === 1) return first
  const extent = xs.reduce((sum, x) => sum + (x.shape[axis] ?? 0), 0)
  const shape = first.shape.map((size, i) => (i === axis ? extent : size))
  return graph.emit('Concat', xs, { shape, dtype: first.dtype }, { axis: { int: axis } })
}

/**
 * Read rows (entries along the first axis) by index; a negative index counts from the end, others out of
 * range are refused at run time.
 */
export const gatherRows = (graph: GraphBuilder, x: GraphTensor, indices: GraphTensor): GraphTensor =>
  graph.emit(
    'Gather',
    [x, indices],
    { shape: [...indices.shape, ...x.shape.slice(1)], dtype: x.dtype },
    { axis: { int: 0 } },
  )

/** Count up: start, start + 1, … (length elements). */
export const iota = (
  graph: GraphBuilder,
  length: number,
  dtype: 'int32' | 'int64' | 'float32',
  start = 0,
): GraphTensor =>
  graph.emit(
    'Range',
    [graph.scalar(start, dtype), graph.scalar(start + length, dtype), graph.scalar(1, dtype)],
    { shape: [length], dtype },
  )

const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, i) => extent === b[i])
