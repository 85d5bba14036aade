// Pieces of text add up to the whole, and no character is cut.

import { byteTokenizer, trainBpe, tokenizerFromJson } from '@lotion/text'
import { expect, test } from 'vitest'
import { textBytes } from './text-bytes.js'
import { textPieces } from './text-pieces.js'

const TEXT = 'Größe 雨が降る 🌧 and rain'

test.each([
  ['bytes', async () => byteTokenizer()],
  ['a BPE', async () => tokenizerFromJson(await trainBpe([TEXT], { vocabulary: 270 }))],
])('%s', async (_, make) => {
  const tokenizer = await make()
  const ids = tokenizer.encode(TEXT)
  const pieces = textPieces(tokenizer, tokenizer.encode('Before: '))
  const found = Array.from(ids, (id) => pieces.push(id))
  expect(found.join('')).toBe(TEXT)
  expect(found.every((piece) => !piece.includes('\uFFFD'))).toBe(true)
  expect(pieces.rest()).toBe('')
  // What is cut within a character is told at the end.
  const cut = textPieces(byteTokenizer(), [])
  expect(cut.push(0xc3)).toBe('')
  expect(cut.rest()).toBe('\uFFFD')
})

test('bytes of tokens are those of their text, in pieces too, without control tokens', async () => {
  const json = await trainBpe([TEXT], { vocabulary: 270 })
  const tokenizer = tokenizerFromJson(json, { eos_token: '<|endoftext|>' })
  const long = TEXT.repeat(400)
  const ids = Int32Array.from([...tokenizer.encode(long), tokenizer.eos!])
  expect(ids.length).toBeGreaterThan(8192)
  expect(textBytes(tokenizer, ids, 0, ids.length)).toBe(Buffer.byteLength(long))
})

test('a byte is a byte, wherever a text is cut', () => {
  expect(textBytes(byteTokenizer(), byteTokenizer().encode('Größe'), 3, 7)).toBe(4)
})
