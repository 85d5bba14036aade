// Extension point of the tracer: how one tfjs kernel becomes ONNX operators.
// Comes in: the kernel's operands as graph values and its attributes. Goes out: its results as graph values.

import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'

/**
 * Translate one tfjs kernel. Shapes and element types of the results must be those that tfjs expects.
 * @experimental
 */
export interface KernelRule {
  /** Name of the tfjs kernel, for example 'BatchMatMul'. */
  readonly kernel: string
  /**
   * State the ONNX nodes of one call of the kernel; returns its result or results. Attributes that are null
   * or undefined are left out.
   * @param graph What nodes are added to.
   * @param inputs Operands by tfjs's names, such as `a`, `b`.
   * @param attributes By tfjs's names, such as `transposeA`.
   */
  lower(
    graph: GraphBuilder,
    inputs: Readonly<Record<string, GraphTensor>>,
    attributes: object,
  ): GraphTensor | readonly GraphTensor[]
}

/**
 * Define the translation of one tfjs kernel; pass it to `onnxEngine({ kernels: [rule] })`.
 *
 * ```ts
 * const mish = defineKernel<'x'>('Mish', (graph, { x }) => graph.emit('Mish', [x], x))
 * ```
 * @param kernel tfjs's name of it, such as `BatchMatMul`.
 * @param lower Adds the nodes of one call; gets operands and attributes by tfjs's names.
 * @experimental
 * @example
 * ```ts
 * import { compareWithEager, defineKernel, onnxEngine } from '@lotion/onnx'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const and = defineKernel<'a' | 'b'>('BitwiseAnd', (graph, { a, b }) => graph.emit('BitwiseAnd', [a, b], a))
 * const engine = await onnxEngine({ kernels: [and] })
 * const { value } = await compareWithEager(engine, {
 *   fn: ({ a, b }) => tf.bitwiseAnd(a!, b!),
 *   inputs: { a: { data: Int32Array.of(6), shape: [1] }, b: { data: Int32Array.of(3), shape: [1] } },
 * })
 * console.log(value) // 0
 * await engine.close()
 * ```
 */
export function defineKernel<
  Input extends string,
  Attrs extends object = object,
  Optional extends string = never,
>(
  kernel: string,
  lower: (
    graph: GraphBuilder,
    inputs: Readonly<Record<Input, GraphTensor> & Partial<Record<Optional, GraphTensor>>>,
    attributes: Attrs,
  ) => GraphTensor | readonly GraphTensor[],
): KernelRule {
  // tfjs hands every kernel untyped inputs and attributes; the rule states which ones its kernel has.
  return Object.freeze({ kernel, lower })
}
