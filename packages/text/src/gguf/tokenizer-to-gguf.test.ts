// What is written, read again, and what is refused by name. llama.cpp reads it in packages/export.

import { manyTexts } from '@lotion/test-kit'
import { describe, expect, test } from 'vitest'
import { bpeTokenizer } from '../bpe-tokenizer.js'
import { byteLevel } from '../bpe/byte-level-json.js'
import { cl100k, o200k } from '../bpe/split-pattern.js'
import { trainBpe } from '../bpe/train-bpe.js'
import { byteTokenizer } from '../byte-tokenizer.js'
import { isolated } from '../json/as-reference.js'
import { tokenizerFromJson } from '../json/tokenizer-from-json.js'
import { tokenizerFiles, type TokenizerFiles } from '../tokenizer-files.js'
import { preTokenizers } from './pre-tokenizers.js'
import { tokenizerFromGguf } from './tokenizer-from-gguf.js'
import { ggufSplit, tokenizerToGguf } from './tokenizer-to-gguf.js'

const texts = manyTexts(300)
const json = await trainBpe(texts, { vocabulary: 400, special: ['<|end|>', '<|turn|>'] })
const config = { bos_token: null, eos_token: '<|end|>', chat_template: '{{ messages[0].content }}' }
const files: TokenizerFiles = { json, config }
const without = (metadata: Readonly<Record<string, unknown>>, ...keys: readonly string[]) =>
  Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !keys.includes(key.replace('tokenizer.ggml.', ''))),
  )

