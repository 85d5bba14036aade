import { evaluate, normals } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { sgd, type SgdOptions } from './sgd.js'
import { linear } from './schedule.js'
import { chain } from './transformation.js'
import { stepLanes } from './step-forms.js'

const STEPS = 30
const SIZE = 5
const start = Array.from(normals({ seed: 2, stream: 'w' }, SIZE))
const gradientAt = (step: number): number[] => Array.from(normals({ seed: 2, stream: 'g', step }, SIZE))

/**
 * Heavy-ball and Nesterov momentum in the form in which the velocity sums gradients and the rate multiplies
 * it.
 */
function paper(rate: (step: number) => number, momentum: number, nesterov: boolean): number[] {
  const w = [...start]
  const velocity = w.map(() => 0)
  for (let step = 0; step < STEPS; step++) {
    const g = gradientAt(step)
    for (let i = 0; i < SIZE; i++) {
      velocity[i] = momentum * velocity[i]! + g[i]!
      w[i]! -= rate(step) * (nesterov ? g[i]! + momentum * velocity[i]! : velocity[i]!)
    }
  }
  return w
}

function ours(options: SgdOptions): number[] {
  const part = chain(sgd(options))
  let values: Record<string, ArrayLike<number>> = {
    w: start,
    ...Object.fromEntries(part.slots.map((slot) => [slot, start.map(() => 0)])),
  }
  for (let step = 0; step < STEPS; step++) {
    const inputs = {
      ...values,
      gradient: gradientAt(step),
      ...part.scalars({ step, steps: STEPS, terms: 1 }),
    }
    values = evaluate([{ fn: stepLanes(part), inputs }])[0]!
  }
  return Array.from(values['w']!)
}

describe('sgd', () => {
  const learningRate = linear(0.2, 0)
  const rate = (step: number): number => learningRate({ step, steps: STEPS })

  it.each([
    ['plain', 0, false],
    ['momentum', 0.9, false],
    ['Nesterov', 0.9, true],
  ])('takes the steps of the papers: %s', (_, momentum, nesterov) => {
    const expected = paper(rate, momentum, nesterov)
    // The same f64 operations in another order: 30 steps of a few roundings, on numbers below 100.
    ours({ learningRate, momentum, nesterov }).forEach((w, i) =>
      expect(Math.abs(w - expected[i]!)).toBeLessThan(1e-11),
    )
  })

  it('stores a velocity only where there is momentum', () => {
    expect(chain(sgd({ learningRate: 1 })).slots).toEqual([])
    expect(chain(sgd({ learningRate: 1, momentum: 0.5 })).slots).toEqual(['sgd.velocity'])
  })

  it('refuses options out of range', () => {
    expect(() => sgd({ learningRate: -1 })).toThrow(
      'learningRate: expected a finite number above 0, found -1',
    )
    expect(() => sgd({ learningRate: 1, momentum: 1 })).toThrow(
      'momentum: expected a number in [0, 1), found 1',
    )
    expect(() => sgd({ learningRate: 1, nesterov: true })).toThrow(
      'nesterov: expected a momentum above 0 with it, found 0',
    )
  })
})
