// What targets refuse before they make any bytes, and how files are laid out. What other packages make of the
// files: packages/language/src/export-targets.test.ts.

import { openSafetensorsBytes } from '@lotion/checkpoints/bytes'
import { blockOf, perRow, type NumberFormat } from '@lotion/core'
import { dequantize, fp4, int4, mxfp4, nf4, nvfp4, q4_0, withBlock, type Quantized } from '@lotion/formats'
import { layoutOf, normals } from '@lotion/core'
import { byteTokenizer, tokenizerFiles } from '@lotion/text'
import { describe, expect, test } from 'vitest'
import type { ExportModel, ExportTensor } from '../export-model.js'
import type { ExportTarget } from '../export-target.js'
import { compressedTensorsTarget } from './compressed-tensors.js'
import { hfTarget } from './hf.js'
import { mlxTarget } from './mlx.js'

const config = {
  model_type: 'llama',
  vocab_size: 8,
  hidden_size: 64,
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  max_position_embeddings: 16,
  rms_norm_eps: 1e-5,
}
const up = 'model.layers.0.mlp.up_proj.weight'

/** Weights on no grid. */
const plain = (name: string, shape: readonly number[], data?: Float32Array): ExportTensor => ({
  name,
  shape,
  read: async () =>
    data ??
    normals(
      { seed: 1, stream: name },
      shape.reduce((a, b) => a * b),
    ),
  quantized: async () => {
    throw new Error('on no grid')
  },
})

/** Weights of these points and scales. */
function onGrid(
  format: NumberFormat,
  points: readonly number[],
  scale = 0.25,
  tensorScale = 1,
): ExportTensor {
  const shape = [64, 64]
  const layout = layoutOf(shape, format.block, 1)
  const values = Float32Array.from({ length: 64 * 64 }, (_, i) => points[i % points.length]!)
  const quantized: Quantized = {
    layout,
    values,
    scales: new Float32Array(layout.blocks).fill(scale),
    tensorScale,
  }
  return {
    name: up,
    shape,
    grid: { format, axis: 1 },
    read: async () => dequantize(quantized),
    quantized: async () => quantized,
  }
}

const modelOf = (changed: Partial<ExportModel> = {}, ...tensors: readonly ExportTensor[]): ExportModel => ({
  name: 'tiny',
  config,
  tokenizer: { json: { model: { type: 'BPE', vocab: { a: 0 }, merges: [] } }, config: {} },
  ends: [],
  tensors: [plain('model.embed_tokens.weight', [8, 64]), ...tensors],
  ...changed,
})
const filesOf = async (target: ExportTarget, ...tensors: readonly ExportTensor[]) =>
  target.files(modelOf({}, ...tensors))
const json = async (
  target: ExportTarget,
  name: string,
  model: ExportModel,
): Promise<Record<string, unknown>> => {
  const file = (await target.files(model)).find((each) => each.name === name)!
  const parts: Uint8Array[] = []
  for await (const piece of file.pieces()) parts.push(Uint8Array.from(piece))
  expect(parts.reduce((sum, { length }) => sum + length, 0)).toBe(file.size)
  return JSON.parse(new TextDecoder().decode(Buffer.concat(parts))) as Record<string, unknown>
}

const whole = plain(up, [64, 64])

