import { describe, expect, it } from 'vitest'
import { base, train } from '../test/bowl.js'
import { adamw } from './adamw.js'
import { fit } from './fit.js'
import { continuedEverywhere } from '../test/resume.js'
import { warmupStableDecay, type WarmupStableDecayOptions } from './warmup-stable-decay.js'

const along = (options: WarmupStableDecayOptions, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => warmupStableDecay(1, options)({ step, steps }))

describe('warmupStableDecay', () => {
  it('rises in equal parts, stays at the peak, and falls to its end at the last step', () => {
    expect(along({ warmup: 0.3, decay: 0.4 }, 10)).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 0.75, 0.5, 0.25, 0])
    expect(along({ decay: 0.4, end: 0.5 }, 10)).toEqual([1, 1, 1, 1, 1, 1, 0.875, 0.75, 0.625, 0.5])
    expect(along({ decay: 0.4, shape: 'sqrt' }, 10).slice(5)).toEqual([
      1,
      0.5,
      1 - Math.SQRT1_2,
      1 - Math.sqrt(0.75),
      0,
    ])
    expect(along({ decay: 0.4, shape: 'cosine' }, 10)[7]).toBeCloseTo(0.5, 15)
    expect(along({ decay: 0.4, shape: 'cosine' }, 10)[9]).toBe(0)
  })

  it('is at its peak once at least, however short the run and long the rest', () => {
    for (const steps of [1, 2, 3, 7]) {
      for (const options of [{}, { warmup: 0.5, decay: 0.5 }, { decay: 1 }, { warmup: 0.9, decay: 0.1 }]) {
        const rates = along(options, steps)
        expect(Math.max(...rates)).toBe(1)
        expect(rates.every((rate) => rate >= 0)).toBe(true)
      }
    }
  })

  it('has the same steps before the decay, however long the run', () => {
    const [short, long] = [along({ decay: 0.2 }, 100), along({ decay: 0.2 }, 200)]
    expect(long.slice(0, 80)).toEqual(short.slice(0, 80))
  })

  it('continues to the same bits from every step', async () => {
    const optimizer = adamw({ learningRate: warmupStableDecay(0.1, { warmup: 0.2, decay: 0.4 }) })
    const { whole, continued } = await continuedEverywhere((moment) => fit(base({ optimizer, ...moment })))
    expect(continued).toHaveLength(12)
    for (const each of continued) expect(each).toEqual(whole)
    expect(whole.params).not.toEqual(await train())
  })

  it('names the option, what it takes and what it was given', () => {
    expect(() => warmupStableDecay(Number.NaN)).toThrow('peak: expected a finite number, found NaN')
    expect(() => warmupStableDecay(1, { warmup: 1 })).toThrow('warmup: expected a number in [0, 1), found 1')
    expect(() => warmupStableDecay(1, { decay: 0 })).toThrow('decay: expected a number above 0')
    expect(() => warmupStableDecay(1, { warmup: 0.5, decay: 0.75 })).toThrow(
      'decay: expected a number above 0, at most 1 together with warmup (0.5), found 0.75',
    )
    expect(() => warmupStableDecay(1, { end: -1 })).toThrow('end: expected a finite number of at least 0')
    expect(() => warmupStableDecay(1, { shape: 'step' as never })).toThrow('shape')
    expect(() => warmupStableDecay(1, { warmUp: 0.5 } as never)).toThrow(
      "warmupStableDecay: unknown option 'warmUp', did you mean 'warmup'?",
    )
  })
})
