// A GGUF file holds the weights that were trained, each of them, by three decoders; what it cannot hold is
// refused before a byte is made.

import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hfConfig, hfTensors, openGguf, type GgufFile } from '@lotion/checkpoints'
import { blockOf, perRow, perTensor, sizeOf, type NumberFormat } from '@lotion/core'
import {
  absmaxF16,
  builtInFormats,
  fp4,
  ggufMxfp4,
  int2,
  int4,
  int8,
  mxfp4,
  nvfp4,
  packingOf,
  q4_0,
  q4_0Full,
  q8_0,
  withBlock,
  withScale,
} from '@lotion/formats'
import { configOf, llama, modelFromConfig } from '@lotion/models'
import { byteTokenizer, tokenizerFromGguf, tokenizerFromJson, trainBpe } from '@lotion/text'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportModel, models } from '../../test/export-models.js'
import { ggmlWeights, missing } from '@lotion/test-kit/ggml-base'
import type { ExportModel, ExportOptions } from '../index.js'
import { ggufTarget } from './gguf.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-export-gguf-'))
})
afterAll(() => rm(folder, { recursive: true }))

let count = 0
/** Write the file of a model, and open it. */
async function written(model: ExportModel, options?: ExportOptions): Promise<GgufFile> {
  const path = join(folder, `${count++}.gguf`)
  const [file] = await ggufTarget.files(model, options)
  await writeFile(path, file!.pieces())
  const opened = await openGguf(path)
  const handle = await open(path)
  expect((await handle.stat()).size).toBe(file!.size)
  await handle.close()
  return opened
}

/** Weights that are other numbers in the file than in the model; −0 is 0. */
async function differing(
  model: ExportModel,
  file: GgufFile,
): Promise<{ weights: number; differing: number }> {
  const { read, tensors } = hfTensors(file)
  const found = { weights: 0, differing: 0 }
  for (const { name, shape, read: truth } of model.tensors) {
    expect(tensors, name).toHaveProperty([name])
    const [ours, theirs] = [await truth(), turnedBack(name, await read(name), shape)]
    found.weights += ours.length
    for (let i = 0; i < ours.length; i++) if (ours[i] !== theirs[i]) found.differing++
  }
  return found
}

/** Matrices of GPT-2 are read as Hugging Face stores them, [in, out]. */
function turnedBack(name: string, data: Float32Array, [out, inputs]: readonly number[]): Float32Array {
  if (!/\.(c_attn|c_proj|c_fc)\.weight$/.test(name)) return data
  return data.map((_, i) => data[(i % inputs!) * out! + Math.floor(i / inputs!)]!)
}

/** A format, and the type that holds it. */
interface Held {
  readonly what: string
  readonly format: NumberFormat
  readonly type: string
}

const held: readonly Held[] = [
  { what: 'q4_0', format: q4_0, type: 'Q4_0' },
  { what: 'q4_0-full', format: q4_0Full, type: 'Q4_0' },
  { what: 'q8_0', format: q8_0, type: 'Q8_0' },
  { what: 'gguf-mxfp4', format: ggufMxfp4, type: 'MXFP4' },
  { what: 'mxfp4', format: mxfp4, type: 'MXFP4' },
  {
    what: 'int2 with scales in f16',
    format: withBlock(withScale(int2, absmaxF16), blockOf(32)),
    type: 'Q4_0',
  },
  {
    what: 'int4 with scales in f16, blocks of 64',
    format: withBlock(withScale(int4, absmaxF16), blockOf(64)),
    type: 'Q4_0',
  },
  {
    what: 'int4 with a scale in f16 a row',
    format: withBlock(withScale(int4, absmaxF16), perRow),
    type: 'Q4_0',
  },
  {
    what: 'int8 with a scale in f16 a tensor',
    format: withBlock(withScale(int8, absmaxF16), perTensor),
    type: 'Q8_0',
  },
]

const llamaModel = models['llama, tied, two heads of keys']!

test.each(held)('$what: no weight differs, as $type', async ({ format, type }) => {
  const model = await exportModel(llamaModel, { format })
  const file = await written(model)
  const matrices = Object.values(file.tensors).filter(({ shape }) => shape.length > 1)
  expect(new Set(matrices.map((tensor) => tensor.type))).toEqual(new Set([type]))
  expect(await differing(model, file)).toEqual({ weights: llamaModel.parameterCount, differing: 0 })
  await file.close()
})

