// Executor on tf.Tensor: lane functions as tfjs operations on whatever backend is current.
// Comes in: lane calls over tensors. Goes out: tensors, or variables assigned. Source: docs/design/09-tfjs.md.

import { sizeOf, uniforms, type Executor, type Shape, type Tree } from '@lotion/core'
import * as defaultTf from '@tensorflow/tfjs'
import { backendSums, orderedSums } from './block-sums.js'
import { foldCalls } from './fold-calls.js'
import { tensorCall } from './lane-call.js'

type Tf = typeof defaultTf
type Tensor = defaultTf.Tensor

/** How the executor runs. */
export interface TfjsExecutorOptions {
  /** The instance of tfjs. Default: the imported `@tensorflow/tfjs`. */
  readonly tf?: Tf
}

/** Backends whose values lie on the host: reading them is a copy, not a wait. */
const ON_HOST: ReadonlySet<string> = new Set(['cpu', 'wasm'])

/**
 * Make the executor over tensors. `zeros` and `upload` give variables that are not trainable, to be written to by `into`;
 * what `lanes` makes without `into`, and `uniforms`, are ordinary tensors of the current `tf.tidy` scope. All arguments of
 * all calls are checked before the first variable is assigned.
 */
export function tfjsExecutor({ tf = defaultTf }: TfjsExecutorOptions = {}): Executor<Tensor> {
  const variable = (values: Float32Array, shape: Shape): Tensor =>
    tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32'), false))
  return Object.freeze({
    name: 'tfjs',
    arithmetic: 'f32',
    lanes: (calls) => {
      const checked = calls.map(tensorCall)
      return tf.tidy(() => {
        const sums = ON_HOST.has(tf.getBackend()) ? orderedSums(tf) : backendSums(tf)
        const results = foldCalls(tf, checked, sums)
        return checked.map(({ into }, i): Tree<Tensor> => {
          for (const [name, target] of Object.entries(into)) target.assign(results[i]![name]!)
          return { ...results[i], ...into }
        })
      })
    },
    uniforms: (key, length) => tf.tensor1d(uniforms(key, length), 'float32'),
    zeros: (shape) => variable(new Float32Array(sizeOf(shape)), shape),
    upload: (data, shape) => {
      if (data.length !== sizeOf(shape)) {
        throw new RangeError(
          `data: expected ${sizeOf(shape)} values for shape [${shape.join(', ')}], found ${data.length}`,
        )
      }
      // tfjs backends may keep the array they are given.
      return variable(new Float32Array(data), shape)
    },
    read: async (x) => new Float32Array(await x.data<'float32'>()),
  } satisfies Executor<Tensor>)
}
