import { defineLanes, evaluate, type Grid, type Noise } from '@lotion/core'
import { e2m1Grid, intGrid } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { gaussian } from './gaussian.js'
import { logistic } from './logistic.js'
import { uniformDither } from './uniform-dither.js'

function evaluated(noise: Noise, grid: Grid, x: readonly number[] | number, u: readonly number[] | number) {
  const fn = defineLanes({
    name: noise.name,
    inputs: ['x', 'u'],
    outputs: ['v', 'q'],
    body: ({ x, u }) => {
      const site = grid.around(x)
      return { v: noise.variance(site).add(u.mul(0)), q: noise.sample(site, u) }
    },
  })
  return evaluate([{ fn, inputs: { x, u } }])[0]! as { v: Float64Array; q: Float64Array }
}

/** Φ by Abramowitz & Stegun 7.1.26, within 8 · 10^-8. */
function normal(z: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(z) / Math.SQRT2))
  const tail =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const half = 0.5 * tail * Math.exp(-(z * z) / 2)
  return z < 0 ? half : 1 - half
}

const n = 20_001
const uniforms = Array.from({ length: n }, (_, j) => (j + 0.5) / n)

describe('standard laws, by their quantiles', () => {
  const cases = [
    { noise: gaussian(1), law: normal, within: 0.0025, fourth: 3.055 },
    {
      noise: logistic(1),
      law: (z: number) => 1 / (1 + Math.exp((-z * Math.PI) / Math.sqrt(3))),
      within: 0.0029,
      fourth: 3.987,
    },
  ]
  it.each(cases)(
    '$noise.name: variance 1, near the law it is named after',
    ({ noise, law, within, fourth }) => {
      const { q } = evaluated(noise, intGrid(4), 0, uniforms)
      const moment = (power: number): number => q.reduce((sum, z) => sum + z ** power / n, 0)
      expect(moment(1)).toBeCloseTo(0, 10)
      // The midpoint rule misses a part of the outermost stratum, u^(2λ) du: under 10^-3.
      expect(moment(2)).toBeCloseTo(1, 3)
      expect(Math.abs(moment(4) - fourth)).toBeLessThan(0.03)
      expect(Math.max(...uniforms.map((u, j) => Math.abs(law(q[j]!) - u)))).toBeLessThan(within)
    },
  )
})

it('uniform dither has variance h² / 12 inside, and its samples fill one cell around x', () => {
  const { v, q } = evaluated(uniformDither, intGrid(4), 2.3, [0, 0.5, 1 - 2 ** -24])
  expect(Array.from(v)).toEqual([1 / 12, 1 / 12, 1 / 12].map((value) => expect.closeTo(value, 14)))
  expect(Array.from(q)).toEqual([1.8, 2.3, 2.8].map((value) => expect.closeTo(value, 6)))
})

it('follows the spacing of the grid: its gap in uniform parts, the mean of two where it changes', () => {
  const step = (x: number): number => Math.sqrt(12 * evaluated(uniformDither, e2m1Grid, x, 0).v[0]!)
  const expected = [
    [0.2, 0.5],
    [1.7, 0.5 + 0.25 * 0.4 ** 2 * (3 - 0.8)],
    [2, 0.75],
    [3, 1],
    [4, 1.5],
    [6, 2],
    [7, 2],
  ] as const
  // Beyond the end the variance also holds the squared clipping error, 1 at x = 7.
  for (const [x, gap] of expected)
    expect(x > 6 ? Math.sqrt(step(x) ** 2 - 12 * (x - 6) ** 2) : step(x)).toBeCloseTo(gap, 10)
})

it('refuses a deviation that is not above 0', () => {
  for (const deviation of [0, -1, NaN, Infinity])
    for (const make of [gaussian, logistic])
      expect(() => make(deviation)).toThrow(
        `deviation: expected a finite number above 0, in steps of the grid, found ${deviation}`,
      )
})
