import { perRow } from '@lotion/core'
import { int2, int3, int4, withBlock } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { bowlTraining, lossOf, trained, STEPS, type MethodName } from './bowl-training.js'
import { block, curve, curveAt, points } from './bowls.js'

const run = (method: MethodName, format = int3, lambda = 1, bowl = block) =>
  trained(bowl, { format: withBlock(format, perRow), method, lambda })

/** The farthest that a weight is from its cast, as a share of the largest weight. */
const offPoint = ({ weights, cast }: { weights: readonly number[]; cast: readonly number[] }): number =>
  Math.max(...weights.map((w, i) => Math.abs(w - cast[i]!))) / Math.max(...weights.map(Math.abs))

describe('the block of the figure', () => {
  it.each([int2, int3])('ends on points of $name with LOTION, better than with PTQ and QAT', (format) => {
    const [ptq, qat, lotion] = [run('ptq', format), run('qat', format), run('lotion', format)]
    // Steps of int3 are a third of the largest weight, of int2 the whole of it.
    expect(offPoint(lotion)).toBeLessThan(1e-3)
    expect(offPoint(ptq)).toBeGreaterThan(0.1)
    expect(lotion.castLoss).toBeLessThan(ptq.castLoss)
    expect(lotion.castLoss).toBeLessThan(qat.castLoss)
    expect(lotion.castLoss - lotion.loss).toBeLessThan(1e-3)
  })

  it('wins next to nothing at int4, and a penalty too weak to land costs more than none, as the guide tells', () => {
    const gain = 1 - run('lotion', int4).castLoss / run('ptq', int4).castLoss
    expect(Math.abs(gain)).toBeLessThan(0.05)
    expect(run('lotion', int3, 0.3).castLoss).toBeGreaterThan(2 * run('ptq').castLoss)
  })

  it('is trained to the lowest loss by PTQ', () => {
    expect(run('ptq').loss).toBeLessThan(1e-4)
  })
})

describe('the curve of the figure', () => {
  it('has the mean squared error of its points as loss', () => {
    const weights = [0.3, -0.2, 0.5, 1, -1, 0.1]
    const mean = points.reduce((sum, { x, y }) => sum + (curveAt(weights, x) - y) ** 2 / points.length, 0)
    expect(lossOf(curve, weights)).toBeCloseTo(mean, 12)
    expect(lossOf(curve, curve.best)).toBeCloseTo(curve.floor, 12)
  })

  it('fits better after the cast to int2 and int3 with LOTION than with PTQ', () => {
    for (const format of [int2, int3]) {
      const [ptq, lotion] = [run('ptq', format, 1, curve), run('lotion', format, 1, curve)]
      expect(lotion.castLoss).toBeLessThan(ptq.castLoss)
    }
  })
})

it('tells every step', () => {
  const format = withBlock(int3, perRow)
  const steps = [...bowlTraining(curve, { format, method: 'qat', lambda: 1 })].map(({ step }) => step)
  expect(steps).toEqual(Array.from({ length: STEPS + 1 }, (_, i) => i))
})