describe('hf', () => {
  test('says which ids begin and end a text, null where none does', async () => {
    const none = { bos_token_id: null, eos_token_id: null, pad_token_id: null }
    expect(await json(hfTarget, 'config.json', modelOf({}, whole))).toEqual({
      ...config,
      ...none,
      torch_dtype: 'float32',
    })
    const tokenizer = {
      json: { added_tokens: [{ id: 7, content: '<s>' }], model: { vocab: { a: 3 } } },
      config: { bos_token: { content: '<s>' }, pad_token: 'a' },
    }
    expect(
      await json(hfTarget, 'generation_config.json', modelOf({ tokenizer, ends: [4, 5] }, whole)),
    ).toEqual({
      bos_token_id: 7,
      eos_token_id: [4, 5],
      pad_token_id: 3,
    })
    const wrong = { ...tokenizer, config: { bos_token: '</s>' } }
    await expect(hfTarget.files(modelOf({ tokenizer: wrong }, whole))).rejects.toThrow(
      /bos_token: expected a token of the vocabulary, found the text '<\/s>'/,
    )
  })

  test("refuses a tokenizer of another split for Qwen 2, of which transformers takes Qwen's own", async () => {
    const files = await tokenizerFiles(byteTokenizer())
    const pre_tokenizer = {
      type: 'Sequence',
      pretokenizers: [{ type: 'Digits' }, files.json['pre_tokenizer']],
    }
    const merges = [['a', 'b']]
    const json = { ...files.json, pre_tokenizer, model: { ...(files.json['model'] as object), merges } }
    const qwen = modelOf({ config: { ...config, model_type: 'qwen2' }, tokenizer: { ...files, json } }, whole)
    await expect(hfTarget.files(qwen)).rejects.toThrow(/tokenizer.json: expected Qwen's split of text/)
  })

  test('a matrix that is stored the other way round is turned', async () => {
    const data = Float32Array.from({ length: 64 * 64 }, (_, i) => i)
    const files = await filesOf(hfTarget, { ...plain(up, [64, 64], data), transposed: true })
    const parts: Uint8Array[] = []
    for await (const piece of files.at(-1)!.pieces()) parts.push(Uint8Array.from(piece))
    const file = await openSafetensorsBytes(Buffer.concat(parts))
    const { bytes } = await file.tensor(up)
    expect(new Float32Array(Uint8Array.from(bytes).buffer).slice(0, 3)).toEqual(Float32Array.of(0, 64, 128))
    expect(file.metadata).toEqual({ format: 'pt' })
  })

  test('BF16 and F16 where they hold every weight, refused with the count where not', async () => {
    const exact = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 5) / 4)
    const held = [
      plain('model.embed_tokens.weight', [8, 64], exact.slice(0, 512)),
      plain(up, [64, 64], exact),
    ]
    for (const dtype of ['BF16', 'F16'] as const) {
      const files = await hfTarget.files(modelOf({ tensors: held }), { dtype })
      expect(files.at(-1)!.size).toBeLessThan(2 * (512 + 4096) + 400)
    }
    exact[9] = 1 + 2 ** -20
    exact[10] = 70_000
    await expect(hfTarget.files(modelOf({ tensors: held }), { dtype: 'BF16' })).rejects.toThrow(
      `hf: dtype: expected a type that holds every weight, found BF16, which would change 2 of 4608: '${up}' 2 of 4096; take F32`,
    )
    await expect(hfTarget.files(modelOf({ tensors: held }), { dtype: 'F16' })).rejects.toThrow(
      /would change 2 of 4608/,
    )
  })

  test.each([
    [{ model_type: 'bert' }, /model_type: expected one of llama, mistral, qwen2, qwen3, gpt2, found "bert"/],
    [{ num_hidden_layers: undefined }, /num_hidden_layers: expected a number, found undefined/],
    [{ intermediate_size: null }, /intermediate_size: expected a number, found null/],
    [{ num_hidden_layers: 2 }, /num_hidden_layers: expected the 1 layers that there are weights of, found 2/],
    [
      { vocab_size: 9 },
      /'model.embed_tokens.weight': expected \[9, 64\], as config.json says, found \[8, 64\]/,
    ],
  ])('refuses a configuration that is not whole: %o', async (changed, message) => {
    for (const target of [hfTarget, compressedTensorsTarget, mlxTarget])
      await expect(
        target.files(modelOf({ config: { ...config, ...changed } }, onGrid(q4_0, [1]))),
      ).rejects.toThrow(message)
  })
})

