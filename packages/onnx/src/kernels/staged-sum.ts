// Part of the reduction rules: sums over axes whose rounding error grows with the logarithm of their length.
// Comes in: x and axes. Goes out: their sum, axes kept at 1 or removed. onnxruntime adds along leading axes
// one element after the other (error of n terms, in the 6th digit for thousands); in stages of at most 64
// terms each it is that of some dozens. Rows it adds well by itself.
// Source: Higham, "The accuracy of floating point summation" (1993), on blocked sums.

import { sizeOf } from '@lotion/core'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, reduce, reshape, slice } from '../graph/operators.js'

// Terms of a stage: along columns one after the other; along rows in 16 or more sums side by side, then
// those.
const LONGEST_COLUMN = 64
const LONGEST_ROW = 4096

/**
 * Sum over axes (counted from the front, without repeats) in stages; integers are exact in any order and take
 * one stage.
 */
export function stagedSum(
  graph: GraphBuilder,
  x: GraphTensor,
  axes: readonly number[],
  keepDims: boolean,
): GraphTensor {
  if (x.dtype !== 'float32') return reduce(graph, 'ReduceSum', x, axes, keepDims)
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
  const summed = runsOf(axes).reduce((sum, [first, end]) => {
    const before = sizeOf(sum.shape.slice(0, first))
    const within = sizeOf(sum.shape.slice(first, end))
    const after = sizeOf(sum.shape.slice(end))
    const total = alongMiddle(graph, reshape(graph, sum, [before, within, after]))
    return reshape(graph, total, [
      ...sum.shape.slice(0, first),
      ...kept.slice(first, end),
      ...sum.shape.slice(end),
    ])
  }, x)
  return keepDims
    ? summed
    : reshape(
        graph,
        summed,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      )
}

// [before, n, after] → [before, 1, after].
function alongMiddle(graph: GraphBuilder, x: GraphTensor): GraphTensor {
  const [before = 1, length = 1, after = 1] = x.shape
  const longest = after === 1 ? LONGEST_ROW : LONGEST_COLUMN
  if (length <= longest) return oneStage(graph, x)
  const stage = stageOf(length, longest)
  const whole = Math.floor(length / stage)
  const main = slice(graph, x, [0, 0, 0], [before, whole * stage, after])
  const partial = oneStage(graph, reshape(graph, main, [before * whole, stage, after]))
  const sum = alongMiddle(graph, reshape(graph, partial, [before, whole, after]))
  if (whole * stage === length) return sum
  const rest = slice(graph, x, [0, whole * stage, 0], [before, length, after])
  return binary(graph, 'Add', sum, alongMiddle(graph, rest))
}

// Columns as a product with ones: onnxruntime's ReduceSum takes other ways, with other bits, where there are
// fewer sums than threads. 64 terms are too few for a product to be cut. Rows without a last axis of 1, which
// it reads ten times slower.
function oneStage(graph: GraphBuilder, x: GraphTensor): GraphTensor {
  const [before = 1, length = 1, after = 1] = x.shape
  if (length === 1) return x
  if (after > 1) {
    const ones = graph.constant(new Float32Array(length).fill(1), { shape: [1, length], dtype: 'float32' })
    return graph.emit('MatMul', [ones, x], { shape: [before, 1, after], dtype: 'float32' })
  }
  return reshape(graph, reduce(graph, 'ReduceSum', reshape(graph, x, [before, length]), [1], true), [
    before,
    1,
    1,
  ])
}

// A divisor, the largest: nothing is left over and nothing is copied. A length without one is cut.
function stageOf(length: number, longest: number): number {
  for (let stage = longest; stage >= 8; stage--) if (length % stage === 0) return stage
  return longest
}

// Axes that follow each other are one; from the back, so that earlier ones keep their places.
function runsOf(axes: readonly number[]): readonly (readonly [first: number, end: number])[] {
  const runs: (readonly [number, number])[] = []
  for (const axis of axes.toSorted((a, b) => b - a)) {
    const last = runs.at(-1)
    if (last !== undefined && last[0] === axis + 1) runs[runs.length - 1] = [axis, last[1]]
    else runs.push([axis, axis + 1])
  }
  return runs
}
