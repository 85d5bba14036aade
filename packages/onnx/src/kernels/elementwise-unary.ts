// Kernel rules: elementwise functions of one operand. Comes in: x. Goes out: f(x), same shape. Where ONNX has
// no operator, or a less accurate one, the formula stands beside the rule.

import type * as tf from '@tensorflow/tfjs-core'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, cast, predicate, unary, where } from '../graph/operators.js'
import { elu, expm1, log1p, logarithm } from './exponentials.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'

const direct = (kernel: string, op = kernel): KernelRule =>
  defineKernel<'x'>(kernel, (graph, { x }) => unary(graph, op, x))

const add = (graph: GraphBuilder, a: GraphTensor, b: GraphTensor): GraphTensor => binary(graph, 'Add', a, b)
const mul = (graph: GraphBuilder, a: GraphTensor, b: GraphTensor): GraphTensor => binary(graph, 'Mul', a, b)

/** Translate elementwise kernels of one operand. */
export const elementwiseUnary: readonly KernelRule[] = [
  direct('Abs'),
  direct('Acos'),
  direct('Acosh'),
  direct('Asin'),
  direct('Asinh'),
  direct('Atan'),
  direct('Atanh'),
  direct('Ceil'),
  direct('Cos'),
  direct('Cosh'),
  direct('Erf'),
  direct('Exp'),
  direct('Floor'),
  direct('Neg'),
  direct('Reciprocal'),
  direct('Relu'),
  direct('Round'),
  direct('Sigmoid'),
  direct('Sign'),
  direct('Sin'),
  direct('Sinh'),
  direct('Sqrt'),
  direct('Tan'),
  direct('Tanh'),
  defineKernel<'x'>('Identity', (_, { x }) => x),
  defineKernel<'x', tf.CastAttrs>('Cast', (graph, { x }, { dtype }) => {
    if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return cast(graph, x, dtype)
    throw new Error(`cast to '${dtype}' is not supported in a traced step; use 'float32', 'int32' or 'bool'`)
  }),
  defineKernel<'x'>('Rsqrt', (graph, { x }) => unary(graph, 'Reciprocal', unary(graph, 'Sqrt', x))),
  defineKernel<'x'>('Square', (graph, { x }) => mul(graph, x, x)),
  defineKernel<'x'>('Log', (graph, { x }) => logarithm(graph, x)),
  defineKernel<'x'>('Elu', (graph, { x }) => elu(graph, x)),
  defineKernel<'x'>('Log1p', (graph, { x }) => log1p(graph, x)),
  defineKernel<'x'>('Expm1', (graph, { x }) => expm1(graph, x)),
  // max(x, 0) + log(1 + e^−|x|): neither overflows nor loses the small tail.
  defineKernel<'x'>('Softplus', (graph, { x }) => {
    const tail = log1p(graph, unary(graph, 'Exp', unary(graph, 'Neg', unary(graph, 'Abs', x))))
    return add(graph, unary(graph, 'Relu', x), tail)
  }),
  defineKernel<'x'>('Selu', (graph, { x }) => elu(graph, x, 1.6732632423543772, 1.0507009873554805)),
  defineKernel<'x'>('Relu6', (graph, { x }) => clip(graph, x, 0, 6)),
  defineKernel<'x', tf.ClipByValueAttrs>('ClipByValue', (graph, { x }, { clipValueMin, clipValueMax }) =>
    clip(graph, x, clipValueMin, clipValueMax),
  ),
  defineKernel<'x', Partial<tf.LeakyReluAttrs>>('LeakyRelu', (graph, { x }, { alpha = 0.2 }) =>
    unary(graph, 'LeakyRelu', x, { alpha: { float: alpha } }),
  ),
  // x > 0 ? 1 : alpha (0 when absent), NaN stays NaN.
  defineKernel<'x', Partial<tf.StepAttrs>>('Step', (graph, { x }, { alpha = 0 }) => {
    const positive = predicate(graph, 'Greater', x, graph.scalar(0, x.dtype))
    const step =
      alpha === 0
        ? cast(graph, positive, x.dtype)
        : where(graph, positive, graph.scalar(1), graph.scalar(alpha))
    return x.dtype === 'float32' ? where(graph, isNaN(graph, x), x, step) : step
  }),
  defineKernel<'x'>('IsNan', (graph, { x }) => isNaN(graph, x)),
  defineKernel<'x'>('IsInf', (graph, { x }) => isInfinite(graph, x)),
  defineKernel<'x'>('IsFinite', (graph, { x }) => {
    const notFinite = predicate(graph, 'Or', isNaN(graph, x), isInfinite(graph, x))
    return unary(graph, 'Not', notFinite)
  }),
  defineKernel<'x'>('LogicalNot', (graph, { x }) => unary(graph, 'Not', x)),
]

const isNaN = (graph: GraphBuilder, x: GraphTensor): GraphTensor =>
  graph.emit('IsNaN', [cast(graph, x, 'float32')], { shape: x.shape, dtype: 'bool' })

const isInfinite = (graph: GraphBuilder, x: GraphTensor): GraphTensor =>
  graph.emit('IsInf', [cast(graph, x, 'float32')], { shape: x.shape, dtype: 'bool' })

const clip = (graph: GraphBuilder, x: GraphTensor, min: number, max: number): GraphTensor =>
  graph.emit('Clip', [x, graph.scalar(min, x.dtype), graph.scalar(max, x.dtype)], x)
