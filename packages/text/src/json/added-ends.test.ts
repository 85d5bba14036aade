// What a text begins with is the same in training, in files that are written, and for those who read them.

import * as library from '@huggingface/tokenizers'
import { describe, expect, test } from 'vitest'
import { trainBpe } from '../bpe/train-bpe.js'
import { tokenizerFromGguf } from '../gguf/tokenizer-from-gguf.js'
import { tokenizerToGguf } from '../gguf/tokenizer-to-gguf.js'
import { tokenizerFiles } from '../tokenizer-files.js'
import { tokenizerFromJson } from './tokenizer-from-json.js'

const json = await trainBpe(['The rain in spring falls on the plain.'], {
  vocabulary: 280,
  special: ['<|end|>', '<|begin|>'],
})
const template = {
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: '<|begin|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: { '<|begin|>': { id: '<|begin|>', ids: [1], tokens: ['<|begin|>'] } },
}
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
const bos_token = '<|begin|>'

const cases: readonly (readonly [string, object, unknown, number | undefined])[] = [
  ['a token that has a name alone', { bos_token }, null, undefined],
  ['a config that asks for it', { bos_token, add_bos_token: true }, null, 1],
  ['a config that asks for it beside other processors', { bos_token, add_bos_token: true }, byteLevel, 1],
  ['a template', { bos_token }, { type: 'Sequence', processors: [byteLevel, template] }, 1],
  ['a template that the config overrules', { bos_token, add_bos_token: false }, template, undefined],
]

describe.each(cases)('%s', (_, config, post_processor, bos) => {
  const tokenizer = tokenizerFromJson({ ...json, post_processor }, config)

  test('is what texts begin with in training', () => expect(tokenizer.bos).toBe(bos))

  test('is what those who read the files put before a text', async () => {
    const files = await tokenizerFiles(tokenizer)
    const read = new library.Tokenizer(files.json, files.config)
    const ids = Array.from(tokenizer.encode('The rain'))
    expect(read.encode('The rain').ids).toEqual(bos === undefined ? ids : [bos, ...ids])
    expect(tokenizerFromJson(files.json, files.config).bos).toBe(bos)
  })

  test('is what a GGUF file says', async () => {
    const metadata = tokenizerToGguf(await tokenizerFiles(tokenizer), { vocabulary: tokenizer.vocabulary })
    expect(metadata['tokenizer.ggml.add_bos_token']).toBe(bos !== undefined)
    expect(tokenizerFromGguf(metadata).bos).toBe(bos)
  })
})

test('a GGUF file that does not say it has what llama.cpp takes for its split', async () => {
  const { bos_token_id, ...rest } = {
    ...tokenizerToGguf(await tokenizerFiles(tokenizerFromJson(json, { bos_token })), { vocabulary: 280 }),
    bos_token_id: 1,
  }
  for (const [pre, bos] of [
    ['gpt-2', undefined],
    ['llama-bpe', 1],
  ] as const) {
    const metadata = { ...rest, 'tokenizer.ggml.bos_token_id': bos_token_id, 'tokenizer.ggml.pre': pre }
    expect(tokenizerFromGguf({ ...metadata, 'tokenizer.ggml.add_bos_token': undefined }).bos).toBe(bos)
    expect(tokenizerFromGguf({ ...metadata, 'tokenizer.ggml.add_bos_token': false }).bos).toBeUndefined()
  }
})
