import { readFileSync } from 'node:fs'
import { e8m0Floor, mxfp4 } from '@lotion/formats'
import { expect, describe, it } from 'vitest'
import { formats, noises, oneWeight, type OneWeightOptions } from './one-weight.js'
import {
  castCurves,
  isMean,
  neighbours,
  opening,
  places,
  pointsOf,
  reading,
  slopeCurves,
  smoothedCurves,
} from './staircase.js'

const opened: OneWeightOptions = {
  ...opening,
  format: formats[opening.format]!,
  noise: noises[opening.noise]!,
}
const textOf = (page: string): string =>
  readFileSync(new URL(`../../guide/${page}.md`, import.meta.url), 'utf8').replaceAll(/\s+/g, ' ')

/** Every position of the slider. */
const positions = Array.from(
  { length: Math.round((neighbours.max - neighbours.min) / neighbours.step) + 1 },
  (_, i) => neighbours.min + i * neighbours.step,
)

describe('the staircase figure', () => {
  it('has the seven points of int3 wherever the sliders stand, and marks those on the axis', () => {
    for (const neighbour of positions)
      for (const place of [-0.99, -0.45, 0, 0.18, 0.3, 0.99]) {
        const { scale } = oneWeight({ ...opened, neighbour }, [place])
        const { count, marks } = pointsOf(opened.format, scale[0]!)
        const third = Math.max(neighbour, Math.abs(place)) / 3
        const onAxis = [-3, -2, -1, 0, 1, 2, 3].map((point) => point * third).filter((w) => Math.abs(w) <= 1)
        expect(count).toBe(7)
        expect(marks).toHaveLength(onAxis.length)
        for (const [i, mark] of marks.entries()) expect(mark).toBeCloseTo(onAxis[i]!, 12)
      }
  })

  it('marks so many points that they can be told apart, and says when they are not all', () => {
    for (const format of Object.values(formats))
      for (const neighbour of [neighbours.min, 1, neighbours.max]) {
        const { scale } = oneWeight({ ...opened, format, neighbour }, [0.18])
        const { marks, name } = pointsOf(format, scale[0]!)
        const all = format.grid.points.filter((point) => Math.abs(point * scale[0]!) <= 1)
        expect(name.startsWith('some')).toBe(marks.length < all.length)
        expect(marks.length).toBeGreaterThan(0)
        for (const [i, mark] of marks.entries())
          if (i > 0) expect(mark - marks[i - 1]!).toBeGreaterThan(0.0399)
      }
  })

  it.each([
    ...Object.values(formats).map((format) => ({ format, noise: opened.noise })),
    ...Object.values(noises).map((noise) => ({ format: opened.format, noise })),
  ])('draws numbers everywhere: $format.name with $noise.name', ({ format, noise }) => {
    for (const neighbour of [neighbours.min, 0.45, 1, neighbours.max]) {
      const found = oneWeight({ ...opened, format, noise, neighbour }, places)
      for (const { name, y } of [...castCurves(found), ...smoothedCurves(found), ...slopeCurves(found)])
        expect([name, y.length, y.every(Number.isFinite)]).toEqual([name, places.length, true])
    }
  })

  it.each(Object.values(noises))('names the mean over casts where it is that: $name', (noise) => {
    const found = oneWeight({ ...opened, noise }, places)
    const [blue, beside] = smoothedCurves(found)
    expect(isMean(found)).toBe(noise.claims.unbiased)
    expect(blue!.name.includes('mean')).toBe(noise.claims.unbiased)
    expect(beside?.y).toEqual(noise.claims.unbiased ? undefined : found.mean)
    const weak = oneWeight({ ...opened, noise, lambda: 0.5 }, places)
    expect(smoothedCurves(weak)[0]!.name).not.toContain('mean')
  })

  it('says that weights which a scale clips are rounded with a bias', () => {
    const clipped = oneWeight({ ...opened, format: { ...mxfp4, scale: e8m0Floor }, neighbour: 0.95 }, places)
    expect(isMean(clipped)).toBe(false)
  })

  it('keeps the weight’s own slope where it is the largest of its block', () => {
    const found = oneWeight({ ...opened, neighbour: 0.2 }, [0.75])
    expect(found.castSlope[0]).toBeCloseTo(found.slope[0]!, 12)
    expect(found.slope[0]).toBeCloseTo(4 * (0.75 - 0.18), 12)
  })
})

describe('what the guide says of the figure as it opens', () => {
  const at = (place: number): string => reading(place, oneWeight(opened, [place]), false)

  it('is what it shows: the cast costs at the bottom, nothing on a point, and may help on a slope', () => {
    const page = textOf('quantization')
    expect(at(opening.place)).toBe('w = 0.18: loss 0.000 · cast to 0.333, loss 0.047')
    expect(page).toContain('w = 0.18, has a loss of 0, its cast to 0.333 has 0.047')
    expect(at(0.45)).toBe('w = 0.45: loss 0.146 · cast to 0.333, loss 0.047')
    expect(page).toContain('At w = 0.45 the loss is 0.146 before the cast and 0.047 after it')
    const { loss, castLoss } = oneWeight(opened, [1 / 3])
    expect(castLoss[0]).toBeCloseTo(loss[0]!, 12)
  })

  it('has a smoothed loss with a slope to the better point, nowhere below the lowest of them', () => {
    const found = oneWeight(opened, places)
    const lowest = Math.min(...found.castLoss)
    expect(found.smoothed.every((value) => value > lowest - 1e-12)).toBe(true)
    expect(found.castSlope.filter((slope) => slope === 0)).toHaveLength(places.length)
    const [slope] = oneWeight(opened, [opening.place]).smoothedSlope
    // Down to the right, where 0.333 has a loss of 0.047; 0 on the left has 0.065.
    expect(slope).toBeLessThan(0)
  })

  it('has between points a smoothed loss above the loss, and another curve for nearest and smoothstep', () => {
    const found = oneWeight(opened, places)
    expect(found.smoothed.every((value, i) => value >= found.loss[i]! - 1e-12)).toBe(true)
    const nearest = oneWeight({ ...opened, noise: noises['nearest']! }, places)
    for (const [i, value] of nearest.mean.entries()) expect(value).toBeCloseTo(nearest.castLoss[i]!, 12)
  })
})