describe.each(Object.entries(models))('%s', (_, program) => {
  test('no weight differs, vectors are F32', async () => {
    const format = q4_0
    const model = await exportModel(program, { format })
    const file = await written(model)
    const types = Object.values(file.tensors).map((tensor) => [tensor.type, tensor.shape.length])
    expect(types.every(([type, axes]) => type === (axes === 1 ? 'F32' : 'Q4_0'))).toBe(true)
    const found = await differing(model, file)
    expect(found.weights).toBeGreaterThan(100_000)
    expect(found.differing).toBe(0)
    await file.close()
  })

  test('configuration and tokenizer are what the model had', async () => {
    const model = await exportModel(program, { format: q4_0 })
    const file = await written(model)
    const read = modelFromConfig(await hfConfig(file))
    expect(configOf(read.model)).toEqual(model.config)
    const text = 'Größe, 雨.\r\n\t\0 x'
    const tokenizer = tokenizerFromGguf(file.metadata)
    expect(Array.from(tokenizer.encode(text))).toEqual(Array.from(byteTokenizer().encode(text)))
    await file.close()
  })
})

test('blocks are those that training packs, byte for byte, rows of queries and keys in another order', async () => {
  const model = await exportModel(llamaModel, { format: q4_0 })
  const [file] = await ggufTarget.files(model)
  const pieces: Uint8Array[] = []
  for await (const piece of file!.pieces()) pieces.push(piece.slice())
  const bytes = Buffer.concat(pieces)
  expect(bytes.length).toBe(file!.size)
  expect(file!.contents).toBe('15 × Q4_0, 5 × F32')
  for (const { name, grid, quantized, shape } of model.tensors) {
    if (!grid) continue
    const blocks = packingOf(q4_0).pack(await quantized())['blocks']!
    const isMoved = /[qk]_proj/.test(name)
    expect(bytes.indexOf(blocks) >= 0, name).toBe(!isMoved)
    const row = blocks.length / shape[0]!
    for (let at = 0; at < blocks.length; at += row)
      expect(bytes.indexOf(blocks.subarray(at, at + row))).toBeGreaterThan(0)
  }
})

test('types are mixed by tensor; a type of numbers is taken where it rounds nothing', async () => {
  const exact = Object.fromEntries(
    Object.entries(llamaModel.init(2)).map(([name, data]) => [
      name,
      data.map((x) => Math.round(64 * x) / 64),
    ]),
  )
  const model = await exportModel(llamaModel, {
    format: q8_0,
    keep: /embed_tokens|down_proj/,
    weights: exact,
  })
  for (const dtype of ['F32', 'F16', 'BF16'] as const) {
    const file = await written(model, { dtype })
    expect(file.tensors['token_embd.weight']!.type).toBe(dtype)
    expect(file.tensors['blk.0.attn_q.weight']!.type).toBe('Q8_0')
    expect(file.tensors['blk.0.attn_norm.weight']!.type).toBe('F32')
    expect((await differing(model, file)).differing).toBe(0)
    await file.close()
  }
  const rounded = await exportModel(llamaModel, { keep: /./ })
  await expect(ggufTarget.files(rounded, { dtype: 'BF16' })).rejects.toThrow(
    /^model\.embed_tokens\.weight: expected weights that BF16 has, found \d+ of 256 × 64 that it would round; leave dtype out \(F32\)$/,
  )
})

test.skipIf(missing).each(held)(
  '$what: ggml itself decodes the weights, and another nibble to others',
  async ({ format, type }) => {
    const model = await exportModel(llamaModel, { format })
    const [file] = await ggufTarget.files(model)
    const pieces: Uint8Array[] = []
    for await (const piece of file!.pieces()) pieces.push(piece.slice())
    // The order of the rows is that of the model but for queries and keys.
    const matrices = model.tensors.filter(({ name, grid }) => grid !== undefined && !/[qk]_proj/.test(name))
    const blocks = pieces.slice(1).filter(({ length }) => length > 1024)
    let weights = 0
    for (const { name, shape, read } of matrices) {
      const truth = await read()
      const found = await Promise.all(
        blocks
          .filter(({ length }) => length === bytesOf(type, sizeOf(shape)))
          .map((data) => ggmlWeights(type, data, truth.length)),
      )
      const same = found.filter((decoded) => decoded.every((weight, i) => weight === truth[i]))
      expect(same, name).toHaveLength(1)
      weights += truth.length
    }
    expect(weights).toBeGreaterThan(80_000)
    const flipped = blocks[0]!.slice()
    flipped[flipped.length - 1]! ^= 16
    const [before, after] = await Promise.all(
      [blocks[0]!, flipped].map((data) => ggmlWeights(type, data, 256 * 64)),
    )
    expect(before!.filter((weight, i) => weight !== after![i])).toHaveLength(1)
  },
)

