// What tests of the ONNX target compare. Comes in: models, files. Goes out: logits of the models themselves,
// weights by onnxruntime and as they are read again.

import type { CausalModel } from '@lotion/models'
import * as tf from '@tensorflow/tfjs-core'
import { decoderConfig } from '../src/onnx/decoder-config.js'
import { openOnnx, type OnnxWeights } from '../src/onnx/open-onnx.js'
import { onnxTarget } from '../src/targets/onnx.js'
import type { ExportedModel } from './exported-model.js'
import { bytesOf, openDecoder, withOutputs } from './onnx-runtime.js'

/** Extents of most models that are tried. */
export const extents = { vocabulary: 260, dimension: 128, layers: 2, heads: 4, context: 64 } as const

/** A text for them. */
export const ids: readonly number[] = Array.from({ length: 37 }, (_, i) => (i * i * 7 + 3 * i + 11) % 260)

/** Logits of a row by the model itself. */
export function logitsOf(
  model: CausalModel,
  { weights }: ExportedModel,
  row: readonly number[],
): Float32Array {
  return tf.tidy(() => {
    const params = Object.fromEntries(
      Object.entries(weights).map(([name, data]) => [name, tf.tensor(data, [...model.shapes[name]!])]),
    )
    const x = tf.tensor2d([...row], [1, row.length], 'int32')
    return model.logits(params, { x }).dataSync() as Float32Array
  })
}

/** Largest difference of two arrays. */
export const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)

/** How many weights two arrays do not have in common. */
export const differing = (a: Float32Array, b: Float32Array): number =>
  a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0)

/** The model's file. */
export async function modelBytes(exported: ExportedModel): Promise<Uint8Array> {
  const [file] = await onnxTarget.files(exported)
  return bytesOf(file!)
}

/** Read the weights of a file in memory. */
export const openBytes = (file: Uint8Array): Promise<OnnxWeights> =>
  openOnnx({
    size: file.length,
    read: async (at, into) => {
      into.set(file.subarray(at, at + into.length))
      return into
    },
    close: async () => {},
  })

/** Weights by onnxruntime's own DequantizeLinear: how many there are, how many are not those of the cast. */
export async function judged(
  exported: ExportedModel,
  file: Uint8Array,
): Promise<{ readonly all: number; readonly off: number }> {
  const shapes = Object.fromEntries(
    exported.tensors.filter(({ grid }) => grid).map(({ name, shape }) => [name, shape]),
  )
  const decoder = await openDecoder(withOutputs(file, shapes), decoderConfig(exported.config))
  const { array } = await decoder.call({ ids: [[1, 2]] })
  let [all, off] = [0, 0]
  for (const name of Object.keys(shapes)) {
    const weights = exported.weights[name]!
    all += weights.length
    off += differing(weights, array(name))
  }
  await decoder.close()
  return { all, off }
}
