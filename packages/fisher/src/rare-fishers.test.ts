// Estimators whose signals come now and then: means of what was observed, from the first observation on, and
// 0 before it.

import {
  defineLanes,
  evaluate,
  fisherDiagonal,
  observedSlots,
  scalarNames,
  type FisherEstimator,
} from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { constantFisher } from './constant.js'
import { gaussNewtonBartlett } from './gauss-newton-bartlett.js'
import { hutchinson } from './hutchinson.js'
import { perExample } from './per-example.js'

/** F after each update of a part that began at an update of the run; the signal comes when it is due. */
function run(
  fisher: FisherEstimator,
  observed: (step: number) => number,
  { begin = 0, steps = 12, terms = 4 } = {},
) {
  const [need] = fisher.needs
  const [slot] = fisher.slots
  const form = (due: boolean) =>
    defineLanes({
      name: fisher.name,
      inputs: [slot!, ...(due ? [need!.name] : [])],
      scalars: scalarNames(fisher),
      outputs: [slot!, 'f'],
      body: (x) => {
        const slots = observedSlots(fisher, x)
        return { ...slots, f: fisherDiagonal(fisher, { ...x, ...slots }) }
      },
    })
  const [with_, without] = [form(true), form(false)]
  let kept: ArrayLike<number> = [0]
  return Array.from({ length: steps - begin }, (_, updates) => {
    const step = begin + updates
    const due = step % (need!.every ?? 1) === 0
    const signal = due ? { [need!.name]: [observed(step)] } : {}
    const scalars = fisher.scalars({ step, steps, terms, updates })
    const [out] = evaluate([{ fn: due ? with_ : without, inputs: { [slot!]: kept, ...signal, ...scalars } }])
    kept = out![slot!]!
    return out!['f']![0]!
  })
}

const value = (step: number): number => 1 + 0.5 * Math.cos(step)

describe.each([
  ['gaussNewtonBartlett', gaussNewtonBartlett, (step: number) => 4 * value(step) ** 2],
  ['perExample', perExample, value],
  ['hutchinson', hutchinson, value],
] as const)('%s', (_, make, of) => {
  it.each([0, 2, 3])('is the weighted mean of what was observed since update %d', (begin) => {
    const [beta, every] = [0.7, 3]
    const found = run(make({ beta, every }), value, { begin })
    found.forEach((f, updates) => {
      const step = begin + updates
      const seen = Array.from({ length: updates + 1 }, (__, i) => begin + i).filter(
        (each) => each % every === 0,
      )
      if (seen.length === 0) {
        expect(f).toBe(0)
        return
      }
      const weights = seen.map((__, i) => beta ** (seen.length - 1 - i))
      const total = weights.reduce((sum, w) => sum + w, 0)
      const mean = seen.reduce((sum, at, i) => sum + weights[i]! * of(at), 0) / total
      expect(f, `step ${step}`).toBeCloseTo(mean, 12)
    })
  })

  it('refuses numbers out of range, and options it does not know', () => {
    expect(() => make({ beta: 1 })).toThrow('beta: expected a number in [0, 1), found 1')
    expect(() => make({ every: 2.5 })).toThrow('every: expected a positive whole number, found 2.5')
    expect(() => make({ pace: 2 } as never)).toThrow("'pace'")
  })
})

it('hutchinson is 0 where the mean curvature is below 0, and knows it still', () => {
  const fisher = hutchinson({ beta: 0.5, every: 1 })
  const found = run(fisher, (step) => (step === 0 ? -1 : 1), { steps: 3 })
  // Means: −1; (−1 + 2 · 1) / 3; (−1 + 2 + 4) / 7.
  expect(found.map((f) => Number(f.toFixed(12)))).toEqual([
    0,
    Number((1 / 3).toFixed(12)),
    Number((5 / 7).toFixed(12)),
  ])
})

it('constantFisher is its value for every weight', () => {
  const fisher = constantFisher({ value: 0.25 })
  const fn = defineLanes({
    name: 'f',
    inputs: ['w'],
    scalars: ['everywhere'],
    outputs: ['f'],
    body: (x) => ({ f: x.w.mul(0).add(fisher.diagonal(x)) }),
  })
  expect(
    evaluate([
      {
        fn,
        inputs: { w: [1, -2], everywhere: fisher.scalars({ step: 0, steps: 1, terms: 9 })['everywhere']! },
      },
    ])[0]!['f'],
  ).toEqual(Float64Array.of(0.25, 0.25))
  expect(() => constantFisher({ value: 0 })).toThrow('value: expected a finite number above 0, found 0')
})
