// Task: a two-layer linear network f(x) = aᵀ W x. Comes in: settings. Goes out: a task.
// Source: LOTION (arXiv 2510.08757), section 5.2; settings of the reference run: Adam(.9, .99), cosine to 0, λ ramp 0 → 1.

import { normals } from '@lotion/core'
import { adamw, cosine, everything, linear } from '@lotion/optim'
import { evaluateQuadratic, quadratic } from './quadratic.js'
import type { Problem, Task } from './task.js'

/** What may be chosen of the problem and its training. */
export interface TwoLayerOptions {
  readonly dimension: number
  /** Hidden units k: W is [k, dimension], a is [k]. */
  readonly width: number
  readonly spectrum: number
  readonly hessian: 'rotated' | 'diagonal'
  readonly steps: number
  readonly learningRate: number
}

/** Defaults: the reference run's setting for one hidden unit. */
export const twoLayerDefaults: TwoLayerOptions = Object.freeze({
  dimension: 128,
  width: 1,
  spectrum: 1.1,
  hessian: 'rotated',
  steps: 2000,
  learningRate: 1e-2,
})

/**
 * L(W, a) = ½ (Wᵀa − w*)ᵀ H (Wᵀa − w*), W0 ~ N(0, 1/d), a0 ~ N(0, 1/k), w* ~ N(0, 1). The gradient step delivers the
 * Gauss–Newton diagonal at the current point: a_j² H_ii for W_ji and W_jᵀ H W_j for a_j.
 */
export function twoLayer(options: TwoLayerOptions = twoLayerDefaults): Task {
  const { dimension: d, width: k, spectrum, hessian, steps, learningRate } = options
  return Object.freeze({
    name: 'two-layer',
    steps,
    shapes: { W: [k, d], a: [k] },
    quantize: everything,
    learningRate,
    learningRates: [3e-3, 1e-2, 3e-2],
    optimizer: (rate) => adamw({ learningRate: cosine(rate), beta1: 0.9, beta2: 0.99 }),
    lambda: (strength) => linear(0, strength),
    config: { dimension: d, width: k, spectrum, hessian },
    problem: (seed): Problem => {
      const bowl = quadratic({ dimension: d, spectrum, hessian, seed })
      const params = {
        W: normals({ seed, stream: 'W' }, k * d).map((z) => z / Math.sqrt(d)),
        a: normals({ seed, stream: 'a' }, k).map((z) => z / Math.sqrt(k)),
      }
      return {
        params,
        batches: () => ({}),
        loss: ({ W, a }) => evaluateQuadratic(bowl, product(W!, a!, k, d)).loss,
        gradientStep: {
          name: 'two-layer',
          delivers: ['curvature'],
          run: (point) => {
            const [W, a] = [point['W']!, point['a']!]
            const { loss, slope } = evaluateQuadratic(bowl, product(W, a, k, d))
            const gradients = { W: new Float32Array(k * d), a: new Float32Array(k) }
            const curvature = { W: new Float32Array(k * d), a: new Float32Array(k) }
            for (let j = 0; j < k; j++) {
              const row = Float64Array.from(W.subarray(j * d, (j + 1) * d))
              const curved = bowl.times(row)
              for (let i = 0; i < d; i++) {
                gradients.W[j * d + i] = a[j]! * slope[i]!
                curvature.W[j * d + i] = a[j]! ** 2 * bowl.diagonal[i]!
              }
              gradients.a[j] = row.reduce((sum, value, i) => sum + value * slope[i]!, 0)
              curvature.a[j] = row.reduce((sum, value, i) => sum + value * curved[i]!, 0)
            }
            return Promise.resolve({ loss, terms: 1, gradients, signals: { curvature } })
          },
          close: () => Promise.resolve(),
        },
      }
    },
  } satisfies Task)
}

/** Wᵀ a. */
function product(W: Float32Array, a: Float32Array, k: number, d: number): Float64Array {
  const v = new Float64Array(d)
  for (let j = 0; j < k; j++) for (let i = 0; i < d; i++) v[i]! += a[j]! * W[j * d + i]!
  return v
}
