// Models of tf.layers as files: stock tfjs and our loader, over HTTP, give back each weight of the cast.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  blockOf,
  castNearest,
  layoutOf,
  normals,
  perRow,
  perTensor,
  type BlockAxis,
  type NumberFormat,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { builtInFormats, fp8E4m3, int4, int8, mxfp4, nf4, withBlock } from '@lotion/formats'
import { byName, type QuantizeRule } from '@lotion/optim'
import { amount } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportLayers, quantizedIOHandler, type LayersFile } from './index.js'

tf.env().set('PROD', true)

/** What the server answers with. */
let served: readonly LayersFile[] = []
let server: Server
let url = ''
beforeAll(async () => {
  await tf.setBackend('cpu')
  server = createServer(({ url: path }, response) => {
    const file = served.find(({ name }) => `/${name}` === path)
    // Not kept: the server could end a connection while the next request is under way.
    response.writeHead(file ? 200 : 404, { Connection: 'close' }).end(file?.bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.json`
})
afterAll(() => server.close())

/** A convolution and two dense layers, 107,834 weights. */
function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [10, 10, 3], activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 200, activation: 'tanh' }),
      tf.layers.dense({ units: 26 }),
    ],
  })
  for (const [i, weight] of model.weights.entries()) {
    const shape = weight.shape as number[]
    const count = shape.reduce((product, extent) => product * extent, 1)
    const data = normals({ seed: 1, stream: 'weight', step: i }, count)
    // A block of zeros, and one of weights that are hard to scale.
    if (shape.length > 1) data.fill(0, 0, 32)
    for (let j = 32; j < 64 && shape.length > 1; j++) data[j]! *= 1e-30
    weight.write(tf.tensor(data, shape))
  }
  return model
}

const quantize: QuantizeRule = byName()

/** Weights by name, as they should come back. */
function castOf(model: tf.LayersModel, format: NumberFormat): ReadonlyMap<string, Float32Array> {
  const executor = cpuExecutor()
  const cast = new Map(
    model.weights.map((weight) => {
      const shape = weight.shape as number[]
      const w = weight.read().dataSync() as Float32Array
      const answer: { axis: BlockAxis } | null = quantize({ name: weight.name, shape })
      if (answer === null) return [weight.name, Float32Array.from(w)] as const
      const layout = layoutOf(shape, format.block, answer.axis)
      const [out] = executor.lanes([{ fn: castNearest(format), inputs: { w }, layout }])
      return [weight.name, Float32Array.from(out!.w!)] as const
    }),
  )
  executor.close()
  return cast
}

async function loaded(handler: tf.io.IOHandler, files: readonly LayersFile[]): Promise<tf.LayersModel> {
  served = files
  return tf.loadLayersModel(handler)
}

/** How many weights of a model are not those that are expected. */
function differing(model: tf.LayersModel, expected: ReadonlyMap<string, Float32Array>): number {
  const wanted = [...expected.values()]
  return model.weights.reduce((sum, weight, i) => {
    const found = weight.read().dataSync()
    return sum + wanted[i]!.filter((value, j) => value !== found[j]).length
  }, 0)
}

const bytesOf = (files: readonly LayersFile[]): number =>
  files.slice(1).reduce((sum, { bytes }) => sum + bytes.length, 0)

describe('in the layout of tfjs', () => {
  it.each([
    ['int8', int8],
    ['int4', int4],
    ['fp4', builtInFormats.find(({ name }) => name === 'fp4')!],
  ])(
    '%s with one scale a tensor is loaded by stock tfjs, none of 100,000 weights changed',
    async (_, plain) => {
      const format = withBlock(plain, perTensor)
      const model = network()
      expect(model.countParams()).toBeGreaterThan(100_000)
      const files = await exportLayers(model, { format, quantize })
      const expected = castOf(model, format)
      const stock = await loaded(tf.io.http(url), files)
      expect(differing(stock, expected)).toBe(0)
      // A byte a weight, and biases.
      expect(bytesOf(files)).toBeLessThan(1.01 * model.countParams())
      expect(files.length).toBe(2)
      const x = tf.randomUniform([2, 10, 10, 3], -1, 1, 'float32', 5)
      model.weights.forEach((weight, i) =>
        weight.write(tf.tensor([...expected.values()][i]!, weight.shape as number[])),
      )
      const [found, wanted] = [stock, model].map((one) => (one.predict(x) as tf.Tensor).dataSync())
      expect(found).toEqual(wanted)
      // One code more or less is one other weight.
      const shard = Uint8Array.from(files[1]!.bytes)
      shard[100]! ^= 1
      const changed = await loaded(tf.io.http(url), [files[0]!, { name: files[1]!.name, bytes: shard }])
      expect(differing(changed, expected)).toBe(1)
    },
  )

  it('is loaded through our handler as well', async () => {
    const format = withBlock(int8, perTensor)
    const model = network()
    const files = await exportLayers(model, { format, quantize })
    expect(differing(await loaded(quantizedIOHandler(tf.io.http(url)), files), castOf(model, format))).toBe(0)
  })

  it('more bytes than 4 MiB are several shards', async () => {
    const layers = [tf.layers.dense({ units: 1025, inputShape: [1024], kernelInitializer: 'zeros' })]
    const model = tf.sequential({ layers: [...layers, tf.layers.dense({ units: 8 })] })
    const data = normals({ seed: 1, stream: 'large' }, 1024 * 1025)
    model.weights[0]!.write(tf.tensor(data, [1024, 1025]))
    const last: QuantizeRule = ({ shape }) => (shape[1] === 8 ? { axis: 0 } : null)
    const files = await exportLayers(model, { format: withBlock(int8, perTensor), quantize: last })
    expect(files.map(({ name }) => name)).toEqual([
      'model.json',
      'group1-shard1of2.bin',
      'group1-shard2of2.bin',
    ])
    const stock = await loaded(tf.io.http(url), files)
    const found = stock.weights[0]!.read().dataSync()
    expect(data.filter((value, i) => value !== found[i]).length).toBe(0)
    const cast = castOf(model, withBlock(int8, perTensor)).get(model.weights[2]!.name)
    expect(stock.weights[2]!.read().dataSync()).toEqual(cast)
  })
})

describe('packed', () => {
  const blocks = [blockOf(32), perRow, perTensor]
  it.each(
    // In `npm test` one kind of blocks for each format, by turns.
    builtInFormats.flatMap((format, nth) =>
      (format.standardBlock
        ? [format.block]
        : blocks.filter((_, i) => amount(Number(i === nth % 3), 1) === 1)
      ).map((block) => [format.name, format, block] as const),
    ),
  )('%s is loaded by our handler, none of 100,000 weights changed', async (_, plain, block) => {
    const format = plain.standardBlock ? plain : withBlock(plain, block)
    const model = network()
    const files = await exportLayers(model, { format, quantize, packed: true })
    const found = await loaded(quantizedIOHandler(tf.io.http(url)), files)
    expect(differing(found, castOf(model, format))).toBe(0)
  })

  it('takes half a byte a weight where 16 points are enough', async () => {
    const model = network()
    for (const [format, bits] of [
      [nf4, 4],
      [mxfp4, 4],
      [fp8E4m3, 8],
    ] as const) {
      const files = await exportLayers(model, { format, quantize, packed: true })
      expect((8 * bytesOf(files)) / model.countParams() / bits).toBeLessThan(1.3)
    }
  })

  it('a flipped nibble is another weight', async () => {
    const model = network()
    const [json, shard] = await exportLayers(model, { format: mxfp4, quantize, packed: true })
    const bytes = Uint8Array.from(shard!.bytes)
    bytes[60]! ^= 0x10
    const found = await loaded(quantizedIOHandler(tf.io.http(url)), [json!, { ...shard!, bytes }])
    expect(differing(found, castOf(model, mxfp4))).toBe(1)
  })

  it('is refused by stock tfjs, and by our handler where it is not whole', async () => {
    const model = network()
    const files = await exportLayers(model, { format: int4, quantize, packed: true })
    await expect(loaded(tf.io.http(url), files)).rejects.toThrow(/kernel/)
    const [json, shard] = files
    const text = new TextDecoder().decode(json!.bytes)
    const changed = (from: string, to: string) => ({
      name: 'model.json',
      bytes: new TextEncoder().encode(text.replace(from, to)),
    })
    const handler = quantizedIOHandler(tf.io.http(url))
    await expect(loaded(handler, [changed('"version":1', '"version":2'), shard!])).rejects.toThrow(
      /expected version 1, found 2; install a newer/,
    )
    const short = { ...shard!, bytes: shard!.bytes.subarray(0, 1000) }
    await expect(loaded(handler, [json!, short])).rejects.toThrow(/expected \d+ bytes of weights, found \d+/)
    await expect(loaded(handler, [changed('.scales"', '.other"'), shard!])).rejects.toThrow(
      /expected scales behind its codes, found .*\.other/,
    )
    await expect(quantizedIOHandler({}).load!()).rejects.toThrow(/expected a handler that loads/)
  })
})

describe('what tfjs has no place for is refused by name', () => {
  it.each<[string, NumberFormat, RegExp]>([
    ['scales of blocks', int4, /'conv2d.*kernel': expected one scale a tensor.*packed: true/],
    [
      'other points',
      withBlock(nf4, perTensor),
      /'conv2d.*kernel': expected a format whose points are integers .* found nf4; use packed: true/,
    ],
  ])('%s', async (_, format, message) => {
    await expect(exportLayers(network(), { format, quantize })).rejects.toThrow(message)
  })

  it('a rule that chooses nothing, an option that is none', async () => {
    await expect(exportLayers(network(), { format: int8, quantize: () => null })).rejects.toThrow(
      /expected a rule that chooses weights among conv2d.*found one that chooses none/,
    )
    const typo: object = { format: int8, quantize, pack: true }
    await expect(exportLayers(network(), typo as never)).rejects.toThrow(/exportLayers.*pack/)
  })
})
