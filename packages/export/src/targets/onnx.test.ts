// ONNX files of decoders, judged by onnxruntime: logits are those of the model, with and without what is
// kept.

import type { NumberFormat } from '@lotion/core'
import { int4, mxfp4, nf4, nvfp4, q8_0 } from '@lotion/formats'
import { gpt2, llama, type CausalModel } from '@lotion/models'
import { amount } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportedModel, type ExportedModel } from '../../test/exported-model.js'
import { distance, extents, ids, logitsOf, modelBytes } from '../../test/onnx-judges.js'
import { bytesOf, openDecoder } from '../../test/onnx-runtime.js'
import { decoderConfig } from '../onnx/decoder-config.js'
import { onnxTarget } from './onnx.js'

beforeAll(() => tf.setBackend('cpu'))

/** Logits of up to 5 in f32, by sums in other orders: measured 4e-6. */
const FAR = 2e-5

const llama3 = {
  type: 'llama3',
  factor: 4,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalContext: 32,
} as const

const models: Readonly<Record<string, CausalModel>> = {
  llama: llama(extents),
  'llama with grouped keys, tied': llama({ ...extents, kvHeads: 2, tied: true }),
  'llama 3': llama({ ...extents, kvHeads: 1, ropeBase: 5e5, ropeScaling: llama3 }),
  'llama, linear positions, biases': llama({
    ...extents,
    biases: ['qkv', 'output', 'mlp'],
    ropeScaling: { type: 'linear', factor: 2 },
  }),
  'qwen 2': llama({ ...extents, kvHeads: 2, biases: ['qkv'], tied: true }),
  'qwen 3 with a head width of its own': llama({ ...extents, kvHeads: 2, headDimension: 48, qkNorm: true }),
  'gpt 2': gpt2(extents),
  'gpt 2 with a head of its own': gpt2({ ...extents, tied: false, hidden: 320 }),
}

const formats: readonly (readonly [string, NumberFormat | undefined])[] = [
  ['f32', undefined],
  ['int4', int4],
  ['q8_0', q8_0],
  ['mxfp4', mxfp4],
]

describe.each(Object.entries(models).map(([name, model], i) => [name, model, i] as const))(
  '%s',
  (_, model, nth) => {
    // In `npm test` one format for each model, by turns.
    const chosen = formats.filter((__, i) => amount(Number(i === nth % formats.length), 1) === 1)

    it.each(chosen)(
      'computes the logits of its model in %s, whole and token by token',
      async (_name, format) => {
        const exported = exportedModel(model, format ? { format } : {})
        const decoder = await openDecoder(await modelBytes(exported), decoderConfig(exported.config))
        const expected = logitsOf(model, exported, ids)
        const whole = await decoder.call({ ids: [ids] })
        expect(whole.logits.length).toBe(expected.length)
        expect(distance(whole.logits, expected)).toBeLessThan(FAR)
        let kept = await decoder.call({ ids: [ids.slice(0, 5)] })
        for (let at = 5; at < ids.length; at++) {
          kept = await decoder.call({ ids: [[ids[at]!]], kept })
          expect(distance(kept.logits, expected.subarray(at * 260, (at + 1) * 260))).toBeLessThan(FAR)
        }
        await decoder.close()
      },
    )
  },
)

it('rows of a batch begin where their padding ends', async () => {
  const model = models['llama with grouped keys, tied']!
  const exported = exportedModel(model, { format: nvfp4 })
  const decoder = await openDecoder(await modelBytes(exported), decoderConfig(exported.config))
  const [long, short] = [ids.slice(0, 12), ids.slice(20, 27)]
  const padded = [...Array.from({ length: 5 }, () => 0), ...short]
  const begins = [0, 5]
  let kept = await decoder.call({ ids: [long, padded], begins })
  const last = (row: number) => kept.logits.subarray(row * 12 * 260 + 11 * 260, (row + 1) * 12 * 260)
  const alone = (row: readonly number[]) => logitsOf(model, exported, row).subarray(-260)
  expect(distance(last(0), alone(long))).toBeLessThan(FAR)
  expect(distance(last(1), alone(short))).toBeLessThan(FAR)
  kept = await decoder.call({ ids: [[7], [9]], begins, kept })
  expect(distance(kept.logits.subarray(0, 260), alone([...long, 7]))).toBeLessThan(FAR)
  expect(distance(kept.logits.subarray(260), alone([...short, 9]))).toBeLessThan(FAR)
  await decoder.close()
})