const bytesOf = (type: string, weights: number): number =>
  (weights / 32) * { Q4_0: 18, Q8_0: 34, MXFP4: 17 }[type]!

const refused = builtInFormats.filter((format) => !held.some((each) => each.format === format))

test.each([...refused, withBlock(fp4, blockOf(32)), withBlock(withScale(int4, absmaxF16), blockOf(16))])(
  '$name is refused by name',
  async (format) => {
    await expect(ggufTarget.files(await exportModel(llamaModel, { format }))).rejects.toThrow(
      /^model\.embed_tokens\.weight: expected a format that GGUF holds: gguf-mxfp4 \(MXFP4\), q4_0 \(Q4_0\), q8_0 \(Q8_0\), or one with their points and scales, found .*, (none of which has codes for its points|whose scales \(.*\) would be rounded|whose blocks are not whole blocks of 32 weights along rows of \[256, 64\]); cast the trained/,
    )
  },
)

test.each([int4, nvfp4])('$name is written as the same numbers where that is wished', async (format) => {
  const model = await exportModel(llamaModel, { format })
  const file = await written(model, { unpacked: true })
  expect((await differing(model, file)).differing).toBe(0)
  expect(Object.values(file.tensors).every(({ type }) => type === 'F32')).toBe(true)
  await file.close()
})

test('what is lost is said', async () => {
  const found = async (format: NumberFormat): Promise<string> =>
    ggufTarget.files(await exportModel(llamaModel, { format })).then(
      () => 'nothing',
      (error: Error) => error.message,
    )
  expect(await found(int4)).toContain('found int4, block 32, whose scales (f32) would be rounded')
  expect(await found(nvfp4)).toContain('whose scales (e4m3, and one a tensor) would be rounded')
})

test('a table with more rows than the tokenizer has ids names them as unused', async () => {
  const json = await trainBpe(['low lower lowest'], { vocabulary: 260 })
  const config = { eos_token: '<|endoftext|>', chat_template: '{{ messages[0].content }}' }
  const tokenizer = tokenizerFromJson(json, config)
  const program = llama({ vocabulary: 288, dimension: 32, layers: 1, heads: 4, hidden: 64, context: 32 })
  const file = await written(await exportModel(program, { format: q4_0, tokenizer, ends: [0, 5] }))
  const { metadata } = file
  const tokens = metadata['tokenizer.ggml.tokens'] as readonly string[]
  const types = metadata['tokenizer.ggml.token_type'] as Int32Array
  expect([tokens.length, types.length]).toEqual([288, 288])
  expect(tokens.slice(258, 262)).toEqual([...tokens.slice(258, 260), '[PAD260]', '[PAD261]'])
  expect([types[0], types[1], types[260]]).toEqual([3, 1, 5])
  expect(metadata).toMatchObject({
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.eos_token_id': 0,
    'tokenizer.ggml.eot_token_id': 5,
    'tokenizer.ggml.add_bos_token': false,
    'tokenizer.chat_template': config.chat_template,
  })
  const read = tokenizerFromGguf(metadata)
  expect(Array.from(read.encode('lowest low'))).toEqual(Array.from(tokenizer.encode('lowest low')))
  await file.close()
})

test('a model that contradicts itself is refused', async () => {
  const model = await exportModel(llamaModel)
  const other = (config: object): ExportModel => ({ ...model, config: { ...model.config, ...config } })
  await expect(ggufTarget.files(other({ vocab_size: 260 }))).rejects.toThrow(
    "'vocab_size': expected the rows of the embedding, 256, found 260",
  )
  await expect(ggufTarget.files(other({ tie_word_embeddings: false }))).rejects.toThrow(
    "'tie_word_embeddings': expected true, as there is no head among the weights, found false",
  )
  await expect(ggufTarget.files(other({ intermediate_size: undefined }))).rejects.toThrow(
    "'intermediate_size': expected",
  )
  const bpe = tokenizerFromJson(await trainBpe(['low lower lowest'], { vocabulary: 260 }))
  await expect(ggufTarget.files(await exportModel(llamaModel, { tokenizer: bpe }))).rejects.toThrow(
    /tokenizer\.json: expected ids below the 256 rows of the model, found 25\d of '/,
  )
})
