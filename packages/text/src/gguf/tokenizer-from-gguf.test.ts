// What is refused; ids are held to the reference in tokenizer-parity.test.ts.
import { expect, test } from 'vitest'
import { tokenizerFromGguf } from './tokenizer-from-gguf.js'

const good = {
  'tokenizer.ggml.model': 'gpt2',
  'tokenizer.ggml.pre': 'gpt-2',
  'tokenizer.ggml.tokens': ['<e>', 'a', 'b', 'ab'],
  'tokenizer.ggml.token_type': Int32Array.of(3, 1, 1, 1),
  'tokenizer.ggml.merges': ['a b'],
  'tokenizer.ggml.eos_token_id': 0,
}

test('a small one', () => {
  const tokenizer = tokenizerFromGguf(good)
  expect(Array.from(tokenizer.encode('abab'))).toEqual([3, 3])
  expect(tokenizer).toMatchObject({ eos: 0, vocabulary: 4, special: new Map([['<e>', 0]]) })
})

test.each([
  [
    { 'tokenizer.ggml.model': 'llama' },
    /'tokenizer.ggml.model': expected 'gpt2'.*SentencePiece; give the tokenizer.json/,
  ],
  [{ 'tokenizer.ggml.model': undefined }, /expected 'gpt2', a byte-level BPE, found undefined/],
  [
    { 'tokenizer.ggml.pre': 'tekken' },
    /'tokenizer.ggml.pre': expected one of gpt-2, .*found the text 'tekken'/,
  ],
  [{ 'tokenizer.ggml.pre': undefined }, /'tokenizer.ggml.pre': .*found nothing/],
  [{ 'tokenizer.ggml.tokens': ['a', 'a'], 'tokenizer.ggml.token_type': [1, 1] }, /expected each token once/],
  [
    { 'tokenizer.ggml.merges': undefined },
    /'tokenizer.ggml.merges': expected a list of texts, found nothing/,
  ],
  [
    { 'tokenizer.ggml.token_type': [1] },
    /'tokenizer.ggml.token_type': expected 4 numbers, one a token, found 1/,
  ],
  [{ 'tokenizer.ggml.eos_token_id': 4 }, /'tokenizer.ggml.eos_token_id': expected an id below 4, found 4/],
])('refuses %o', (wrong, message) => {
  expect(() => tokenizerFromGguf({ ...good, ...wrong })).toThrow(message)
})
