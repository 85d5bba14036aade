// Schedules of several pieces: what optax has no words for, and what they refuse; their values are compared
// in optax-parity.test.ts.
import { describe, expect, it } from 'vitest'
import { exponential } from './exponential.js'
import { joinSchedules } from './join-schedules.js'
import { oneCycle } from './one-cycle.js'
import { piecewiseConstant, piecewiseInterpolate } from './piecewise.js'
import { polynomial } from './polynomial.js'
import { constant, cosine, linear, type Schedule } from './schedule.js'

const along = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => schedule({ step, steps }))

describe('polynomial', () => {
  it('reaches both ends exactly, and is linear for a power of 1', () => {
    expect(along(polynomial(1, 0, 2), 5)).toEqual([1, 0.5625, 0.25, 0.0625, 0])
    expect(along(polynomial(0, 1, 1), 5)).toEqual(along(linear(0, 1), 5))
    expect(along(polynomial(3, 1, 2), 1)).toEqual([1])
  })

  it('refuses a power that leads nowhere', () => {
    expect(() => polynomial(1, 0, 0)).toThrow('power: expected a finite number above 0, found 0')
    expect(() => polynomial(Number.NaN, 0, 1)).toThrow('from: expected a finite number, found NaN')
  })
})

describe('exponential', () => {
  it('takes the factor after each share of the run, in one go or in stairs', () => {
    expect(along(exponential(8, { decayRate: 0.25, over: 0.5 }), 4)).toEqual([8, 4, 2, 1])
    expect(along(exponential(8, { decayRate: 0.25, over: 0.5, staircase: true }), 4)).toEqual([8, 8, 2, 2])
    expect(along(exponential(8, { decayRate: 0.25, over: 0.5, end: 3 }), 4)).toEqual([8, 4, 3, 3])
    expect(along(exponential(1, { decayRate: 4, over: 0.5, end: 3 }), 4)).toEqual([1, 2, 3, 3])
    expect(along(exponential(1, { decayRate: 0.5, over: 0.01 }), 3)).toEqual([1, 0.5, 0.25])
  })

  it('refuses what would be constant, or negative', () => {
    expect(() => exponential(1, { decayRate: 0 })).toThrow(
      'decayRate: expected a finite number above 0, found 0',
    )
    expect(() => exponential(1, { decayRate: 0.5, over: 0 })).toThrow(
      'over: expected a finite number above 0, found 0',
    )
    expect(() => exponential(1, { decayRate: 0.5, staircase: 1 as never })).toThrow('staircase: expected')
  })
})

describe('pieces', () => {
  it('multiply what was there before', () => {
    const factors = [
      [0.5, 0.5],
      [0.75, 0],
    ] as const
    expect(along(piecewiseConstant(4, factors), 8)).toEqual([4, 4, 4, 4, 2, 2, 0, 0])
    expect(along(piecewiseInterpolate(4, factors), 5)).toEqual([4, 3, 2, 0, 0])
    expect(along(piecewiseConstant(4, []), 2)).toEqual([4, 4])
    expect(along(piecewiseInterpolate(4, [[1, 0]]), 1)).toEqual([0])
  })

  it('refuse points out of order, or of the run', () => {
    expect(() =>
      piecewiseConstant(1, [
        [0.5, 1],
        [0.5, 1],
      ]),
    ).toThrow('share: expected a number in [0, 1], larger than the one before, found 0.5')
    expect(() => piecewiseInterpolate(1, [[2, 1]])).toThrow('piecewiseInterpolate: share: expected')
    expect(() => piecewiseInterpolate(1, [[1, -1]])).toThrow('factor: expected a finite number of at least 0')
    expect(() => piecewiseConstant(1, { 0.5: 1 } as never)).toThrow('expected pairs of a share and a factor')
    expect(() => piecewiseInterpolate(1, [], 'round' as never)).toThrow('shape: expected')
  })
})

describe('oneCycle', () => {
  it.each([oneCycle(0.25), oneCycle(0.25, { shape: 'linear' })])(
    'begins at a 25th of its peak, has it once, and ends at a 10,000th of its start',
    (schedule) => {
      const rates = along(schedule, 101)
      expect(rates[0]).toBe(0.01)
      expect(rates.filter((rate) => rate === 0.25)).toHaveLength(1)
      expect(rates[30]).toBe(0.25)
      expect(rates.at(-1)).toBeCloseTo(1e-6, 18)
    },
  )

  it('refuses parts that do not fit', () => {
    expect(() => oneCycle(0)).toThrow('peak: expected a finite number above 0, found 0')
    expect(() => oneCycle(1, { back: 0.5 })).toThrow("back: expected shape: 'linear' with it, found 'cosine'")
    expect(() => oneCycle(1, { shape: 'linear', warmup: 0.4, back: 0.4 })).toThrow(
      'back: expected a number above warmup (0.4) and below 1, found 0.4',
    )
  })
})

describe('joinSchedules', () => {
  it('gives each a run of its own length', () => {
    const restarts = joinSchedules([cosine(1), cosine(1)], [0.5])
    expect(along(restarts, 20)).toEqual([...along(cosine(1), 10), ...along(cosine(1), 10)])
  })

  it('passes over what is left without a step', () => {
    const three = joinSchedules([constant(1), constant(2), linear(3, 4)], [0.2, 0.4])
    expect(along(three, 1)).toEqual([4])
    expect(along(three, 2)).toEqual([2, 4])
  })

  it('refuses boundaries that do not lie between schedules', () => {
    expect(() => joinSchedules([constant(1)], [0.5])).toThrow(
      'joinSchedules: expected schedules and one boundary fewer, found 1 and 1',
    )
    expect(() => joinSchedules([constant(1), constant(1), constant(1)], [0.5, 0.5])).toThrow(
      'boundaries: expected a number above 0.5 and below 1, found 0.5',
    )
  })
})
