import { describe, expect, it } from 'vitest'
import { int3 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { formats, lossesOfDraws, noises, oneWeight, readable } from './one-weight.js'

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

  it.each(
    // Halves of steps: no place is a point or a jump. The scales of nvfp4 are rounded: no h is small enough.
    Object.values(formats)
      .filter(({ scale }) => scale.bits === 16 || scale.bits === 32)
      .flatMap((format) => [1, 0.4].map((neighbour) => ({ format, neighbour }))),
  )(
    'has the slopes of its curves along the axis: $format.name beside $neighbour',
    ({ format, neighbour }) => {
      const h = 1e-7
      const at = { ...options, format, neighbour }
      const all = oneWeight(at, places)
      const up = oneWeight(
        at,
        places.map((place) => place + h),
      )
      const steps = places.flatMap((place, i) => {
        // At a point the smoothed loss has a kink, and where the cast jumps the other has no slope.
        const isOnPoint = all.variance[i]! < 1e-12 && Math.abs(place) < neighbour
        return isOnPoint || up.point[i] !== all.point[i] ? [] : [i]
      })
      expect(steps.length).toBeGreaterThan(places.length / 2)
      for (const i of steps)
        for (const [value, slope] of [
          ['loss', 'slope'],
          ['castLoss', 'castSlope'],
          ['smoothed', 'smoothedSlope'],
        ] as const)
          expect(Math.abs((up[value][i]! - all[value][i]!) / h - all[slope][i]!)).toBeLessThan(1e-4)
    },
  )

  it('touches the steps at points', () => {
    const at = oneWeight(options, [-1 / 3, 0, 1 / 3])
    for (const i of [0, 1, 2]) expect(at.smoothed[i]).toBeCloseTo(at.castLoss[i]!, 12)
  })

  it.each(Object.values(noises))('has the mean loss of random casts: $name', (noise) => {
    const draws = 1000
    const at = { ...options, noise }
    const { mean } = oneWeight(at, places)
    for (const [i, losses] of lossesOfDraws(at, places, draws).entries()) {
      const found = losses.reduce((sum, loss) => sum + loss, 0) / draws
      const variance = losses.reduce((sum, loss) => sum + (loss - found) ** 2, 0) / (draws - 1)
      // Six standard errors of the draws at this place.
      expect(Math.abs(found - mean[i]!)).toBeLessThan(6 * Math.sqrt(variance / draws) + 1e-12)
    }
  })

  it('sets the scale itself where it is the largest of its block', () => {
    const at = oneWeight({ ...options, neighbour: 0.5 }, [0.75])
    expect(at.cast[0]).toBeCloseTo(0.75, 12)
  })
})

it('gives every noise a name for people, and none twice', () => {
  expect(readable('gaussian(0.28867513459481287)')).toBe('gaussian(0.289)')
  expect(readable('dithered(0.3)')).toBe('dithered(0.3)')
  expect(Object.keys(noises)).toHaveLength(new Set(Object.values(noises)).size)
  expect(Object.keys(noises).filter((name) => /\d{5}/.test(name))).toEqual([])
})
