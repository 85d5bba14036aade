// Kernel rules: elementwise functions of two or three operands, comparisons, logic, selection. Comes in:
// operands that broadcast. Goes out: their combination. tfjs has made element types equal before the kernel
// runs.

import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, cast, predicate, unary, where } from '../graph/operators.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'

type Pair = 'a' | 'b'

const arithmetic = (kernel: string, op: string): KernelRule =>
  defineKernel<Pair>(kernel, (graph, { a, b }) => binary(graph, op, a, b))

// onnxruntime compares numbers; booleans are ordered false < true.
const comparison = (kernel: string, op: string): KernelRule =>
  defineKernel<Pair>(kernel, (graph, { a, b }) => compare(graph, op, a, b))

const logical = (kernel: string, op: string): KernelRule =>
  defineKernel<Pair>(kernel, (graph, { a, b }) => predicate(graph, op, a, b))

/** Translate elementwise kernels of several operands. */
export const elementwiseBinary: readonly KernelRule[] = [
  arithmetic('Add', 'Add'),
  arithmetic('Sub', 'Sub'),
  arithmetic('Multiply', 'Mul'),
  arithmetic('RealDiv', 'Div'),
  arithmetic('Maximum', 'Max'),
  arithmetic('Minimum', 'Min'),
  arithmetic('Pow', 'Pow'),
  comparison('Equal', 'Equal'),
  comparison('Greater', 'Greater'),
  comparison('GreaterEqual', 'GreaterOrEqual'),
  comparison('Less', 'Less'),
  comparison('LessEqual', 'LessOrEqual'),
  defineKernel<Pair>('NotEqual', (graph, { a, b }) => unary(graph, 'Not', compare(graph, 'Equal', a, b))),
  logical('LogicalAnd', 'And'),
  logical('LogicalOr', 'Or'),
  defineKernel<string>('AddN', (graph, tensors) =>
    Object.values(tensors).reduce((sum, tensor) => binary(graph, 'Add', sum, tensor)),
  ),
  defineKernel<Pair>('SquaredDifference', (graph, { a, b }) => {
    const difference = binary(graph, 'Sub', a, b)
    return binary(graph, 'Mul', difference, difference)
  }),
  defineKernel<Pair>('FloorDiv', (graph, { a, b }) => floorDiv(graph, a, b)),
  // a − b·⌊a/b⌋: the result takes the divisor's sign.
  defineKernel<Pair>('Mod', (graph, { a, b }) =>
    a.dtype === 'int32'
      ? binary(graph, 'Mod', a, b)
      : binary(graph, 'Sub', a, binary(graph, 'Mul', b, unary(graph, 'Floor', binary(graph, 'Div', a, b)))),
  ),
  defineKernel<Pair>('Atan2', (graph, { a, b }) => atan2(graph, a, b)),
  defineKernel<'x' | 'alpha'>('Prelu', (graph, { x, alpha }) => {
    const negative = predicate(graph, 'Less', x, graph.scalar(0))
    return where(graph, negative, binary(graph, 'Mul', alpha, x), x)
  }),
  // dy where y ≥ 0, else dy·(y + 1): e^x = y + 1 for the saved output y = e^x − 1.
  defineKernel<'dy' | 'y'>('EluGrad', (graph, { dy, y }) => {
    const slope = binary(graph, 'Add', y, graph.scalar(1))
    const positive = predicate(graph, 'GreaterOrEqual', y, graph.scalar(0))
    return where(graph, positive, dy, binary(graph, 'Mul', dy, slope))
  }),
  // tfjs has broadcast all three to one shape.
  defineKernel<'condition' | 't' | 'e'>('Select', (graph, { condition, t, e }) =>
    where(graph, cast(graph, condition, 'bool'), t, e),
  ),
]

function compare(graph: GraphBuilder, op: string, a: GraphTensor, b: GraphTensor): GraphTensor {
  if (a.dtype !== 'bool') return predicate(graph, op, a, b)
  return predicate(graph, op, cast(graph, a, 'int32'), cast(graph, b, 'int32'))
}

// ⌊a/b⌋. ONNX divides integers towards zero: one less where the remainder is not zero and the signs differ.
function floorDiv(graph: GraphBuilder, a: GraphTensor, b: GraphTensor): GraphTensor {
  if (a.dtype !== 'int32') return unary(graph, 'Floor', binary(graph, 'Div', a, b))
  const remainder = binary(graph, 'Mod', a, b)
  return binary(graph, 'Div', binary(graph, 'Sub', a, remainder), b)
}

// atan(a/b), moved by ±π where b < 0; on the axis b = 0 the quotient is ±∞ and atan gives ±π/2, but 0/0 must
// be 0.
function atan2(graph: GraphBuilder, a: GraphTensor, b: GraphTensor): GraphTensor {
  const zero = graph.scalar(0)
  const origin = predicate(
    graph,
    'And',
    predicate(graph, 'Equal', a, zero),
    predicate(graph, 'Equal', b, zero),
  )
  const base = where(graph, origin, zero, unary(graph, 'Atan', binary(graph, 'Div', a, b)))
  const half = where(graph, predicate(graph, 'Less', a, zero), graph.scalar(-Math.PI), graph.scalar(Math.PI))
  const turned = binary(graph, 'Add', base, half)
  return where(graph, predicate(graph, 'Less', b, zero), turned, base)
}