it('a folder says what its weights are, for people and for transformers.js', async () => {
  const model = models['llama']!
  const seen = async (format?: NumberFormat, unpacked = false) => {
    const exported = exportedModel(model, format ? { format } : {})
    const [file, config, ...rest] = await onnxTarget.files(exported, { unpacked })
    const { 'transformers.js_config': told } = JSON.parse(
      new TextDecoder().decode(await bytesOf(config!)),
    ) as Record<string, unknown>
    expect(config!.name).toBe('config.json')
    expect(rest.map(({ name }) => name)).toEqual([
      'generation_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    return [file!.name, file!.contents, told]
  }
  expect(await seen(int4)).toEqual(['onnx/model_q4.onnx', '14 × INT4, 7 × F32', { dtype: 'q4' }])
  expect(await seen(mxfp4)).toEqual(['onnx/model_quantized.onnx', '14 × INT8, 7 × F32', { dtype: 'q8' }])
  expect(await seen()).toEqual(['onnx/model.onnx', '21 × F32', { dtype: 'fp32' }])
  expect(await seen(nf4, true)).toEqual(['onnx/model.onnx', '21 × F32', { dtype: 'fp32' }])
})

describe('what cannot be written is refused by name', () => {
  const model = models['llama']!
  const files = (change: Partial<ExportedModel>) => onnxTarget.files({ ...exportedModel(model), ...change })
  const config = exportedModel(model).config

  it.each<[string, Partial<ExportedModel>, RegExp]>([
    [
      'a format of other points',
      exportedModel(model, { format: nf4 }),
      /^onnx: 'model\.layers\.0\.self_attn\.q_proj\.weight': expected a format whose points are integers of at most 8 bits times one unit, .*int4.*, found nf4, .* rounded/,
    ],
    [
      'a weight that is missing',
      { tensors: exportedModel(model).tensors.slice(1) },
      /^onnx: 'model\.embed_tokens\.weight': expected weights \[260, 128\], found none/,
    ],
    [
      'a weight that is no part of the model',
      { config: { ...config, num_hidden_layers: 1 } },
      /^onnx: 'model\.layers\.1\.input_layernorm\.weight': .* found 9 that its model does not have/,
    ],
    [
      'extents of another model',
      { config: { ...config, intermediate_size: 64 } },
      /^onnx: 'model\.layers\.0\.mlp\.gate_proj\.weight': expected weights \[64, 128\], found \[352, 128\]/,
    ],
    ['no width', { config: { ...config, hidden_size: undefined } }, /'hidden_size': expected a whole number/],
    ['a class', { config: { ...config, model_type: 'gemma' } }, /'model_type': expected gpt2, llama.*gemma/],
    ['a window', { config: { ...config, sliding_window: 16 } }, /'sliding_window': expected null, or at/],
    [
      'positions',
      { config: { ...config, rope_scaling: { rope_type: 'yarn', factor: 2 } } },
      /'rope_scaling': expected type: 'default', 'linear' or 'llama3', found the text 'yarn'/,
    ],
    [
      'a size',
      { config: { ...config, vocab_size: 2 ** 23 }, tensors: vast() },
      /^onnx: onnx\/model\.onnx: expected at most 2147483647 bytes, .* found \d{10}; cast/,
    ],
  ])('%s', async (_, change, message) => {
    await expect(files(change)).rejects.toThrow(message)
  })

  it('a type of weights', async () => {
    await expect(onnxTarget.files(exportedModel(model), { dtype: 'BF16' })).rejects.toThrow(
      /^onnx: dtype: expected F32, .* found BF16/,
    )
  })

  /** Weights of 2^23 tokens, which nobody reads. */
  function vast() {
    return exportedModel(model).tensors.map((tensor) =>
      /embed_tokens|lm_head/.test(tensor.name) ? { ...tensor, shape: [2 ** 23, 128] } : tensor,
    )
  }
})
