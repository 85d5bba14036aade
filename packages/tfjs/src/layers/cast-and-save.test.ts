// A trained model on the grid: as a model of its own, in numbers, and in files that stock tfjs reads.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals, perTensor } from '@lotion/core'
import { int4, int8, mxfp4, withBlock } from '@lotion/formats'
import { ptq } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { perChannel, quantized, quantizedIOHandler } from './index.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))
const folder = mkdtempSync(join(tmpdir(), 'lotion-door-'))
afterAll(() => rmSync(folder, { recursive: true }))

const whole = ptq({ format: withBlock(int4, perTensor) })

/** A convolution, a norm with moving averages, two dense layers in a model of their own. */
function network(): tf.LayersModel {
  const { layers } = tf
  const head = tf.sequential({
    name: 'head',
    layers: [
      layers.dense({ name: 'hidden', units: 8, inputShape: [36], activation: 'tanh' }),
      layers.dense({ name: 'logits', units: 3 }),
    ],
  })
  const x = tf.input({ shape: [5, 5, 2] })
  const conv = layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3 }).apply(x)
  const norm = layers.batchNormalization({ name: 'norm' }).apply(conv)
  const out = head.apply(layers.flatten().apply(norm)) as tf.SymbolicTensor
  const model = tf.model({ inputs: x, outputs: out })
  for (const [i, weight] of model.weights.entries()) {
    const shape = weight.shape as number[]
    const count = shape.reduce((product, extent) => product * extent, 1)
    weight.write(tf.abs(tf.tensor(normals({ seed: 3, stream: 'w', step: i }, count), shape)))
  }
  return model
}

const x = () => tf.tensor4d(normals({ seed: 4, stream: 'x' }, 6 * 50), [6, 5, 5, 2])
const outputs = (model: tf.LayersModel): readonly number[] => [
  ...(model.predict(x()) as tf.Tensor).dataSync(),
]
const weights = (model: tf.LayersModel): ReadonlyMap<string, readonly number[]> =>
  new Map(model.weights.map((weight) => [weight.originalName, [...weight.read().dataSync()]]))

