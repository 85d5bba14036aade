// Kernel rules: matrix products. Comes in: a [..., m, k], b [..., k, n] (either may be transposed in its last
// two axes). Goes out: [..., m, n]. onnxruntime's FusedMatMul reads transposed operands in place, a left one
// slowly. The bits of a product do not depend on the number of threads, up to 16.

import type * as tf from '@tensorflow/tfjs-core'
import type { GraphBuilder, ValueSpec } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, broadcastShape, concat, reshape, split, transpose } from '../graph/operators.js'
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
  const k = a.shape.at(transA ? -2 : -1) ?? 1
  const n = b.shape.at(transB ? -2 : -1) ?? 1
  const shape = [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n]
  const output = { shape, dtype: a.dtype }
  const isFloat = a.dtype === 'float32'
  // A transposed left operand is turned again for each strip of columns: once suffices where there are many.
  if (isFloat && transA && m > 1 && n >= MANY_COLUMNS && !cutsByThreads(m, k, n)) {
    return plain(graph, transposedCopy(graph, a), b, transB, output)
  }
  if (isFloat && !transA && m > 1) {
    if (cutsByThreads(m, k, n)) {
      return n <= 2 * m && !cutsByThreads(m, k, Math.ceil(n / 2))
        ? inHalves(graph, a, b, transB, output)
        : fused(graph, transposedCopy(graph, a), b, true, transB, output)
    }
    // A column is read as a row of a transposed operand: the sums of a plain column depend on how rows are
    // shared out.
    if (n === 1 && !transB) {
      return fused(graph, a, reshape(graph, b, [...b.shape.slice(0, -2), 1, k]), false, true, output)
    }
  }
  return transA ? fused(graph, a, b, transA, transB, output) : plain(graph, a, b, transB, output)
}

/** A product whose left operand is as it is. */
const plain = (
  graph: GraphBuilder,
  a: GraphTensor,
  b: GraphTensor,
  transB: boolean,
  output: ValueSpec,
): GraphTensor => (transB ? fused(graph, a, b, false, true, output) : graph.emit('MatMul', [a, b], output))

/** Half of the columns, then the others: each with no more columns than rows. */
function inHalves(
  graph: GraphBuilder,
  a: GraphTensor,
  b: GraphTensor,
  transB: boolean,
  { shape, dtype }: ValueSpec,
): GraphTensor {
  const last = shape.length - 1
  const n = shape[last]!
  const columns = [Math.ceil(n / 2), Math.floor(n / 2)]
  const products = split(graph, b, columns, b.shape.length - (transB ? 2 : 1)).map((part, i) =>
    plain(graph, a, part, transB, { shape: shape.with(last, columns[i]!), dtype }),
  )
  return concat(graph, products, last)
}

function fused(
  graph: GraphBuilder,
  a: GraphTensor,
  b: GraphTensor,
  transA: boolean,
  transB: boolean,
  output: ValueSpec,
): GraphTensor {
  const attributes = { transA: { int: transA ? 1 : 0 }, transB: { int: transB ? 1 : 0 } }
  return graph.emit('FusedMatMul', [a, b], output, attributes, 'com.microsoft')
}

// onnxruntime adds products up in pieces of 128 terms, or longer ones where a thread has 64 columns or fewer,
// and in another order where it has one row. Threads share the columns where there are more of them than
// rows, and the rows otherwise. Up to this many threads such shapes are multiplied in two halves that share
// rows, or else take the form with a transposed left operand, whose order is fixed and which is slower.
const MOST_THREADS = 16

const MANY_COLUMNS = 512

const cutsByThreads = (m: number, k: number, n: number): boolean =>
  k > 128 && (m < n ? n <= 64 * MOST_THREADS : m <= 2 * MOST_THREADS)

// The reshapes keep onnxruntime from undoing the transpose: it merges one that stands right before a product.
function transposedCopy(graph: GraphBuilder, a: GraphTensor): GraphTensor {
  const batch = a.shape.slice(0, -2)
  const [m = 1, k = 1] = a.shape.slice(-2)
  const axes = batch.map((_, axis) => axis)
  const rank = batch.length
  const turned = transpose(graph, reshape(graph, a, [...batch, m, k, 1]), [...axes, rank + 1, rank, rank + 2])
  return reshape(graph, turned, [...batch, k, m])
}