describe('compressed-tensors', () => {
  test.each([
    [
      nf4,
      /'model.layers.0.mlp.up_proj.weight': expected a grid that it holds \(integers.*found nf4, block 64; its weights would have to be rounded again/,
    ],
    [fp4, /found fp4/],
    [withBlock(int4, blockOf(48)), /found int4, block 48/],
    [withBlock(mxfp4, blockOf(16)), /found mxfp4 with blocks of 16/],
  ])('refuses what it does not hold, by name: %#', async (format, message) => {
    await expect(filesOf(compressedTensorsTarget, onGrid(format, [0]))).rejects.toThrow(message)
  })

  test('refuses blocks across rows, GPT-2, and a model on no grid', async () => {
    const across = { ...onGrid(int4, [1]), grid: { format: int4, axis: 0 } }
    await expect(filesOf(compressedTensorsTarget, across)).rejects.toThrow(/blocks along the rows/)
    await expect(filesOf(compressedTensorsTarget, whole)).rejects.toThrow(
      /expected matrices of layers that lie on a grid, found none in tiny/,
    )
    const gpt2 = modelOf({ config: { ...config, model_type: 'gpt2' } }, onGrid(int4, [1]))
    await expect(compressedTensorsTarget.files(gpt2)).rejects.toThrow(
      /found gpt2, whose matrices \(Conv1D\) it does not pack/,
    )
  })

  test('says one scheme for all linear layers, or names the layers', async () => {
    const config_ = async (...tensors: readonly ExportTensor[]) =>
      (await json(compressedTensorsTarget, 'config.json', modelOf({}, ...tensors)))['quantization_config']
    expect(await config_(onGrid(int4, [1]))).toMatchObject({
      quant_method: 'compressed-tensors',
      format: 'pack-quantized',
      ignore: ['lm_head'],
      config_groups: {
        group_0: {
          targets: ['Linear'],
          weights: { num_bits: 4, type: 'int', strategy: 'group', group_size: 32 },
        },
      },
    })
    const down = { ...onGrid(withBlock(int4, perRow), [1]), name: 'model.layers.0.mlp.down_proj.weight' }
    const gate = plain('model.layers.0.mlp.gate_proj.weight', [64, 64])
    expect(await config_(onGrid(mxfp4, [1]), down, gate)).toMatchObject({
      format: 'mixed-precision',
      ignore: ['lm_head', 'model.layers.0.mlp.gate_proj'],
      config_groups: {
        group_0: { targets: ['model.layers.0.mlp.up_proj'], format: 'mxfp4-pack-quantized' },
        group_1: {
          targets: ['model.layers.0.mlp.down_proj'],
          weights: { strategy: 'channel', group_size: null },
        },
      },
    })
  })

  test('divides by a scale that makes the weights of NVFP4 in bf16, or says how many would change', async () => {
    const scaled = (tensorScale: number) =>
      filesOf(compressedTensorsTarget, onGrid(nvfp4, [1, -3, 6], 1.75, tensorScale))
    await expect(scaled(2 ** -9)).resolves.toBeDefined()
    await expect(scaled(1.1e-4)).resolves.toBeDefined()
    await expect(scaled(0)).resolves.toBeDefined()
    // Its reciprocal is beyond f32.
    await expect(scaled(2 ** -140)).rejects.toThrow(
      /expected a tensor scale whose reciprocal makes the same weights in bf16/,
    )
  })
})

describe('mlx', () => {
  test('int4 where product and sum are exact; refused with the count where not', async () => {
    await expect(filesOf(mlxTarget, onGrid(int4, [1, -7, 3], 0.25))).resolves.toBeDefined()
    // By hand: 0.1 in f32 is 13421773 · 2^-27; 9 times it has 27 bits and is rounded up by 3, which 8 times
    // it does not take away.
    await expect(filesOf(mlxTarget, onGrid(int4, [0, 1], Math.fround(0.1)))).rejects.toThrow(
      /'model.layers.0.mlp.up_proj.weight': expected scales whose products and sums f32 holds, .* found 2048 of 4096 weights .* cast to q4_0/,
    )
  })

  test('one scale a row is that of each of its groups', async () => {
    const row = withBlock(int4, perRow)
    expect((await json(mlxTarget, 'config.json', modelOf({}, onGrid(row, [1]))))['quantization']).toEqual({
      group_size: 64,
      bits: 4,
      mode: 'affine',
    })
  })

  test('refuses what it does not hold, and a packed GPT-2', async () => {
    await expect(filesOf(mlxTarget, onGrid(nvfp4, [1]))).rejects.toThrow(
      /expected a grid that it holds \(integers of 2, 4 or 8 bits.*found nvfp4/,
    )
    await expect(filesOf(mlxTarget, onGrid(withBlock(int4, blockOf(16)), [1]))).rejects.toThrow(
      /found int4, block 16/,
    )
    const gpt2 = modelOf({ config: { ...config, model_type: 'gpt2' } }, onGrid(int4, [1]))
    await expect(mlxTarget.files(gpt2)).rejects.toThrow(/found gpt2, whose matrices mlx-lm turns around/)
  })
})

test.each([compressedTensorsTarget, mlxTarget])(
  '$name has no unpacked weights, and says where they are',
  async (target) => {
    const empty: ExportModel = {
      name: 'x',
      config,
      tokenizer: { json: {}, config: {} },
      ends: [],
      tensors: [],
    }
    await expect(target.files(empty, { unpacked: true })).rejects.toThrow(
      `unpacked: expected none for ${target.name}, whose weights are packed, found it; export to hf`,
    )
  },
)
