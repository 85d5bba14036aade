// The tfjs backend that computes nothing: it records which graph value each tensor stands for. Comes in:
// tensors that tfjs creates and kernels it runs while a program is traced. Goes out: nodes in a GraphBuilder.
// Everything that would bake a number into the graph unseen is an error that names the operation.

import * as tf from '@tensorflow/tfjs-core'
import type { GraphBuilder, ValueSpec } from '../graph/graph-builder.js'
import type { GraphTensor, GraphType } from '../graph/onnx-graph.js'
import { fill } from '../graph/operators.js'
import { randomOperation } from './random-operation.js'

/** Record the graph values behind tensors of one trace. */
export class TraceBackend extends tf.KernelBackend {
  readonly #values = new WeakMap<object, GraphTensor>()
  readonly #graph: GraphBuilder
  readonly #maxConstantBytes: number

  constructor(graph: GraphBuilder, maxConstantBytes: number) {
    super()
    this.#graph = graph
    this.#maxConstantBytes = maxConstantBytes
  }

  /** Make the tfjs handle of a graph value. */
  handle(value: GraphTensor): tf.TensorInfo {
    if (value.dtype === 'int64')
      throw new Error(`graph value '${value.name}' is int64, which tfjs lacks; cast it to int32`)
    const dataId = {}
    this.#values.set(dataId, value)
    return { dataId, shape: [...value.shape], dtype: value.dtype }
  }

  /**
   * Find the graph value of a tensor.
   * @throws if the tensor was made outside the trace: its value would be frozen into the graph.
   */
  value(tensor: tf.TensorInfo, kernel: string): GraphTensor {
    const value = this.#values.get(tensor.dataId)
    if (value !== undefined) return value
    const variable = Object.values(tf.engine().state.registeredVariables).find(
      ({ dataId }) => dataId === tensor.dataId,
    )
    const what = variable === undefined ? 'a tensor' : `the variable '${variable.name}'`
    throw new Error(
      `${kernel}: ${what} of shape [${tensor.shape.join(', ')}] made outside the traced function would be frozen at its ` +
        'present value; pass it in through params or batch, or build it inside the function',
    )
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const random = randomOperation()
    if (random !== undefined) {
      throw new Error(
        `tf.${random} inside a traced function would repeat the same numbers every step; ` +
          'draw them outside (keyed by seed and step) and pass them in through batch',
      )
    }
    const value = this.#constant(numbersOf(values, dtype), { shape, dtype: graphType(dtype) })
    return this.handle(value).dataId
  }

  override move(): void {
    throw new Error('a tensor from another backend entered the trace; pass it in through params or batch')
  }

  // Every handle has a data id of its own, so nothing is shared and nothing needs counting.
  override refCount(): number {
    return 1
  }

  override incRef(): void {}

  override disposeData(): boolean {
    return true
  }

  override numDataIds(): number {
    return 0
  }

  override floatPrecision(): 16 | 32 {
    return 32
  }

  override dispose(): void {}

  #constant(values: ArrayLike<number>, spec: ValueSpec): GraphTensor {
    const first = values[0]
    const bytes = values.length * (spec.dtype === 'bool' ? 1 : 4)
    if (bytes <= this.#maxConstantBytes) return this.#graph.constant(values, spec)
    // One repeated number is a shape and a scalar, not data.
    if (first !== undefined && Array.prototype.every.call(values, (value) => Object.is(value, first))) {
      return fill(this.#graph, first, spec.shape, spec.dtype)
    }
    throw new Error(
      `a constant of ${bytes} bytes, shape [${spec.shape.join(', ')}], would be frozen into the graph ` +
        `(limit ${this.#maxConstantBytes}); pass it in through params or batch, compute it from small tensors inside the ` +
        'function, or raise maxConstantBytes if it truly never changes',
    )
  }
}

function numbersOf(values: tf.BackendValues, dtype: tf.DataType): ArrayLike<number> {
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array)
    return values
  throw new Error(
    `a constant of type '${dtype}' is not supported in a traced step; use float32, int32 or bool`,
  )
}

function graphType(dtype: tf.DataType): GraphType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw new Error(`element type '${dtype}' is not supported in a traced step; use float32, int32 or bool`)
}
