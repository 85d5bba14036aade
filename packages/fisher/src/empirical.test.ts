import { describe, expect, it } from 'vitest'
import { defineLanes, evaluate, scalarNames, type FisherEstimator } from '@lotion/core'
import { empirical } from './empirical.js'

interface Observed {
  readonly gradient: readonly number[]
  readonly terms: number
}

/** F after each step of a run, from slots that start at 0. */
function run(
  fisher: FisherEstimator,
  steps: readonly Observed[],
  arithmetic: 'f64' | 'f32' = 'f64',
): number[][] {
  const step = defineLanes({
    name: fisher.name,
    inputs: ['gradient', 'squares'],
    scalars: scalarNames(fisher),
    outputs: ['squares', 'fisher'],
    body: (x) => {
      const slots = fisher.observe(x)
      return { squares: slots['squares']!, fisher: fisher.diagonal({ ...x, ...slots }) }
    },
  })
  let squares: ArrayLike<number> = steps[0]!.gradient.map(() => 0)
  return steps.map(({ gradient, terms }, at) => {
    const scalars = fisher.scalars({ step: at, steps: steps.length, terms })
    const [out] = evaluate([{ fn: step, inputs: { gradient, squares, ...scalars } }], arithmetic)
    squares = out!['squares']!
    return [...out!['fisher']!]
  })
}

describe('empirical', () => {
  it('is the weighted mean of terms · g², weights β^(t − i)', () => {
    const beta = 0.9
    const steps = [3, -1, 0.5, 2, -4].map((g, i) => ({ gradient: [g, 2 * g], terms: [4, 4, 1, 8, 2][i]! }))
    run(empirical({ beta }), steps).forEach((found, t) => {
      const weights = steps.slice(0, t + 1).map((_, i) => beta ** (t - i))
      const mean = (j: number): number =>
        weights.reduce((sum, weight, i) => sum + weight * steps[i]!.terms * steps[i]!.gradient[j]! ** 2, 0) /
        weights.reduce((sum, weight) => sum + weight, 0)
      // A few roundings of f64 a step, divided by 1 − β^t ≥ .1.
      found.forEach((value, j) => expect(Math.abs(value / mean(j) - 1)).toBeLessThan(1e-14))
    })
  })

  it('is unbiased from the first step: constant squares give themselves', () => {
    for (const beta of [0, 0.5, 0.99, 0.999, 0.99999]) {
      const steps = Array.from({ length: 20 }, (_, t) => ({ gradient: [t % 2 ? 3 : -3], terms: 5 }))
      for (const arithmetic of ['f64', 'f32'] as const) {
        // 1 − β^t is rounded to f32 with the other scalars; s keeps about 2 roundings a step.
        const tolerance = arithmetic === 'f64' ? 1e-10 : 20 * 2 ** -23
        for (const [found] of run(empirical({ beta }), steps, arithmetic))
          expect(Math.abs(found! / 45 - 1)).toBeLessThan(tolerance)
      }
    }
  })

  it('shows by `present` what the step alone says: at the first step, F', () => {
    const fisher = empirical()
    const fn = defineLanes({
      name: 'present',
      inputs: ['gradient'],
      scalars: scalarNames(fisher),
      outputs: ['f'],
      body: (x) => ({ f: fisher.present!(x) }),
    })
    const scalars = fisher.scalars({ step: 7, steps: 9, terms: 5 })
    expect([...evaluate([{ fn, inputs: { gradient: [3, 0], ...scalars } }])[0]!.f!]).toEqual([45, 0])
  })

  it('does not depend on the batch size in expectation', () => {
    // Each term's gradient is ±1 with equal chances. All 2^B batches of B terms, enumerated: E[mean²] = 1/B,
    // so E[F] = 1.
    const beta = 0.9
    for (const size of [1, 2, 3, 4, 8]) {
      const means = Array.from({ length: 2 ** size }, (_, signs) => {
        const sum = Array.from({ length: size }, (_, i) => ((signs >> i) & 1 ? 1 : -1)).reduce(
          (total, sign) => total + sign,
          0,
        )
        return sum / size
      })
      // One weight an outcome, two independent steps: after the second step weight i saw outcome i, then
      // outcome π(i); F is linear in the squares, so the mean over weights is the expectation over outcomes.
      const [first, second] = run(empirical({ beta }), [
        { gradient: means, terms: size },
        { gradient: [...means].reverse(), terms: size },
      ])
      for (const values of [first!, second!]) {
        expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(1, 13)
      }
    }
  })

  it('stays so where the batch size changes during the run', () => {
    // Sizes 1 and 4 with squares as expected of them, 1 and 1/4: every step says F = 1.
    const sizes = [1, 4, 4, 1, 4]
    const steps = sizes.map((terms) => ({ gradient: [Math.sqrt(1 / terms)], terms }))
    for (const [found] of run(empirical({ beta: 0.7 }), steps)) expect(found).toBeCloseTo(1, 13)
  })

  it('remembers a thousand steps by default', () => {
    const { fresh } = empirical().scalars({ step: 0, steps: 1, terms: 1 })
    expect(fresh).toBeCloseTo(0.001, 15)
  })

  it.each([-0.1, 1, 1.5, NaN])('refuses beta %d', (beta) => {
    expect(() => empirical({ beta })).toThrow(`beta: expected a number in [0, 1), found ${beta}`)
  })
})
