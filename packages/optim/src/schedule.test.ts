import { describe, expect, it } from 'vitest'
import { nonNegative, positive } from './number-range.js'
import { constant, cosine, linear, scheduleOf, warmUp, type Schedule } from './schedule.js'

const along = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => schedule({ step, steps }))

describe('linear', () => {
  it('reaches both ends exactly', () => {
    expect(along(linear(0, 1), 5)).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(along(linear(3, 1), 1)).toEqual([1])
  })
})

describe('cosine', () => {
  it('starts at the peak and ends within (π / 2T)² of its end', () => {
    for (const steps of [1, 2, 10, 3000]) {
      const rates = along(cosine(2, { end: 0.1 }), steps)
      expect(rates[0]).toBe(2)
      // 1 − cos x ≤ x² / 2 with x = π / T one step before the end.
      expect(rates.at(-1)! - 0.2).toBeGreaterThanOrEqual(0)
      expect(rates.at(-1)! - 0.2).toBeLessThanOrEqual(1.8 * (Math.PI / 2 / steps) ** 2 + 1e-15)
    }
  })

  it('falls all the way and is at half its height in the middle', () => {
    const rates = along(cosine(1), 100)
    expect(rates.every((rate, i) => i === 0 || rate < rates[i - 1]!)).toBe(true)
    expect(rates[50]).toBeCloseTo(0.5, 15)
  })

  it('warms up in equal parts to the peak', () => {
    const rates = along(cosine(1, { warmup: 0.3 }), 10)
    expect(rates.slice(0, 4)).toEqual([0.25, 0.5, 0.75, 1])
    expect(rates.slice(3)).toEqual(along(cosine(1), 7))
  })
})

describe('warmUp', () => {
  it('leaves at least one step at full height, however short the run', () => {
    for (const steps of [1, 2, 3]) expect(along(warmUp(0.9, constant(1)), steps).at(-1)).toBe(1)
    expect(along(cosine(1, { warmup: 0.5 }), 1)).toEqual([1])
  })
})

describe('errors', () => {
  it('names the option, what it takes and what it was given', () => {
    expect(() => cosine(Number.NaN)).toThrow('peak: expected a finite number, found NaN')
    expect(() => cosine(1, { end: -1 })).toThrow('end: expected a finite number of at least 0, found -1')
    expect(() => cosine(0.1, { warmUp: 0.5 } as never)).toThrow(
      "cosine: unknown option 'warmUp', did you mean 'warmup'?; options: end, warmup",
    )
    expect(() => cosine(1, { warmup: 1 })).toThrow('warmup: expected a number in [0, 1), found 1')
    expect(() => warmUp(-0.1, constant(1))).toThrow('fraction: expected a number in [0, 1), found -0.1')
    expect(() => linear(0, Infinity)).toThrow('to: expected a finite number, found Infinity')
    expect(() => linear(Number.NaN, 1)).toThrow('from: expected a finite number, found NaN')
    expect(() => constant(Number.NaN)).toThrow('value: expected a finite number, found NaN')
    expect(() => scheduleOf(0, { option: 'rate', range: positive })).toThrow(
      'rate: expected a finite number above 0, found 0; or give a schedule',
    )
  })

  it('refuses the value of a schedule at its step', () => {
    const falling = scheduleOf(({ step }) => 1 - step, {
      option: 'rate',
      range: positive,
      along: nonNegative,
    })
    expect(falling({ step: 1, steps: 4 })).toBe(0)
    expect(() => falling({ step: 2, steps: 4 })).toThrow(
      'rate: expected a finite number of at least 0, found -1; from its schedule at step 3 of 4; correct the schedule',
    )
  })
})
