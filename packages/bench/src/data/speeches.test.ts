import { byteTokenizer } from '@lotion/text'
import { describe, expect, test } from 'vitest'
import { loadSpeeches, splitBySpeech, tokensOf } from './speeches.js'

const speeches = await loadSpeeches()

describe('speeches', () => {
  test('are the 233 published ones, each one line of text, none twice', () => {
    expect(speeches.length).toBe(233)
    expect(speeches[0]).toMatchObject({ year: 1790, name: 'George Washington' })
    expect(speeches.every(({ text }) => text.length > 1000 && !/[\n\r]/.test(text))).toBe(true)
    expect(new Set(speeches.map(({ text }) => text)).size).toBe(233)
  })

  test('split into disjoint halves that together are all, by seed', () => {
    const { training, validation } = splitBySpeech(speeches, { fraction: 0.1, seed: 7 })
    expect(validation.length).toBe(24)
    expect(new Set([...training, ...validation])).toEqual(new Set(speeches))
    expect(training.length + validation.length).toBe(233)
    expect(validation.map(({ year }) => year)).toEqual(
      validation.map(({ year }) => year).sort((a, b) => a - b),
    )
    expect(splitBySpeech(speeches, { fraction: 0.1, seed: 7 }).validation).toEqual(validation)
    expect(splitBySpeech(speeches, { fraction: 0.1, seed: 8 }).validation).not.toEqual(validation)
  })

  test.each([0, 1, -0.5, Number.NaN, 0.999])('refuse a fraction of %s', (fraction) => {
    expect(() => splitBySpeech(speeches, { fraction })).toThrow(/fraction: expected a number between 0 and 1/)
  })

  test('become one stream of tokens with a separator after each', () => {
    const two = speeches.slice(0, 2)
    const tokenizer = byteTokenizer()
    expect(tokenizer.decode(tokensOf(two, tokenizer))).toBe(two.map(({ text }) => `${text}\n`).join(''))
  })
})
