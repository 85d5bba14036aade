// The executor over tensors: held to the laws, and every built-in format with every kind of noise, on tfjs's cpu and wasm.
import { castSample, evaluate, layoutOf, uniforms } from '@lotion/core'
import { builtInFormats } from '@lotion/formats'
import { dithered, gaussian, logistic, nearest, randomizedRounding, smoothstep, spread } from '@lotion/noise'
import { tfjsExecutor } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { conforms } from './conforms.js'

const noises = [randomizedRounding, nearest, spread(), smoothstep, dithered(0.5), gaussian(), logistic()]
const shape = [2, 77] as const
const length = shape[0] * shape[1]
const special = [0, -0, 0.5, -0.5, 1.5, -2.5, 1 / 3, 7, -7, 2 ** -126, 2 ** -149, -(2 ** -140), 1e-20]
const w = Float32Array.from({ length }, (_, i) => special[i % 29] ?? (i - length / 2) / 16)
const u = Float32Array.from(uniforms({ seed: 1, stream: 'matrix' }, length))
u.set([0, 0.5, 1 - 2 ** -24, 0.5, 0], 3)

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
  const executor = tfjsExecutor(host === undefined ? { tf } : { tf, host })

  conforms('executor', executor)

  it.each(builtInFormats.flatMap((format) => noises.map((noise) => [format, noise] as const)))(
    '$0.name with $1.name gives the bits of the twin',
    (format, noise) => {
      const call = { fn: castSample(format, noise), inputs: { w, u }, layout: layoutOf(shape, format.block) }
      const inputs = { w: tf.tensor1d(w), u: tf.tensor1d(u) }
      const found = executor.lanes([{ ...call, inputs }])[0]!['w']!.dataSync()
      expect([...found]).toEqual([...evaluate([call], 'f32')[0]!['w']!])
    },
  )
})
