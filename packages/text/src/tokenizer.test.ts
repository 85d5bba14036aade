import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bpeTokenizer } from './bpe-tokenizer.js'
import { bpeEncodings, type BpeEncoding } from './bpe/encoding-tables.js'
import { byteTokenizer } from './byte-tokenizer.js'

const awkward = 'Fellow-Citizens — “House”, naïve 🙂 \u0002<|endoftext|>\n\n  tail\uFEFF'

describe('byteTokenizer', () => {
  const tokenizer = byteTokenizer()

  test('encodes UTF-8 bytes', () => {
    expect([...tokenizer.encode('Aé')]).toEqual([65, 195, 169])
    expect(tokenizer.vocabulary).toBe(256)
  })

  test('round-trips any well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(text.isWellFormed())
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
      }),
    )
    expect(tokenizer.decode(tokenizer.encode(awkward))).toBe(awkward)
  })

  test('marks what is no text, refuses what is no byte', () => {
    expect(tokenizer.decode([195])).toBe('\uFFFD')
    expect(() => tokenizer.decode([65, 256])).toThrow(
      /ids\[1\]: expected a whole number in 0 … 255, found 256/,
    )
  })
})

describe('bpeTokenizer', () => {
  test.each(bpeEncodings)('%s round-trips, every id inside the vocabulary', async (name) => {
    const tokenizer = await bpeTokenizer(name)
    const ids = tokenizer.encode(awkward)
    expect(tokenizer.decode(ids)).toBe(awkward)
    expect(Math.max(...ids)).toBeLessThan(tokenizer.vocabulary)
    expect(ids.length).toBeLessThan(byteTokenizer().encode(awkward).length)
  })

  test('round-trips any well-formed text', async () => {
    const tokenizer = await bpeTokenizer('r50k_base')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(text.isWellFormed())
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
      }),
    )
    expect(tokenizer.decode(tokenizer.encode(`\uFEFF${awkward}`))).toBe(`\uFEFF${awkward}`)
  })

  test('gives the published ids of r50k_base', async () => {
    // Known from the GPT-2 vocabulary: 'Hello' = 15496, ' world' = 995.
    expect([...(await bpeTokenizer('r50k_base')).encode('Hello world')]).toEqual([15496, 995])
  })

  test('decodes every id of the vocabulary, gaps as U+FFFD, each call on its own', async () => {
    const tokenizer = await bpeTokenizer('p50k_base')
    const every = Array.from({ length: tokenizer.vocabulary }, (_, id) => id)
    expect(tokenizer.decode(every).length).toBeGreaterThan(every.length)
    const [first] = tokenizer.encode('🙂')
    expect(tokenizer.decode([first!])).toBe('\uFFFD')
    expect(tokenizer.decode([...tokenizer.encode('🙂a')])).toBe('🙂a')
    // 50256 is the control token of p50k, between ordinary ones.
    expect(tokenizer.decode([50256])).toBe('\uFFFD')
    expect(() => tokenizer.decode([tokenizer.vocabulary])).toThrow(/ids\[0\]: expected/)
  })

  test('refuses an unknown encoding by name', async () => {
    await expect(bpeTokenizer('latin' as BpeEncoding)).rejects.toThrow(
      /expected one of r50k_base.*found 'latin'/,
    )
  })
})
