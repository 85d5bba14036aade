// The executor over tensors held to the laws, on tfjs's cpu and wasm; what it computes is in the matrix.
import { conforms } from '@lotion/conformance/vitest'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { tfjsExecutor } from './tfjs-executor.js'

tf.env().set('PROD', true)

describe.each([
  ['cpu', 'kernels in host memory', undefined],
  ['cpu', 'op by op', false],
  ['wasm', 'kernels in host memory', undefined],
  ['wasm', 'op by op', false],
] as const)('tfjs on %s, %s', (backend, _, host) => {
  beforeAll(() => tf.setBackend(backend))
  beforeEach(() => tf.engine().startScope())
  afterEach(() => tf.engine().endScope())
  afterAll(() => tf.disposeVariables())

  conforms('executor', tfjsExecutor(host === undefined ? { tf } : { tf, host }))
})
