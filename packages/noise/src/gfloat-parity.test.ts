// Randomized rounding against gfloat's stochastic rounding with given bits: the same choice for every number.
// The vectors are those of @lotion/formats (golden/make_golden.py).
import { readFileSync } from 'node:fs'
import { defineLanes, evaluate } from '@lotion/core'
import { e2m1, e2m3, e3m2, e4m3, e5m2, minifloatGrid } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { randomizedRounding } from './randomized-rounding.js'

const GRIDS = Object.fromEntries(
  [e2m1, e3m2, e2m3, e4m3, e5m2].map((float) => [float.name, minifloatGrid(float)]),
)

/** Read a number as Python writes it: 0x1.8p-3, inf, nan. */
function hexFloat(text: string): number {
  const [, sign, whole, fraction = '', exponent] = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text) ?? []
  if (exponent === undefined) return { inf: Infinity, '-inf': -Infinity }[text] ?? NaN
  const digits = parseInt(`${whole}${fraction}`, 16)
  return (sign ? -1 : 1) * digits * 2 ** (Number(exponent) - 4 * fraction.length)
}

describe('stochastic rounding with given bits', () => {
  const { stochastic } = JSON.parse(
    readFileSync(new URL('../../formats/golden/stochastic.json', import.meta.url), 'utf8'),
  ) as {
    stochastic: Record<string, { x: string[]; bits: number[]; rounded: string[] }>
  }

  it.each(Object.keys(stochastic))('%s: the choices of gfloat', (name) => {
    const { bits, ...texts } = stochastic[name]!
    const x = texts.x.map(hexFloat)
    // gfloat goes away from 0 iff fraction + (2 bits + 1) / 512 ≥ 1; ours goes up iff u ≥ 1 − fraction. Below
    // 0 away is down, u < fraction: u = 1 − (2 bits + 1) / 512, a little less for the ≥. Fractions are
    // multiples of 2^-15.
    const u = x.map((value, i) =>
      value < 0 ? 1 - (2 * bits[i]! + 1) / 512 - 2 ** -17 : (2 * bits[i]! + 1) / 512,
    )
    const fn = defineLanes({
      name,
      inputs: ['x', 'u'],
      outputs: ['q'],
      body: (lanes) => ({ q: randomizedRounding.sample(GRIDS[name]!.around(lanes.x), lanes.u) }),
    })
    const found = evaluate([{ fn, inputs: { x, u } }], 'f32')[0]!['q']!
    expect(Array.from(found, (value) => value + 0)).toEqual(texts.rounded.map((text) => hexFloat(text) + 0))
    const nearest = x.filter((value, i) => Math.abs(value) < Math.abs(found[i]!)).length
    expect(nearest).toBeGreaterThan(50)
  })
})