describe('a tokenizer in GGUF', () => {
  test('keys and values by hand', () => {
    const metadata = tokenizerToGguf(files, { vocabulary: 402, ends: [0, 1] })
    expect(without(metadata, 'tokens', 'merges', 'token_type')).toEqual({
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'gpt-2',
      'tokenizer.ggml.eos_token_id': 0,
      'tokenizer.ggml.eot_token_id': 1,
      'tokenizer.ggml.add_bos_token': false,
      'tokenizer.ggml.add_eos_token': false,
      'tokenizer.chat_template': '{{ messages[0].content }}',
    })
    const [tokens, types] = ['tokens', 'token_type'].map((key) => metadata[`tokenizer.ggml.${key}`])
    expect(tokens).toHaveLength(402)
    expect((tokens as readonly string[]).slice(-3)).toEqual([
      expect.not.stringMatching('PAD'),
      '[PAD400]',
      '[PAD401]',
    ])
    expect(Array.from(types as Int32Array)).toEqual([3, 3, ...Array.from({ length: 398 }, () => 1), 5, 5])
  })

  test('an end that only the model knows is written', () => {
    const metadata = tokenizerToGguf({ json, config: {} }, { vocabulary: 400, ends: [1] })
    expect(metadata['tokenizer.ggml.eos_token_id']).toBe(1)
    expect(Object.keys(metadata)).not.toContain('tokenizer.ggml.eot_token_id')
  })

  test('up to three ends are written; more, for which there is no key, are refused', () => {
    const written = (...ends: readonly number[]) =>
      tokenizerToGguf({ json, config: { eos_token: '<|end|>' } }, { vocabulary: 400, ends })
    expect(written(0, 5, 7)).toMatchObject({
      'tokenizer.ggml.eos_token_id': 0,
      'tokenizer.ggml.eot_token_id': 5,
      'tokenizer.ggml.eom_token_id': 7,
    })
    expect(() => written(0, 5, 7, 9)).toThrow('ends: expected at most three ids that end a text')
  })

  test('what is put before a text is said, by the config or by the template', () => {
    const single = [{ SpecialToken: { id: '<|end|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }]
    const post_processor = {
      type: 'Sequence',
      processors: [{ type: 'ByteLevel' }, { type: 'TemplateProcessing', single }],
    }
    const says = (given: TokenizerFiles['config'], processor: unknown = null) =>
      tokenizerToGguf({ json: { ...json, post_processor: processor }, config: given }, { vocabulary: 400 })[
        'tokenizer.ggml.add_bos_token'
      ]
    expect(says({ bos_token: '<|end|>' })).toBe(false)
    expect(says({ bos_token: '<|end|>' }, post_processor)).toBe(true)
    expect(says({ bos_token: '<|end|>', add_bos_token: false }, post_processor)).toBe(false)
    expect(says({ bos_token: '<|end|>', add_bos_token: true })).toBe(true)
    expect(says({ add_bos_token: true })).toBe(false)
  })

  test.each([
    ['bytes', byteTokenizer, 'gpt-2'],
    ['r50k_base', () => bpeTokenizer('r50k_base'), 'gpt-2'],
    ['a trained one', () => tokenizerFromJson(json, config), 'gpt-2'],
  ] as const)('%s gives the same ids when it is read again', async (_, make, pre) => {
    const tokenizer = await make()
    const metadata = tokenizerToGguf(await tokenizerFiles(tokenizer), {
      vocabulary: tokenizer.vocabulary + 3,
    })
    expect(metadata['tokenizer.ggml.pre']).toBe(pre)
    const again = tokenizerFromGguf(metadata)
    for (const text of texts) expect(again.encode(text), JSON.stringify(text)).toEqual(tokenizer.encode(text))
    expect(again.eos).toBe(tokenizer.eos)
  })

  test.each([...preTokenizers])('a split is found by its members: %s', (name, members) => {
    const { ignore_merges, ...rest } = members
    const given = { ...json, ...rest, model: { ...json.model, ignore_merges } }
    const found = tokenizerToGguf({ json: given, config }, { vocabulary: 400 })['tokenizer.ggml.pre']
    expect(preTokenizers.get(String(found))).toBe(members)
    expect(name.startsWith('llama') ? 'llama-bpe' : name).toBe(found)
  })
})

const model = (changed: object): object => ({ ...json, model: { ...json.model, ...changed } })
const added = (token: object): object => ({
  ...json,
  added_tokens: [{ id: 0, content: '<|end|>', special: true, ...token }],
})

test.each([
  [
    model({ type: 'Unigram', vocab: [['a', 0]] }),
    /model.type: expected BPE of bytes, found the text 'Unigram', SentencePiece/,
  ],
  [model({ type: 'WordPiece' }), /found the text 'WordPiece', of BERT/],
  [model({ byte_fallback: true }), /model.byte_fallback: expected none, found true, SentencePiece/],
  [model({ end_of_word_suffix: '</w>' }), /model.end_of_word_suffix: expected none, found the text '<\/w>'/],
  [
    model({ ignore_merges: true }),
    /pre_tokenizer: expected a split of text that GGUF has a name for \(gpt-2, .*ignore_merges true; llama.cpp would give other ids/,
  ],
  [model({ merges: [['a b', 'c']] }), /model.merges\[0\]: expected two tokens without blanks/],
  [model({ merges: 1 }), /model.merges: expected a list, found 1/],
  [{ ...json, pre_tokenizer: { type: 'Metaspace' } }, /pre_tokenizer: expected a split of text/],
  [
    { ...json, pre_tokenizer: { ...(json['pre_tokenizer'] as object), add_prefix_space: true } },
    /pre_tokenizer: expected a split/,
  ],
  [{ ...json, normalizer: { type: 'Lowercase' } }, /pre_tokenizer: expected a split of text .*Lowercase/],
  [added({ lstrip: true }), /added_tokens\[0\] the text '<\|end\|>': expected lstrip false, found true/],
  [added({ id: 5 }), /expected one token of the id 5, found/],
])('refuses %#', (given, message) => {
  const wrong = { json: given as TokenizerFiles['json'], config }
  expect(() => tokenizerToGguf(wrong, { vocabulary: 400 })).toThrow(message)
})

test('cl100k has the split of llama-bpe; that of o200k llama.cpp has in another form', () => {
  const of = (pattern: string): TokenizerFiles['json'] => ({
    ...model({ ignore_merges: true }),
    pre_tokenizer: { type: 'Sequence', pretokenizers: [isolated(pattern), byteLevel(false)] },
  })
  expect(ggufSplit(of(cl100k))).toBe('llama-bpe')
  expect(ggufSplit(of(o200k))).toBeUndefined()
  expect(() => tokenizerToGguf({ json: of(o200k), config }, { vocabulary: 400 })).toThrow(
    /pre_tokenizer: expected a split/,
  )
})

test('refuses fewer rows than tokens, and ends that are no tokens', () => {
  expect(() => tokenizerToGguf(files, { vocabulary: 300 })).toThrow(
    /expected ids below the 300 rows of the model, found 3\d\d of/,
  )
  expect(() => tokenizerToGguf(files, { vocabulary: 400, ends: [400] })).toThrow(
    /ends: expected ids below 400, found 400/,
  )
  expect(() => tokenizerToGguf({ json, config: { eos_token: '</s>' } }, { vocabulary: 400 })).toThrow(
    /eos_token: expected a token of the vocabulary, found the text '<\/s>'/,
  )
})