describe('cast', () => {
  it('is a model of its own, on the grid, with the moving averages and the other weights', async () => {
    const model = network()
    const before = outputs(model)
    const q = quantized(model, ptq({ format: int4 }), { layers: { conv: perChannel(int4), logits: null } })
    const [conv, ...others] = await q.report()
    expect(conv!.distance).toBeGreaterThan(0.02)
    const small = q.cast()
    expect(outputs(model)).toEqual(before)
    expect(outputs(small)).not.toEqual(before)
    const onTheGrid = await quantized(small, ptq({ format: int4 }), {
      layers: { conv: perChannel(int4), logits: null },
    }).report()
    expect(onTheGrid.map(({ distance }) => distance ?? 0).every((distance) => distance < 1e-7)).toBe(true)
    const [own, cast] = [weights(model), weights(small)]
    const changed = [...own].flatMap(([name, values]) =>
      values.join() === cast.get(name)!.join() ? [] : [name],
    )
    expect(changed).toEqual(['conv/kernel', 'hidden/kernel'])
    expect(others.find(({ parameter }) => parameter === 'head/logits/kernel')!.reason).toBe(
      "layers: 'logits'",
    )
    const { numTensors } = tf.memory()
    q.cast().dispose()
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('that throws leaves no tensor', () => {
    class Forgetful extends tf.layers.Layer {
      static readonly className = 'Forgetful'
      constructor(private readonly mixes = true) {
        super({ name: 'forgetful' })
      }
      override build(): void {
        if (this.mixes) this.addWeight('mix', [3, 3], 'float32', tf.initializers.zeros())
        this.built = true
      }
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return Array.isArray(inputs) ? inputs[0]! : inputs
      }
      static override fromConfig<T extends tf.serialization.Serializable>(): T {
        return new Forgetful(false) as unknown as T
      }
    }
    tf.serialization.registerClass(Forgetful)
    const { dense } = tf.layers
    const model = tf.sequential({ layers: [dense({ units: 3, inputShape: [2] }), new Forgetful()] })
    const q = quantized(model, whole, { layers: { '*mix': null } })
    const { numTensors } = tf.memory()
    expect(() => q.cast()).toThrow(/forgetful\/mix.*getConfig/)
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('says how many blocks are clipped', async () => {
    const model = network()
    const clipping = { ...int4, scale: { ...int4.scale } }
    const [kernel] = await quantized(model, ptq({ format: clipping })).report()
    expect([kernel!.saturated, kernel!.bits]).toEqual([0, 4 + 32 / 18])
  })
})

describe('save', () => {
  it("'tfjs' in a folder is read by stock tfjs: each weight that of the cast", async () => {
    const model = network()
    const q = quantized(model, whole, { layers: { logits: withBlock(int8, perTensor) } })
    const out = join(folder, 'stock')
    await q.save(`file://${out}`, { quantized: 'tfjs' })
    expect(readdirSync(out).toSorted()).toEqual(['group1-shard1of1.bin', 'model.json'])
    const stock = await tf.loadLayersModel(fromFolder(out))
    expect(weights(stock)).toEqual(weights(q.cast()))
    expect(outputs(stock)).toEqual(outputs(q.cast()))
  })

  it('to a handler of tfjs, in either layout', async () => {
    const model = network()
    const kept: tf.io.ModelArtifacts[] = []
    const handler = tf.io.withSaveHandler(async (artifacts) => {
      kept.push(artifacts)
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } }
    })
    await quantized(model, whole).save(handler, { quantized: 'tfjs' })
    const stock = await tf.loadLayersModel(tf.io.fromMemory(kept[0]!))
    expect(weights(stock)).toEqual(weights(quantized(model, whole).cast()))
    const micro = quantized(model, ptq({ format: mxfp4 }))
    await micro.save(handler, { quantized: 'packed' })
    const unpacked = await tf.loadLayersModel(quantizedIOHandler(tf.io.fromMemory(kept[1]!)))
    const [found, wanted] = [weights(unpacked), weights(micro.cast())]
    for (const [name, values] of wanted)
      expect(found.get(name)!.map((value) => value + 0)).toEqual(values.map((value) => value + 0))
  })

  it('blocks in the layout of tfjs are refused, and nothing is written', async () => {
    const out = join(folder, 'refused')
    const q = quantized(network(), ptq({ format: int4 }))
    await expect(q.save(`file://${out}`, { quantized: 'tfjs' })).rejects.toThrow(/one scale a tensor.*packed/)
    expect(existsSync(out)).toBe(false)
  })

  it('over an earlier one: the old is read until the new stands, and its shards go', async () => {
    const model = network()
    const q = quantized(model, whole)
    const out = join(folder, 'again')
    const target = `file://${out}`
    await q.save(target, { quantized: 'tfjs' })
    const old = outputs(await tf.loadLayersModel(fromFolder(out)))
    model.weights[0]!.write(tf.neg(model.weights[0]!.read()))
    const rename = vi.spyOn(fs, 'rename').mockRejectedValueOnce(new Error('the power went'))
    await expect(q.save(target, { quantized: 'tfjs' })).rejects.toThrow('the power went')
    rename.mockRestore()
    expect(outputs(await tf.loadLayersModel(fromFolder(out)))).toEqual(old)
    expect(readdirSync(out).toSorted()).toEqual(['group1-shard1of1.bin', 'model.json'])
    await q.save(target, { quantized: 'tfjs' })
    expect(outputs(await tf.loadLayersModel(fromFolder(out)))).toEqual(outputs(q.cast()))
    expect(outputs(q.cast())).not.toEqual(old)
    expect(readdirSync(out)).toHaveLength(2)
  })

  it('a model of others is refused, and kept; replaced if that is said, beside files of theirs', async () => {
    const out = join(folder, 'theirs')
    mkdirSync(out)
    const theirs = { 'model.json': '{"format":"layers-model"}', 'group1-shard1of1.bin': 'theirs' }
    for (const [name, text] of Object.entries(theirs)) writeFileSync(join(out, name), text)
    const read = (name: string): string => readFileSync(join(out, name), 'utf8')
    const q = quantized(network(), whole)
    await expect(q.save(`file://${out}`, { quantized: 'tfjs' })).rejects.toThrow(/model of others.*overwrite/)
    expect(readdirSync(out)).toHaveLength(2)
    expect(read('model.json')).toBe(theirs['model.json'])
    await q.save(`file://${out}`, { quantized: 'tfjs', overwrite: true })
    expect(read('group1-shard1of1.bin')).toBe('theirs')
    expect(outputs(await tf.loadLayersModel(fromFolder(out)))).toEqual(outputs(q.cast()))
  })

  it('a place that nothing writes to is refused', async () => {
    const q = quantized(network(), whole)
    await expect(q.save('ftp://out', { quantized: 'tfjs' })).rejects.toThrow(
      /a URL that tfjs knows one for, found 'ftp:/,
    )
    await expect(q.save('file://out', {} as never)).rejects.toThrow(/save: quantized/)
    const misspelled = { quantized: 'tfjs', overwite: true } as never
    await expect(q.save('file://out', misspelled)).rejects.toThrow(/overwite/)
  })
})

/** As a page finds it: model.json and the shards that it names. */
function fromFolder(path: string): tf.io.IOHandler {
  const { weightsManifest, modelTopology } = JSON.parse(
    readFileSync(join(path, 'model.json'), 'utf8'),
  ) as tf.io.ModelJSON
  const [{ paths, weights: weightSpecs }] = weightsManifest as [tf.io.WeightsManifestConfig[number]]
  const bytes = Buffer.concat(paths.map((name) => readFileSync(join(path, name))))
  return tf.io.fromMemory({
    modelTopology,
    weightSpecs,
    weightData: Uint8Array.from(bytes).buffer,
  })
}
