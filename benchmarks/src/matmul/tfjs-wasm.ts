// Competitors: `tf.matMul` on TensorFlow.js's WebAssembly backend, with its kernels and with ours. Comes in:
// products. Goes out: tasks. Source: harness/tfjs-wasm.ts.

import * as tf from '@tensorflow/tfjs'
import { wasmCompetitors } from '../harness/tfjs-wasm.js'
import {
  nameOf,
  once,
  operand,
  repeatsOf,
  sampleOf,
  storedShapes,
  type MatmulSubject,
  type Sample,
} from './matmul-case.js'

/** tfjs wasm, as it comes and with our kernels. */
export const tfjsWasm = wasmCompetitors<MatmulSubject, Sample>(({ cases }, ours) => ({
  tasks: cases.map((one) => {
    const operands = once(() => {
      const { a, b } = storedShapes(one)
      return [a, b].map((shape) => tf.tensor(operand(shape), [...shape], 'float32'))
    })
    const multiply = async (repeats: number) => {
      const [a, b] = operands()
      const start = performance.now()
      const products = Array.from({ length: repeats }, () =>
        tf.matMul(a!, b!, one.transposeA, one.transposeB),
      )
      const milliseconds = (performance.now() - start) / repeats
      const sample = sampleOf(await products[0]!.data())
      tf.dispose(products)
      return { milliseconds, sample }
    }
    return {
      task: nameOf(one),
      // Transposed products take tens of times as long with tfjs's own kernels: fewer rounds say as much.
      ...(ours ? {} : { rounds: 3 }),
      first: async () => (await multiply(1)).sample,
      run: async () => (await multiply(repeatsOf(one))).milliseconds,
    }
  }),
}))
