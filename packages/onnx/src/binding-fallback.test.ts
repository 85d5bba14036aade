// Where the C API does not load: 'auto' says so and goes on with onnxruntime-node, 'native' fails with
// advice.

import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it, vi } from 'vitest'
import { onnxEngine } from './onnx-engine.js'

vi.mock('./runtime/native-runtime.js', () => ({
  nativeRuntime: () => {
    throw new Error('libfoo.so.7: cannot open shared object file')
  },
}))

it("'auto' warns and uses onnxruntime-node", async () => {
  const warnings: string[] = []
  const engine = await onnxEngine({ threads: 1, onWarning: (message) => warnings.push(message) })
  expect(engine.name).toBe('onnx-node')
  expect(warnings).toEqual([
    expect.stringMatching(/C API did not load \(libfoo.*using onnxruntime-node's own API/),
  ])
  const step = engine.forward((_, { x }) => ({ y: tf.neg(x ?? tf.scalar(0)) }))
  expect(await step.run({}, { x: { data: Float32Array.of(2), shape: [1] } })).toEqual({
    y: Float32Array.of(-2),
  })
  await engine.close()
})

it("'native' fails and says what to try", async () => {
  await expect(onnxEngine({ binding: 'native' })).rejects.toThrow(
    /C API did not load: libfoo.*try binding: 'node'/,
  )
})
