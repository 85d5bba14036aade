// Kernel rules: values made from attributes alone, without data. Comes in: shapes, bounds, fill values.
// Goes out: values computed in the graph, so that their size is not limited by `maxConstantBytes`.

import type * as tf from '@tensorflow/tfjs-core'
import type { GraphType } from '../graph/onnx-graph.js'
import { binary, cast, fill, iota } from '../graph/operators.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'

/** Translate kernels that make values from attributes. */
export const creation: readonly KernelRule[] = [
  defineKernel<never, tf.FillAttrs>('Fill', (graph, _, { shape, value, dtype }) => {
    if (typeof value === 'string')
      throw new Error('fill with a string is not supported in a traced step; use a number')
    return fill(graph, value, shape, graphType(dtype))
  }),
  defineKernel<'x'>('ZerosLike', (graph, { x }) => fill(graph, 0, x.shape, x.dtype)),
  defineKernel<'x'>('OnesLike', (graph, { x }) => fill(graph, 1, x.shape, x.dtype)),
  // start + i·step, from an exact integer count: ONNX's own Range accumulates in another order for fractional
  // steps.
  defineKernel<never, Partial<tf.RangeAttrs>>(
    'Range',
    (graph, _, { start = 0, stop = 0, step = 1, dtype = 'float32' }) => {
      const length = Math.max(0, Math.ceil((stop - start) / step))
      const type = graphType(dtype)
      const index = iota(graph, length, type === 'int32' ? 'int32' : 'float32')
      const scaled = step === 1 ? index : binary(graph, 'Mul', index, graph.scalar(step, index.dtype))
      return cast(
        graph,
        start === 0 ? scaled : binary(graph, 'Add', scaled, graph.scalar(start, index.dtype)),
        type,
      )
    },
  ),
  defineKernel<never, tf.LinSpaceAttrs>('LinSpace', (graph, _, { start, stop, num }) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0
    const scaled = binary(graph, 'Mul', iota(graph, num, 'float32'), graph.scalar(step))
    return binary(graph, 'Add', scaled, graph.scalar(start))
  }),
]

const graphType = (dtype: string | undefined): GraphType =>
  dtype === 'int32' || dtype === 'bool' ? dtype : 'float32'
