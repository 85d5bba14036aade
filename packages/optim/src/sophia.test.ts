import { adamSecondMoment, defineFisher, empirical, exact } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, executor, shapes } from '../test/bowl.js'
import { curvature, distance, file, trained } from '../test/optax/expected.js'
import { continuedEverywhere } from '../test/resume.js'
import { fit } from './fit.js'
import { linear } from './schedule.js'
import { sophia } from './sophia.js'
import { createUpdater } from './updater.js'

const learningRate = linear(0.05, 0)

describe('sophia', () => {
  it('takes the steps of optax, with a curvature that is known from the start', () => {
    const transformation = sophia({ learningRate, fisher: exact(curvature), gamma: 0.5, weightDecay: 0.1 })
    // As in optax-parity.test.ts: a unit of the last place a step.
    expect(distance(trained({ transformation }), file.optimizers['sophia']!)).toBeLessThan(1)
  })

  it('divides by the curvature, and bounds what comes out', () => {
    const part = (options: object) => {
      const transformation = sophia({ learningRate: 1, fisher: exact(), gamma: 0.5, ...options })
      const updater = createUpdater({ transformation, shapes: { w: [4] }, executor })
      const params = { w: new Float32Array(4) }
      const gradients = { w: Float32Array.of(1, -1, 1, 0) }
      const signals = { curvature: { w: Float32Array.of(8, 8, 0.1, 0) } }
      updater.step(params, updater.init(), { loss: 0, terms: 1, gradients, signals }, { step: 0, steps: 1 })
      return [...params.w]
    }
    // m̂ is the gradient itself at the first step: 1 / (0.5 · 8), and 1 / 0.05, clipped.
    expect(part({})).toEqual([-0.25, 0.25, -1, 0])
    expect(part({ clipThreshold: 0.125 })).toEqual([-0.125, 0.125, -0.125, 0])
  })

  it('sees the curvature of its own step: that of the empirical Fisher is the square', () => {
    const transformation = sophia({ learningRate: 1, gamma: 1, clipThreshold: 100 })
    const updater = createUpdater({ transformation, shapes: { w: [2] }, executor })
    const params = { w: new Float32Array(2) }
    const gradients = { w: Float32Array.of(0.5, 4) }
    updater.step(params, updater.init(), { loss: 0, terms: 2, gradients }, { step: 0, steps: 1 })
    // g / (terms · g²), in single precision.
    expect(params.w[0]).toBeCloseTo(-1, 6)
    expect(params.w[1]).toBeCloseTo(-0.125, 6)
  })

  it.each([
    ['the empirical Fisher', empirical({ beta: 0.9 })],
    ['a delivered curvature', exact()],
  ] as const)('continues to the same bits, with %s', async (_, fisher) => {
    const optimizer = sophia({ learningRate: 0.1, fisher, gamma: 0.05 })
    const { whole, continued } = await continuedEverywhere((moment) => fit(base({ optimizer, ...moment })))
    expect(continued).toHaveLength(12)
    for (const each of continued) expect(each).toEqual(whole)
  })

  it('refuses a Fisher that it cannot have', () => {
    const compiled = (fisher: Parameters<typeof sophia>[0]['fisher']) => () =>
      createUpdater({
        transformation: sophia({ learningRate, ...(fisher ? { fisher } : {}) }),
        shapes,
        executor,
      })
    expect(compiled(adamSecondMoment())).toThrow("needs 'adamw.v', which no part of the chain has")
    const taken = defineFisher({
      name: 'paced',
      needs: ['gradient'],
      scalars: () => ({ rate: 1 }),
      diagonal: ({ gradient, rate }) => gradient.mul(rate),
    })
    expect(compiled(taken)).toThrow("expected scalars with names of their own, found 'rate'")
    expect(() => sophia({ learningRate, fisher: 'exact' as never })).toThrow('sophia: fisher: expected')
    expect(() => sophia({ learningRate, gamma: 0 })).toThrow(
      'gamma: expected a finite number above 0, found 0',
    )
    expect(() => sophia({ learningRate, clipThreshold: 0 })).toThrow('clipThreshold: expected')
  })
})
