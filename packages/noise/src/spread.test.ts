import { defineLanes, evaluate } from '@lotion/core'
import { e2m1Grid } from '@lotion/formats'
import { expect, it } from 'vitest'
import { spread } from './spread.js'

it('adds share · the mean of (g − before)(after − g) to the variance of randomized rounding', () => {
  const { points, around } = e2m1Grid
  const share = 0.3
  const fn = defineLanes({
    name: 'spread',
    inputs: ['x'],
    outputs: ['v'],
    body: ({ x }) => ({ v: spread(share).variance(around(x)) }),
  })
  const x = [-5.5, -0.25, 0, 0.125, 0.75, 2, 2.25, 3, 4.5, 6]
  const found = evaluate([{ fn, inputs: { x } }])[0]!.v!
  const ring = (k: number): number =>
    (points[k]! - (points[k - 1] ?? points[k]!)) * ((points[k + 1] ?? points[k]!) - points[k]!)
  x.forEach((at, i) => {
    const k = Math.min(
      points.findLastIndex((point) => point <= at),
      points.length - 2,
    )
    const [lo, hi] = [points[k]!, points[k + 1]!]
    const up = (at - lo) / (hi - lo)
    expect(found[i]).toBeCloseTo((at - lo) * (hi - at) + share * ((1 - up) * ring(k) + up * ring(k + 1)), 12)
  })
})

it('refuses a share outside (0, 1]', () => {
  for (const share of [0, 1.1, NaN])
    expect(() => spread(share)).toThrow(`share: expected a number in (0, 1], found ${share}`)
})
