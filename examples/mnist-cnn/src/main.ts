// Handwritten digits with a convolutional network of tf.layers in 4, 3 and 2 bits: PTQ, QAT and LOTION around
// tf.train.adam, on tfjs's WebAssembly backend. Comes in: `--write`, to put the table into README.md. Goes
// out: losses and errors over three seeds, and bytes of the weights, as a table and as exports.

import { readFileSync, writeFileSync } from 'node:fs'
import { int2, int3, int4 } from '@lotion/formats'
import { lotion, ptq, qat, type Method } from '@lotion/optim'
import { quantized } from '@lotion/tfjs/layers'
import { registerWasmKernels } from '@lotion/tfjs/wasm'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { digits } from './digits.js'

const [seeds, epochs, rate] = [[1, 2, 3], 4, 0.01]
const settings = { epochs, batchSize: 50, shuffle: false, verbose: 0 } as const
tf.env().set('PROD', true)
await tf.setBackend('wasm')
registerWasmKernels() // without them the backend has no gradient of a convolution
const { train, validation } = digits()

function network(seed: number): tf.Sequential {
  const { conv2d, dense, flatten } = tf.layers
  const start = (i: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed: 10 * seed + i }) })
  const activation = 'relu'
  return tf.sequential({
    layers: [
      conv2d({
        name: 'conv1',
        filters: 8,
        kernelSize: 5,
        strides: 2,
        inputShape: [14, 14, 1],
        activation,
        ...start(1),
      }),
      conv2d({ name: 'conv2', filters: 16, kernelSize: 3, activation, ...start(2) }),
      flatten(),
      dense({ name: 'logits', units: 10, activation: 'softmax', ...start(3) }),
    ],
  })
}

/** Cross-entropy in nats, and errors in per cent. */
export interface Figures {
  readonly loss: number
  readonly errors: number
}

async function figuresOf(model: tf.LayersModel): Promise<Figures> {
  const found = model.evaluate(...validation, { batchSize: 500 }) as tf.Scalar[]
  const [loss, accuracy] = await Promise.all(found.map(async (one) => (await one.data())[0]!))
  tf.dispose(found)
  return { loss: loss!, errors: 100 * (1 - accuracy!) }
}

/** Train; the rate falls to 0 from epoch to epoch, so that weights come to rest on the grid. */
async function trained(method: Method, seed: number): Promise<tf.Sequential> {
  const model = network(seed)
  const q = quantized(model, method)
  const optimizer = tf.train.adam(rate)
  q.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  const onEpochBegin = async (epoch: number): Promise<void> => {
    q.learningRate = rate * (1 - epoch / epochs)
  }
  await q.fit(...train, { ...settings, callbacks: { onEpochBegin } })
  return model
}

/** What is measured of a trained model: as it is, and on the grid of a method. */
async function onTheGrid(model: tf.Sequential, method: Method): Promise<Figures> {
  const cast = quantized(model, method).cast()
  cast.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  const found = await figuresOf(cast)
  cast.dispose()
  return found
}

const bytesOf = ({ weightData }: tf.io.ModelArtifacts): number =>
  new tf.io.CompositeArrayBuffer(weightData).byteLength

/** Bytes of a model's weights in f32, and packed. */
async function sizesOf(
  model: tf.Sequential,
  method: Method,
): Promise<readonly [f32: number, packed: number]> {
  const found: number[] = []
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    found.push(bytesOf(artifacts))
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } }
  })
  await model.save(handler)
  await quantized(model, method).save(handler, { quantized: 'packed' })
  return [found[0]!, found[1]!]
}

const mean = (all: readonly Figures[]): Figures => ({
  loss: all.reduce((sum, { loss }) => sum + loss, 0) / all.length,
  errors: all.reduce((sum, { errors }) => sum + errors, 0) / all.length,
})

/** Means over the seeds: rows are formats, columns methods. In full precision there is one method. */
export const results: Record<string, Record<string, Figures>> = {}
const plain: tf.Sequential[] = [] // no format changes what PTQ does while it trains
for (const seed of seeds) plain.push(await trained(ptq({ format: int4 }), seed))
results['FP32'] = { PTQ: mean(await Promise.all(plain.map(figuresOf))) }
for (const format of [int4, int3, int2]) {
  const row: Record<string, Figures> = (results[format.name.toUpperCase()] = {})
  row['PTQ'] = mean(await Promise.all(plain.map((model) => onTheGrid(model, ptq({ format })))))
  for (const [name, method] of [
    ['QAT', qat({ format })],
    ['LOTION', lotion({ format })],
  ] as const) {
    const found: Figures[] = []
    for (const seed of seeds) {
      const model = await trained(method, seed)
      found.push(await onTheGrid(model, method))
      model.dispose()
    }
    row[name] = mean(found)
  }
}

/** Bytes of the weights. */
export const sizes = await sizesOf(plain[0]!, ptq({ format: int4 }))

const columns = ['PTQ', 'QAT', 'LOTION']
const cell = (found: Figures | undefined): string =>
  found ? `${found.loss.toFixed(3).replace(/^0/, '')}, ${found.errors.toFixed(1)} %` : ''

/** The table of README.md. */
export const table = [
  ['weights', ...columns],
  ['-', ...columns.map(() => '-')],
  ...Object.entries(results).map(([name, row]) => [name, ...columns.map((column) => cell(row[column]))]),
]
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n')

console.log(`${table}\n\nweights: ${sizes[0]} bytes in f32, ${sizes[1]} packed`)
if (process.argv.includes('--write')) {
  const readme = new URL('../README.md', import.meta.url)
  const text = readFileSync(readme, 'utf8')
  writeFileSync(readme, text.replace(/(?:^\|.*\n)+/m, `${table}\n`))
}
