import { describe, expect, it } from 'vitest'
import { int3 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { formats, meanOfDraws, noises, oneWeight } from './one-weight.js'

const places = Array.from({ length: 41 }, (_, i) => (i - 20) / 21)
const options = { format: int3, noise: randomizedRounding, best: 0.18, lambda: 1, neighbour: 1 }
const found = oneWeight(options, places)

describe('one weight', () => {
  it('is cast to the points of int3, a third apart', () => {
    for (const [i, place] of places.entries())
      expect(found.cast[i]).toBeCloseTo(Math.round(place * 3) / 3, 12)
  })

  it('has the variance (x − lo)(hi − x), and a penalty of half the curvature times it', () => {
    for (const [i, place] of places.entries()) {
      const t = place * 3 - Math.floor(place * 3)
      expect(found.variance[i]).toBeCloseTo((t * (1 - t)) / 9, 12)
      expect(found.smoothed[i]! - found.loss[i]!).toBeCloseTo(2 * found.variance[i]!, 12)
    }
  })

  it('has the slopes of its curves', () => {
    const h = 1e-6
    const up = oneWeight(
      options,
      places.map((place) => place + h),
    )
    for (const [i, place] of places.entries()) {
      // At a point of the grid the smoothed loss has a kink.
      if (Math.abs(place * 3 - Math.round(place * 3)) < 1e-3) continue
      expect(found.slope[i]).toBeCloseTo((up.loss[i]! - found.loss[i]!) / h, 4)
      expect(found.smoothedSlope[i]).toBeCloseTo((up.smoothed[i]! - found.smoothed[i]!) / h, 4)
    }
  })

  it('has at λ = 1 the mean loss of its random casts, which touches the steps at points', () => {
    const draws = 2000
    const mean = meanOfDraws(options, places, draws)
    // A loss of at most 4 is averaged: its standard error is at most 4 / √2000 / 2.
    for (const [i, value] of mean.entries())
      expect(Math.abs(value - found.smoothed[i]!)).toBeLessThan((6 * 2) / Math.sqrt(draws))
    const at = oneWeight(options, [-1 / 3, 0, 1 / 3])
    for (const i of [0, 1, 2]) expect(at.smoothed[i]).toBeCloseTo(at.castLoss[i]!, 12)
  })

  it('sets the scale itself where it is the largest of its block', () => {
    const at = oneWeight({ ...options, neighbour: 0.5 }, [0.75])
    expect(at.cast[0]).toBeCloseTo(0.75, 12)
  })

  it.each([
    ...Object.values(formats).map((format) => [format, randomizedRounding] as const),
    ...Object.values(noises).map((noise) => [int3, noise] as const),
  ])('can be looked at: $0.name with $1.name', (format, noise) => {
    const all = oneWeight({ ...options, format, noise }, [-0.9, 0.1, 0.6])
    for (const curve of Object.values(all)) expect(curve.every(Number.isFinite)).toBe(true)
  })
})
