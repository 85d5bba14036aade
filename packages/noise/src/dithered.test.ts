import { defineLanes, evaluate, type Grid, type Noise } from '@lotion/core'
import { e2m1Grid, intGrid } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { dithered } from './dithered.js'
import { randomizedRounding } from './randomized-rounding.js'

const GRIDS = [intGrid(2), intGrid(4), e2m1Grid]

function varianceAt(noise: Noise, grid: Grid, x: readonly number[]): Float64Array {
  const fn = defineLanes({
    name: noise.name,
    inputs: ['x'],
    outputs: ['v'],
    body: ({ x }) => ({ v: noise.variance(grid.around(x)) }),
  })
  return evaluate([{ fn, inputs: { x } }])[0]!.v!
}

/**
 * The reach of the shake by its definition: at a point half of `width` of the smaller gap, 0 at the ends, a
 * cubic between.
 */
function reachAt({ points }: Grid, width: number, x: number): number {
  const k = Math.min(
    points.findLastIndex((point) => point <= x),
    points.length - 2,
  )
  const at = (j: number): number =>
    j <= 0 || j >= points.length - 1
      ? 0
      : (width / 2) * Math.min(points[j]! - points[j - 1]!, points[j + 1]! - points[j]!)
  const t = (x - points[k]!) / (points[k + 1]! - points[k]!)
  return at(k) + (at(k + 1) - at(k)) * t * t * (3 - 2 * t)
}

/** E[(RR(x + r v) − x)²] = E[Var RR(x + r v)] + r² / 3, the mean over v by the midpoint rule. */
function shakenVariance(grid: Grid, width: number, x: number): number {
  const n = 4000
  const r = reachAt(grid, width, x)
  const y = Array.from({ length: n }, (_, j) => x + r * ((2 * j + 1) / n - 1))
  return varianceAt(randomizedRounding, grid, y).reduce((sum, v) => sum + v / n, 0) + (r * r) / 3
}

describe.each(GRIDS)('dithered on $name', (grid) => {
  const { points } = grid
  const top = points.at(-1)!
  const places = Array.from({ length: 41 }, (_, j) => -top + (2 * top * j) / 40)

  it.each([0.1, 0.5, 1])('has the variance of randomized rounding after a shake of width %d', (width) => {
    const found = varianceAt(dithered(width), grid, places)
    // The midpoint rule errs by h² / 24 times the jump of the slope in one of n parts: under 10^-6 of a
    // squared gap.
    places.forEach((x, i) =>
      expect(Math.abs(found[i]! - shakenVariance(grid, width, x))).toBeLessThan(1e-6 * top ** 2),
    )
  })

  it('misses preservation by width · (smaller gap) · (sum of gaps) / 8 at a grid point, and not at all at the ends', () => {
    for (const width of [1, 0.1, 0.001]) {
      const found = varianceAt(dithered(width), grid, points)
      points.forEach((point, k) => {
        const [below, above] = [point - (points[k - 1] ?? point), (points[k + 1] ?? point) - point]
        expect(found[k]).toBeCloseTo((width * Math.min(below, above) * (below + above)) / 8, 12)
      })
    }
  })

  it('is randomized rounding for width 0, and the same law for a width given as a lane', () => {
    expect(varianceAt(dithered(0), grid, places)).toEqual(varianceAt(randomizedRounding, grid, places))
    const fn = defineLanes({
      name: 'by lane',
      inputs: ['x'],
      scalars: ['width'],
      outputs: ['v'],
      body: ({ x, width }) => ({ v: dithered(width).variance(grid.around(x)) }),
    })
    for (const width of [0, 0.25, 1])
      expect(evaluate([{ fn, inputs: { x: places, width } }])[0]!.v).toEqual(
        varianceAt(dithered(width), grid, places),
      )
  })
})

it('refuses a width outside 0 … 1', () => {
  for (const width of [-0.1, 1.5, NaN])
    expect(() => dithered(width)).toThrow(
      `width: expected a number from 0 to 1, in gaps of the grid, found ${width}`,
    )
})
