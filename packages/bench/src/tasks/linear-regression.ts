// Task: linear regression with a power-law spectrum. Comes in: settings. Goes out: a task.
// Source: LOTION (arXiv 2510.08757), section 5.1; settings of the reference run: lr 1, cosine to 0, λ ramp 0 → 1.

import { normals } from '@lotion/core'
import { cosine, everything, linear, sgd } from '@lotion/optim'
import { evaluateQuadratic, quadratic, type Quadratic } from './quadratic.js'
import type { Problem, Task } from './task.js'

/** What may be chosen of the problem and its training. */
export interface LinearRegressionOptions {
  readonly dimension: number
  readonly spectrum: number
  readonly hessian: 'rotated' | 'diagonal'
  readonly steps: number
  /** Samples a step, drawn anew each time, or the exact gradient. */
  readonly batch: 'full' | number
  /** Standard deviation of the labels' noise; for batches only. */
  readonly labelNoise: number
  readonly learningRate: number
}

/** Defaults: the fixed setting of the reference run. */
export const linearRegressionDefaults: LinearRegressionOptions = Object.freeze({
  dimension: 256,
  spectrum: 1.1,
  hessian: 'rotated',
  steps: 3000,
  batch: 'full',
  labelNoise: 0.5,
  learningRate: 1,
})

/**
 * L(w) = ½ (w − w*)ᵀ H (w − w*), w* ~ N(0, 1), w0 ~ N(0, 0.1²), H with eigenvalues i^−spectrum; SGD without momentum.
 * The gradient step delivers diag H as `curvature`: it is the exact Fisher.
 */
export function linearRegression(options: LinearRegressionOptions = linearRegressionDefaults): Task {
  const { dimension, spectrum, hessian, steps, batch, labelNoise, learningRate } = options
  return Object.freeze({
    name: 'linear-regression',
    steps,
    shapes: { w: [dimension] },
    quantize: everything,
    learningRate,
    learningRates: [0.3, 1, 1.5],
    optimizer: (rate) => sgd({ learningRate: cosine(rate) }),
    lambda: (strength) => linear(0, strength),
    config: { dimension, spectrum, hessian, batch, ...(batch === 'full' ? {} : { labelNoise }) },
    problem: (seed): Problem => {
      const bowl = quadratic({ dimension, spectrum, hessian, seed })
      const start = normals({ seed, stream: 'start' }, dimension).map((z) => 0.1 * z)
      const signals = { curvature: { w: Float32Array.from(bowl.diagonal) } }
      const terms = batch === 'full' ? 1 : batch
      const slopeAt = batch === 'full' ? exactSlope(bowl) : sampledSlope(bowl, batch, labelNoise, seed)
      return {
        params: { w: start },
        batches: (step) => ({ step: { data: Int32Array.of(step), shape: [] } }),
        loss: ({ w }) => evaluateQuadratic(bowl, Float64Array.from(w!)).loss,
        gradientStep: {
          name: 'linear regression',
          delivers: ['curvature'],
          run: (params, { step }) => {
            const { loss, slope } = slopeAt(Float64Array.from(params['w']!), step!.data[0]!)
            return Promise.resolve({ loss, terms, gradients: { w: Float32Array.from(slope) }, signals })
          },
          close: () => Promise.resolve(),
        },
      }
    },
  } satisfies Task)
}

type SlopeAt = (w: Float64Array, step: number) => { loss: number; slope: Float64Array }

function exactSlope(bowl: Quadratic): SlopeAt {
  return (w) => evaluateQuadratic(bowl, w)
}

/** Mean over fresh samples (x, y): y = xᵀw* + noise, loss ½ (xᵀw − y)². */
function sampledSlope(bowl: Quadratic, batch: number, labelNoise: number, seed: number): SlopeAt {
  const d = bowl.dimension
  return (w, step) => {
    const z = normals({ seed, stream: 'samples', step }, batch * (d + 1))
    const slope = new Float64Array(d)
    let loss = 0
    for (let n = 0; n < batch; n++) {
      const x = bowl.sample(z.subarray(n * (d + 1), n * (d + 1) + d))
      const noise = labelNoise * z[n * (d + 1) + d]!
      const residual = x.reduce((sum, value, i) => sum + value * (w[i]! - bowl.minimum[i]!), -noise)
      loss += (0.5 * residual * residual) / batch
      for (let i = 0; i < d; i++) slope[i]! += (residual * x[i]!) / batch
    }
    return { loss, slope }
  }
}
