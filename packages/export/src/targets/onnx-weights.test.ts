// The weights of ONNX files, by onnxruntime's DequantizeLinear and as they are read again: those that were
// cast.

import { blockOf, perRow, perTensor } from '@lotion/core'
import { builtInFormats, int4, q4_0, withBlock } from '@lotion/formats'
import { integerPoints } from '@lotion/formats/internal'
import { llama } from '@lotion/models'
import { amount } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportedModel } from '../../test/exported-model.js'
import {
  differing,
  distance,
  extents,
  ids,
  judged,
  logitsOf,
  modelBytes,
  openBytes,
} from '../../test/onnx-judges.js'
import { openDecoder } from '../../test/onnx-runtime.js'
import { decoderConfig } from '../onnx/decoder-config.js'

beforeAll(() => tf.setBackend('cpu'))

describe('the weights of a file', () => {
  const held = builtInFormats.filter((format) => integerPoints(format) !== undefined)
  const blocks = [blockOf(32), blockOf(48), perRow, perTensor]
  // 100 is no multiple of a block; 2 · 2 · (4 · 96 · 96 + 3 · 96 · 100) weights and more.
  const model = llama({ ...extents, dimension: 96, hidden: 100 })

  it('of which formats there are', () => {
    expect(held.map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "fp4",
        "fp6-e2m3",
        "gguf-mxfp4",
        "int2",
        "int3",
        "int4",
        "int8",
        "mxfp4",
        "mxfp6-e2m3",
        "mxint8",
        "nvfp4",
        "q4_0",
        "q4_0-full",
        "q8_0",
      ]
    `)
  })

  // In `npm test` one kind of blocks for each format, by turns.
  const cases = held.flatMap((format, nth) =>
    format.standardBlock
      ? [[format.name, format] as const]
      : blocks
          .filter((_, i) => amount(Number(i === nth % blocks.length), 1) === 1)
          .map((block) => [format.name, withBlock(format, block)] as const),
  )

  it.each(cases)('in %s are those that were cast', async (name, format) => {
    const exported = exportedModel(model, {
      format,
      small: name.startsWith('mx') ? 2 ** -124 : 0.001,
    })
    const file = await modelBytes(exported)
    const { all, off } = await judged(exported, file)
    expect(all).toBeGreaterThan(100_000)
    expect(off).toBe(0)
    const back = await openBytes(file)
    expect(Object.keys(back.tensors).toSorted()).toEqual(Object.keys(exported.weights).toSorted())
    for (const [weight, data] of Object.entries(exported.weights)) {
      expect(back.tensors[weight]!.shape).toEqual(model.shapes[weight])
      expect(differing(await back.read(weight), data), weight).toBe(0)
    }
  })

  it.each([
    ['an embedding that is the head, too', { ...extents, tied: true }],
    ['an embedding and a head of its own', extents],
  ])('may be all matrices: %s', async (_, options) => {
    const model = llama(options)
    const exported = exportedModel(model, { format: q4_0, cast: (_name, shape) => shape.length === 2 })
    const file = await modelBytes(exported)
    expect((await judged(exported, file)).off).toBe(0)
    const decoder = await openDecoder(file, decoderConfig(exported.config))
    const { logits } = await decoder.call({ ids: [ids] })
    expect(distance(logits, logitsOf(model, exported, ids))).toBeLessThan(2e-5)
    await decoder.close()
  })

  it('of which a nibble is flipped are found to be others, by onnxruntime and when they are read', async () => {
    const exported = exportedModel(model, { format: withBlock(int4, blockOf(32)) })
    const file = await modelBytes(exported)
    const name = 'model.layers.1.mlp.up_proj.weight'
    const at = Buffer.from(file).lastIndexOf(`${name}.integers`) + `${name}.integers`.length + 64
    file[at]! ^= 0x10
    expect((await judged(exported, file)).off).toBe(1)
    expect(differing(await (await openBytes(file)).read(name), exported.weights[name]!)).toBe(1)
  })
})
