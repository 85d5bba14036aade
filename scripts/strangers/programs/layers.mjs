// Program of a project that has tfjs. Comes in: a folder. Goes out: in it the files of a model of layers, as
// stock tfjs loads them and packed, and the weights of each cast, one after the other in f32.
import { Buffer } from 'node:buffer'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { castNearest, layoutOf, perTensor } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, int8, mxfp4, nf4, withBlock } from '@lotion/formats'
import { exportLayers } from '@lotion/tfjs/layers'
import * as tf from '@tensorflow/tfjs'

const [folder] = process.argv.slice(2)
const executor = cpuExecutor({ threads: 1 })
await tf.setBackend('cpu')
const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: 320, inputShape: [320], activation: 'tanh' }),
    tf.layers.dense({ units: 10 }),
  ],
})
for (const [i, weight] of model.weights.entries())
  weight.write(tf.randomNormal(weight.shape, 0, 1, 'float32', 1 + i))
const quantize = ({ shape }) => (shape.length === 2 ? { axis: 0 } : null)

const bytesOf = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)

/** A weight as its cast leaves it. */
function cast({ name, shape, data }, format) {
  const answer = quantize({ name, shape })
  if (answer === null) return data
  const layout = layoutOf(shape, format.block, answer.axis)
  const [out] = executor.lanes([{ fn: castNearest(format), inputs: { w: data }, layout }])
  return Float32Array.from(out.w)
}

const kinds = {
  int4: { format: withBlock(int4, perTensor) },
  int8: { format: withBlock(int8, perTensor) },
  mxfp4: { format: mxfp4, packed: true },
  nf4: { format: nf4, packed: true },
}
for (const [kind, options] of Object.entries(kinds)) {
  mkdirSync(join(folder, kind), { recursive: true })
  const weights = model.weights.map((weight) => {
    const data = weight.read().dataSync()
    return cast({ name: weight.name, shape: weight.shape, data }, options.format)
  })
  writeFileSync(join(folder, kind, 'weights.bin'), Buffer.concat(weights.map(bytesOf)))
  for (const { name, bytes } of await exportLayers(model, { quantize, ...options }))
    writeFileSync(join(folder, kind, name), bytes)
}
executor.close()
