// Tokenizers written down and read again: by this package, by its library as it stands (transformers.js has
// the same one), and by PyPI's `tokenizers`. llama.cpp and transformers: packages/export.

import * as library from '@huggingface/tokenizers'
import { amount, manyTexts } from '@lotion/test-kit'
import { describe, expect, test } from 'vitest'
import { byReference, missing } from '../test/python-tokenizers.js'
import { bpeTokenizer } from './bpe-tokenizer.js'
import { bpeEncodings } from './bpe/encoding-tables.js'
import { recoverMerges } from './bpe/recover-merges.js'
import { trainBpe } from './bpe/train-bpe.js'
import { byteTokenizer } from './byte-tokenizer.js'
import { tokenizerFromJson } from './json/tokenizer-from-json.js'
import { tokenizerFiles } from './tokenizer-files.js'
import type { Tokenizer } from './tokenizer.js'

interface Plain {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] }
}
const Library = library.Tokenizer as unknown as new (json: object, config: object) => Plain

const texts = manyTexts(1500)
const trained = await trainBpe(texts.slice(0, 200), { vocabulary: 600 })
const tokenizers: readonly (readonly [string, () => Tokenizer | Promise<Tokenizer>])[] = [
  ['bytes', byteTokenizer],
  // Tables of 100,000 tokens and more take seconds to read: the others with the extended tests.
  ...bpeEncodings.slice(0, amount(1, 4)).map((name) => [name, () => bpeTokenizer(name)] as const),
  ['trained', () => tokenizerFromJson(trained, { eos_token: '<|endoftext|>' })],
]

describe.each(tokenizers)('%s', (_, make) => {
  test('gives the same ids of 1,500 awkward texts as its files, in every reader', async () => {
    const tokenizer = await make()
    const { json, config } = await tokenizerFiles(tokenizer)
    const expected = texts.map((text) => Array.from(tokenizer.encode(text)))
    const differ = (ids: readonly (readonly number[])[]): readonly unknown[] =>
      texts.flatMap((text, i) =>
        ids[i]!.join() === expected[i]!.join() ? [] : [[text, ids[i], expected[i]]],
      )
    const again = tokenizerFromJson(json, config)
    expect(differ(texts.map((text) => Array.from(again.encode(text))))).toEqual([])
    expect(again).toMatchObject({ vocabulary: tokenizer.vocabulary })
    const plain = new Library({ ...json, added_tokens: [] }, { ...config })
    expect(differ(texts.map((text) => plain.encode(text, { add_special_tokens: false }).ids))).toEqual([])
    if (missing !== undefined) return
    const reference = byReference(JSON.stringify(json), texts)
    expect(differ(reference.map(([ids]) => ids))).toEqual([])
  })
})

test('what came is written as it came, but for a split that JavaScript would take otherwise', async () => {
  const files = await tokenizerFiles(tokenizerFromJson(trained, { eos_token: '<|endoftext|>' }))
  const { pre_tokenizer, ...rest } = files.json
  const { pre_tokenizer: before, ...came } = trained
  expect(rest).toEqual(came)
  expect(files.config).toEqual({
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    eos_token: '<|endoftext|>',
  })
  expect(before).toMatchObject({ type: 'ByteLevel', use_regex: true })
  expect(pre_tokenizer).toMatchObject({ pretokenizers: [{ type: 'Split' }, { use_regex: false }] })
})

test('merges are found again from ranks: for each token the last pair that makes it', () => {
  // By hand: 'abc' is 'ab' and 'c', since 'ab' comes first; 'bcd' is 'bc' and 'd'.
  const tokens = ['a', 'b', 'c', 'd', 'ab', undefined, 'bc', 'abc', 'bcd']
  expect(recoverMerges(tokens)).toEqual([
    ['a', 'b'],
    ['b', 'c'],
    ['ab', 'c'],
    ['bc', 'd'],
  ])
  expect(() => recoverMerges(['a', 'b', 'aba'])).toThrow(/'aba' to be made of two tokens before it, found 3/)
})

test('refuses a tokenizer that no files make', async () => {
  await expect(tokenizerFiles({ ...byteTokenizer(), identity: 'mine', name: 'mine' })).rejects.toThrow(
    /expected bytes, r50k_base, .* found 'mine', for which there are no files/,
  )
})
