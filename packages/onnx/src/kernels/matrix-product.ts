// Kernel rules: matrix products.
// In: a [..., m, k], b [..., k, n] (either may be transposed in its last two axes). Out: [..., m, n].
// onnxruntime's FusedMatMul reads transposed operands in place; forward, dA and dB are each one operator.

import type * as tf from '@tensorflow/tfjs'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, broadcastShape } from '../graph/operators.js'
import { fusedActivation } from './fused-activation.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'

/** Translate matrix products. */
export const matrixProduct: readonly KernelRule[] = [
  defineKernel<'a' | 'b', tf.BatchMatMulAttrs>('BatchMatMul', (graph, { a, b }, { transposeA, transposeB }) =>
    product(graph, a, b, transposeA, transposeB),
  ),
  defineKernel<'a' | 'b', tf._FusedMatMulAttrs, 'bias' | 'preluActivationWeights'>(
    '_FusedMatMul',
    (graph, { a, b, bias, preluActivationWeights }, attributes) => {
      const y = product(graph, a, b, attributes.transposeA, attributes.transposeB)
      const biased = bias === undefined ? y : binary(graph, 'Add', y, bias)
      return fusedActivation(graph, biased, attributes.activation, {
        leakyreluAlpha: attributes.leakyreluAlpha,
        preluWeights: preluActivationWeights,
      })
    },
  ),
]

function product(
  graph: GraphBuilder,
  a: GraphTensor,
  b: GraphTensor,
  transA: boolean,
  transB: boolean,
): GraphTensor {
  const m = a.shape.at(transA ? -1 : -2) ?? 1
  const n = b.shape.at(transB ? -2 : -1) ?? 1
  const shape = [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n]
  const output = { shape, dtype: a.dtype }
  if (!transA && !transB) return graph.emit('MatMul', [a, b], output)
  const attributes = { transA: { int: transA ? 1 : 0 }, transB: { int: transB ? 1 : 0 } }
  return graph.emit('FusedMatMul', [a, b], output, attributes, 'com.microsoft')
}
