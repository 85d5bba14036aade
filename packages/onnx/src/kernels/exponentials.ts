// Part of the elementwise rules: logarithms and exponentials that give an element the same bits wherever it
// stands. Comes in: x. Goes out: f(x), same shape. onnxruntime's own Log, Elu and Selu take elements in
// vectors, what is left over at the ends of a thread's share one by one, and by another formula: the last bit
// depends on the number of threads. Its Exp and Tanh do not, nor its reductions' logarithm.
// Source: Kahan, on log(1 + x); order-of-threads.test.ts.

import { sizeOf } from '@lotion/core'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, predicate, reduce, reshape, unary, where } from '../graph/operators.js'

/** log x, as the logarithm of a sum of one term, which is computed one element at a time. */
export function logarithm(graph: GraphBuilder, x: GraphTensor): GraphTensor {
  const last = x.shape.at(-1) ?? 1
  const terms = reshape(graph, x, [sizeOf(x.shape.slice(0, -1)), last, 1])
  return reshape(graph, reduce(graph, 'ReduceLogSum', terms, [2], false), x.shape)
}

/**
 * log(u)·x/(u − 1) with u = 1 + x: the rounding error of 1 + x cancels (Kahan). Above 1 it is negligible, and
 * ∞/∞ is avoided.
 */
export function log1p(graph: GraphBuilder, x: GraphTensor): GraphTensor {
  const one = graph.scalar(1)
  const u = binary(graph, 'Add', one, x)
  const log = logarithm(graph, u)
  const corrected = binary(graph, 'Mul', log, binary(graph, 'Div', x, binary(graph, 'Sub', u, one)))
  const small = where(graph, predicate(graph, 'Equal', u, one), x, corrected)
  return where(graph, predicate(graph, 'Greater', x, one), log, small)
}

/**
 * 2t/(1 − t) with t = tanh(x/2) is e^x − 1 without cancellation near 0; far from 0 the plain difference is
 * exact enough.
 */
export function expm1(graph: GraphBuilder, x: GraphTensor): GraphTensor {
  const one = graph.scalar(1)
  const t = unary(graph, 'Tanh', binary(graph, 'Mul', x, graph.scalar(0.5)))
  const near = binary(graph, 'Div', binary(graph, 'Add', t, t), binary(graph, 'Sub', one, t))
  const far = binary(graph, 'Sub', unary(graph, 'Exp', x), one)
  return where(graph, predicate(graph, 'Less', unary(graph, 'Abs', x), one), near, far)
}

/** γ x where x > 0, γ α (e^x − 1) elsewhere. */
export function elu(graph: GraphBuilder, x: GraphTensor, alpha = 1, gamma = 1): GraphTensor {
  const scaled = (y: GraphTensor, by: number): GraphTensor =>
    by === 1 ? y : binary(graph, 'Mul', y, graph.scalar(by))
  const positive = predicate(graph, 'Greater', x, graph.scalar(0))
  return where(graph, positive, scaled(x, gamma), scaled(expm1(graph, x), gamma * alpha))
}
