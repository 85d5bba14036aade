// Check for kernel rules: one function of tensors, through the engine and through tfjs's cpu backend.
// Comes in: an engine, a function, its arguments. Goes out: the relative errors of its value and of its
// gradients.

import { sizeOf, type Engine, type HostArray, type Program, type Shape, type Tree } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import { onCpuBackend } from './on-cpu-backend.js'
import { relativeError } from './relative-error.js'

/** Hold what is compared: a function, its arguments, and which of them (float32) to differentiate by. */
export interface Comparison {
  /** What is computed on both sides. */
  readonly fn: (inputs: Tree<tf.Tensor>) => tf.Tensor
  /** The function's arguments by name, all of them; both sides get the same arrays. */
  readonly inputs: Tree<HostArray>
  /** Names of the float32 arguments to differentiate by. Default: none, so `gradients` is empty. */
  readonly differentiate?: readonly string[]
}

/** Hold relative L2 errors: of the value, and of the gradient by each differentiated argument. */
export interface Disagreement {
  /** Of the function's value; both sides must agree on it. */
  readonly shape: Shape
  /** ‖found − expected‖ / ‖expected‖ of the function's value; 0 is agreement to the last bit. */
  readonly value: number
  /** The same ratio of each gradient, by the name of the argument. */
  readonly gradients: Tree<number>
}

/**
 * Compare an engine with tfjs's cpu backend on one function, and on the gradients of Σᵢ cᵢ fᵢ with cᵢ =
 * cos(i + 1). Use it to check a rule of your own:
 *
 * ```ts
 * const fn = ({ x }) => tf.erf(x)
 * const { value, gradients } = await compareWithEager(engine, { fn, inputs, differentiate: ['x'] })
 * ```
 * @param engine The side that is judged; it stays open.
 * @param comparison The function and its arguments.
 * @example
 * ```ts
 * import { compareWithEager, onnxEngine } from '@lotion/onnx'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const engine = await onnxEngine()
 * const inputs = { a: { data: Float32Array.of(1, 2), shape: [2] } }
 * console.log((await compareWithEager(engine, { fn: ({ a }) => tf.square(a!), inputs })).value) // relative
 * await engine.close()
 * ```
 */
export async function compareWithEager(
  engine: Engine<tf.Tensor, Float32Array>,
  { fn, inputs, differentiate = [] }: Comparison,
): Promise<Disagreement> {
  const shapes: Shape[] = []
  const watched = (_: Tree<tf.Tensor>, batch: Tree<tf.Tensor>): Tree<tf.Tensor> => {
    const value = fn(batch)
    shapes.push(value.shape)
    return { value }
  }
  const expected = await onCpuBackend(() => eagerEngine().forward(watched).run({}, inputs))
  const step = engine.forward(watched)
  const found = await step.run({}, inputs)
  await step.close()
  const [shape = [], traced = []] = shapes
  if (shape.join() !== traced.join()) {
    throw new Error(`expected shape [${shape.join(', ')}], found [${traced.join(', ')}]`)
  }
  const gradients =
    differentiate.length === 0 ? {} : await compareGradients(engine, fn, inputs, differentiate, shape)
  return { shape, value: relativeError(valueOf(found), valueOf(expected)), gradients }
}

async function compareGradients(
  engine: Engine<tf.Tensor, Float32Array>,
  fn: Comparison['fn'],
  inputs: Tree<HostArray>,
  differentiate: readonly string[],
  shape: Shape,
): Promise<Tree<number>> {
  const chosen = Object.entries(inputs).filter(([name]) => differentiate.includes(name))
  const rest = Object.entries(inputs).filter(([name]) => !differentiate.includes(name))
  const cotangent: HostArray = {
    data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(i + 1)),
    shape,
  }
  const program: Program<tf.Tensor> = {
    name: 'comparison',
    shapes: Object.fromEntries(chosen.map(([name, array]) => [name, array.shape])),
    loss: (params, { cotangent: weights, ...others }) => {
      const value = tf.cast(fn({ ...params, ...others }), 'float32')
      return weights === undefined ? tf.sum(value) : tf.sum(tf.mul(value, weights))
    },
    terms: () => 1,
  }
  const params = Object.fromEntries(chosen.map(([name, { data }]) => [name, new Float32Array(data)]))
  const batch = { ...Object.fromEntries(rest), cotangent }
  const expected = await onCpuBackend(() => eagerEngine().gradients(program).run(params, batch))
  const step = engine.gradients(program)
  const found = await step.run(params, batch)
  const errors = Object.entries(expected.gradients).map(([name, values]) => [
    name,
    relativeError(found.gradients[name] ?? new Float32Array(0), values),
  ])
  await step.close()
  return Object.fromEntries(errors)
}

const valueOf = (outputs: Tree<Float32Array>): Float32Array => outputs['value'] ?? new Float32Array(0)
