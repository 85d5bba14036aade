import { evaluate, normals, type Transformation } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { adamw, type AdamwOptions } from './adamw.js'
import { cosine } from './schedule.js'
import { chain, resolved } from './transformation.js'
import { stepLanes } from './step-forms.js'

const STEPS = 40
const SIZE = 7
const start = Array.from(normals({ seed: 1, stream: 'w' }, SIZE))
const gradientAt = (step: number): number[] => Array.from(normals({ seed: 1, stream: 'g', step }, SIZE))

/**
 * Algorithm 2 of Loshchilov & Hutter, written as there; its schedule multiplier times α is our learning rate.
 */
function paper(
  rate: (step: number) => number,
  beta1: number,
  beta2: number,
  epsilon: number,
  decay: number,
): number[] {
  const w = [...start]
  const [m, v] = [w.map(() => 0), w.map(() => 0)]
  for (let t = 1; t <= STEPS; t++) {
    const g = gradientAt(t - 1)
    for (let i = 0; i < SIZE; i++) {
      m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!
      v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2
      const mHat = m[i]! / (1 - beta1 ** t)
      const vHat = v[i]! / (1 - beta2 ** t)
      w[i]! -= rate(t - 1) * (mHat / (Math.sqrt(vHat) + epsilon) + decay * w[i]!)
    }
  }
  return w
}

/** The transformation's own formula, evaluated in f64 step by step. */
function ours(transformation: Transformation, shape: readonly number[]): number[] {
  const part = resolved(chain(transformation), { name: 'x', shape })!
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

/**
 * Two orders of the same f64 operations differ by roundings only: 40 steps of a dozen, on numbers below 10.
 */
const ROUNDINGS = 1e-12
const largestGap = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]!)))

describe('adamw', () => {
  it('takes the steps of the paper', () => {
    const schedule = cosine(0.05, { warmup: 0.1 })
    const rate = (step: number): number => schedule({ step, steps: STEPS })
    expect(
      largestGap(ours(adamw({ learningRate: schedule }), [SIZE]), paper(rate, 0.9, 0.999, 1e-8, 0)),
    ).toBeLessThan(ROUNDINGS)
    const options = { learningRate: schedule, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.3 }
    expect(largestGap(ours(adamw(options), [1, SIZE]), paper(rate, 0.8, 0.95, 1e-3, 0.3))).toBeLessThan(
      ROUNDINGS,
    )
  })

  it('is the sign of the gradient in its first step, whatever the memory', () => {
    const part = chain(adamw({ learningRate: 1, beta1: 0.99, beta2: 0.9999, epsilon: 1e-30 }))
    const inputs = {
      w: [0, 0],
      gradient: [3e-4, -50],
      'adamw.m': [0, 0],
      'adamw.v': [0, 0],
      ...part.scalars({ step: 0, steps: 1, terms: 1 }),
    }
    const { w } = evaluate([{ fn: stepLanes(part), inputs }])[0]!
    expect(largestGap(Array.from(w!), [-1, 1])).toBeLessThan(1e-9)
  })

  it('decays matrices and not vectors, unless told otherwise', () => {
    const plain = ours(adamw({ learningRate: 0.1 }), [SIZE])
    expect(ours(adamw({ learningRate: 0.1, weightDecay: 0.5 }), [SIZE])).toEqual(plain)
    expect(ours(adamw({ learningRate: 0.1, weightDecay: 0.5 }), [1, SIZE])).not.toEqual(plain)
    expect(ours(adamw({ learningRate: 0.1, weightDecay: 0.5, decays: () => false }), [1, SIZE])).toEqual(
      plain,
    )
  })

  it('refuses options out of range', () => {
    const make = (options: Partial<AdamwOptions>) => () => adamw({ learningRate: 0.1, ...options })
    expect(make({ learningRate: 0 })).toThrow('learningRate: expected a finite number above 0, found 0')
    expect(make({ learningRate: Number.NaN })).toThrow(
      'learningRate: expected a finite number above 0, found NaN',
    )
    expect(make({ beta1: 1 })).toThrow('beta1: expected a number in [0, 1), found 1')
    expect(make({ beta2: -0.1 })).toThrow('beta2: expected a number in [0, 1), found -0.1')
    expect(make({ epsilon: 0 })).toThrow('epsilon: expected a finite number above 0, found 0')
    expect(make({ epsilon: 1e-50 })).toThrow(
      'epsilon: expected a finite number above 0, found 0; a smaller one vanishes in single precision',
    )
    expect(make({ weightDecay: -0.1 })).toThrow(
      'weightDecay: expected a finite number of at least 0, found -0.1',
    )
  })
})
