// Mistakes that beginners make in formulas: each is told once, before any law, and names the member.
import type { Lane, ScaleRule } from '@lotion/core'
import { defineFisher } from '@lotion/fisher'
import { absmax, defineFormat, int4 } from '@lotion/formats'
import { defineNoise, randomizedRounding } from '@lotion/noise'
import { defineTransformation } from '@lotion/optim'
import { describe, expect, it } from 'vitest'
import { verify, type Plugins } from './verify.js'

const claims = { unbiased: false, continuous: false, preserving: false }

/** Members of records, as code without types has them. */
type Loose = Readonly<Record<string, never>>

const noise = (atoms: (at: Loose) => readonly object[]) =>
  ['noise', defineNoise({ name: 'mine', claims, atoms: atoms as never })] as const
const grid = (around: () => object) =>
  [
    'format',
    defineFormat({ name: 'mine', grid: { ...int4.grid, around: around as never }, scale: absmax }),
  ] as const
const format = (scaled: (w: never) => object) => {
  const scale = { ...absmax, name: 'halves', scaled } as ScaleRule
  return ['format', defineFormat({ name: 'mine', grid: int4.grid, scale })] as const
}
const optimizer = (update: (x: Loose) => object) =>
  ['transformation', defineTransformation({ name: 'mine', update: update as never })] as const

const cases: Readonly<Record<string, readonly [plugin: readonly [keyof Plugins, unknown], found: RegExp]>> = {
  'arithmetic on lanes': [
    noise(({ x, lo, hi }) => [{ value: lo, mass: (x! - lo!) / (hi! - lo!) }]),
    /^an error: mine: atoms: lane: expected a method, found an operator: .* write a\.sub\(b\)/,
  ],
  'a misnamed input': [
    noise(({ x, low, hi }) => [{ value: hi, mass: (x as unknown as Lane).sub(low!) }]),
    /^an error: mine: atoms: operand: .*; the formula is given x, below, lo, hi, above, even; a lane has /,
  ],
  'a mass that is text': [
    noise(({ lo }) => [{ value: lo, mass: '1' }]),
    /^an error: mine: atoms: mass of outcome 1: expected a lane, found the text '1'$/,
  ],
  'an operation that no lane has': [
    noise(({ x, lo }) => [{ value: lo, mass: (x as unknown as { pow(n: number): Lane }).pow(2) }]),
    /^an error: mine: atoms: .*pow.*; the formula is given x, below, .*; a lane has add, sub, mul, div, /,
  ],
  'atoms that are not returned': [
    noise(() => undefined as never),
    /^an error: mine: atoms: expected a list of outcomes, found undefined; write `return`/,
  ],
  'an outcome that is not there': [
    noise(() => [undefined as never]),
    /^an error: mine: atoms: outcome 1: expected \{ value, mass \}, found undefined; write `return`/,
  ],
  'a scale rule that returns nothing': [
    format(() => undefined as never),
    /^an error: mine: scale rule 'halves': expected \{ x, scale, statistics \}, found undefined; write `return`/,
  ],
  'a grid that returns nothing': [
    grid(() => undefined as never),
    /^an error: mine: grid '.*': expected \{ x, below, lo, hi, above, even \}, found undefined; write `return`/,
  ],
  'an update that returns nothing': [
    optimizer(() => undefined as never),
    /^an error: mine: update: expected lanes by name, found undefined; write `return`/,
  ],
  'a scale that is a number': [
    format((w) => ({ x: w, scale: 2, statistics: [] })),
    /^an error: mine: scale rule 'halves': scale: expected a lane, found the number 2; of a lane x, x\.mul\(0\)\.add\(2\) is/,
  ],
  'a scaled weight by arithmetic': [
    format((w) => ({ x: w / 2, scale: w, statistics: [] })),
    /^an error: mine: scale rule 'halves': lane: expected a method, found an operator: .* write a\.sub\(b\)/,
  ],
  'an update that is a number': [
    optimizer(() => ({ update: -0.1 })),
    /^an error: mine: update: update: expected a lane, found the number -0\.1; /,
  ],
  'an update by arithmetic': [
    optimizer(({ update }) => ({ update: -0.1 * update! })),
    /^an error: mine: update: lane: expected a method, found an operator: .* write a\.sub\(b\)/,
  ],
  'a misnamed gradient': [
    optimizer(({ g }) => ({ update: g })),
    /^an error: mine: reads 'g', has: w, update; /,
  ],
  'a diagonal that is a number': [
    ['fisher', defineFisher({ name: 'mine', diagonal: () => 1 as unknown as Lane })],
    /^an error: mine: diagonal: expected a lane, found the number 1; /,
  ],
}

describe('an error of a plug-in', () => {
  it.each(Object.entries(cases))('%s is told once', async (_, [[kind, plugin], found]) => {
    const [first, ...others] = await verify(kind, plugin as never)
    expect(first).toMatchObject({ check: 'runs', outcome: 'failed', message: expect.stringMatching(found) })
    expect(others.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(others.some(({ outcome }) => outcome === 'skipped')).toBe(true)
  })

  it('a misspelt claim of a noise is refused by name', async () => {
    const misspelt = { ...randomizedRounding, claims: { ...claims, unbaised: true } }
    await expect(verify('noise', misspelt)).rejects.toThrow(
      "randomized-rounding: claims: unknown option 'unbaised', did you mean 'unbiased'?",
    )
  })

  it('a scale rule with a misspelt member or claim is refused by name', async () => {
    const withRule = (scale: object) => ({ ...int4, scale: { ...absmax, ...scale } })
    await expect(verify('format', withRule({ tensorBit: 32 }))).rejects.toThrow(
      "int4: scale: unknown option 'tensorBit', did you mean 'tensorBits'?",
    )
    await expect(verify('format', withRule({ claims: { saturate: true } }) as typeof int4)).rejects.toThrow(
      "int4: scale: claims: unknown option 'saturate', did you mean 'saturates'?",
    )
  })
})
