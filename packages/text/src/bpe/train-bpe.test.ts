// The same merges as the reference: tokenizer-parity.test.ts. Here what needs no Python.
import { expect, test } from 'vitest'
import { tokenizerFromJson } from '../json/tokenizer-from-json.js'
import { trainBpe } from './train-bpe.js'

const text = 'the people of the United States, the people, the 🙂 people'

test('merges the most frequent pair, of equals the one with the smaller ids', async () => {
  const { model } = await trainBpe(['ab ab cd cd'], { vocabulary: 260, special: [] })
  expect(model.merges.map((pair) => pair.join('+'))).toEqual(['a+b', 'c+d', 'Ġ+cd', 'Ġ+ab'])
})

test('is the same for the same texts, in pieces or streamed', async () => {
  async function* pieces(): AsyncGenerator<string> {
    yield* [text.slice(0, 13), text.slice(13)]
    await Promise.resolve()
  }
  const whole = await trainBpe([text], { vocabulary: 280 })
  expect(text[13]).toBe(' ')
  expect(await trainBpe(pieces(), { vocabulary: 280 })).toEqual(whole)
})

test('round-trips any text, with fewer ids than bytes on its own', async () => {
  const tokenizer = tokenizerFromJson(await trainBpe([text], { vocabulary: 400 }), {
    eos_token: '<|endoftext|>',
  })
  expect(tokenizer.vocabulary).toBeLessThan(400)
  expect(tokenizer.eos).toBe(0)
  for (const any of [text, 'naïve \u0000 漢字 <|endoftext|>\n\n '])
    expect(tokenizer.decode(tokenizer.encode(any))).toBe(any)
  expect(tokenizer.encode(text).length).toBeLessThan(20)
  expect(tokenizer.encode('<|endoftext|>')).not.toContain(0)
})

test('refuses what cannot be', async () => {
  await expect(trainBpe([text], { vocabulary: 256 })).rejects.toThrow(
    /vocabulary: expected .* at least 257.*found 256/,
  )
  await expect(trainBpe([], { vocabulary: 300 })).rejects.toThrow(
    /texts: expected text to learn from, found none/,
  )
  await expect(trainBpe([text], { vocabulary: 300, special: ['a'] })).rejects.toThrow(
    /special: expected texts of more/,
  )
})
