// Task: linear regression with a power-law spectrum. Comes in: options. Goes out: a workload.
// Source: LOTION (arXiv 2510.08757); settings of the reference run: lr 1, cosine to 0, λ ramp 0
// → 1.

import { maybe, realNumber, wholeNumber, wordOr, type CliOption } from '@lotion/cli'
import { normals } from '@lotion/core'
import { cosine, everything, linear, sgd } from '@lotion/optim'
import { bowlLoss, bowlOptions, checkBowl, drawnSlope, drawsOf, openBowls } from './bowl-options.js'
import { evaluateQuadratic, type Quadratic } from './quadratic.js'
import { defineTask } from './task.js'

/** Most random numbers drawn for a step: 2 GiB of them. */
const LARGEST = 2 ** 29

/** Standard deviation of the labels' noise where none is given. */
const USUAL_NOISE = 0.5

const batch: CliOption<number | 'full'> = {
  flags: '--batch <samples>',
  description: 'fresh samples a step, or full for the exact gradient',
  schema: wordOr('full', wholeNumber({ min: 1, max: 2 ** 16 })),
  default: 'full',
}

const labelNoise: CliOption<number | undefined> = {
  flags: '--label-noise <std>',
  description: `standard deviation of the labels’ noise, with --batch <n> only (default: ${USUAL_NOISE})`,
  schema: maybe(realNumber({ min: 0 })),
}

/**
 * L(w) = ½ (w − w*)ᵀ H (w − w*), w* ~ N(0, 1), w0 ~ N(0, 0.1²), H with eigenvalues i^−spectrum; SGD without
 * momentum. The gradient step delivers diag H as `curvature`, which is the exact Fisher, gradients with drawn
 * labels, and with a number of samples squares of single ones.
 */
export const linearRegression = defineTask({
  name: 'linear-regression',
  summary: 'compare the methods on linear regression with a power-law spectrum',
  options: {
    ...bowlOptions(256),
    /** Fresh samples a step, 1 to 65536, or `full` for the exact gradient. Default `full`. */
    batch,
    /** Standard deviation of the labels' noise, with a number of samples only. Default 0.5. */
    labelNoise,
  },
  examples: [
    'lotion run linear-regression',
    'lotion run linear-regression --tune',
    'lotion run linear-regression --format fp4 --block 32 --methods qat,lotion --seeds 5 --out runs/fp4',
    'lotion run linear-regression --batch 32 --fisher empirical --json',
  ],
  loss: bowlLoss,
  steps: 3000,
  learningRate: 1,
  learningRates: [0.3, 1, 1.5],
  workload: ({ batch, labelNoise = batch === 'full' ? undefined : USUAL_NOISE, ...bowl }) => {
    checkBowl(bowl)
    const { dimension } = bowl
    if (batch === 'full' && labelNoise !== undefined) {
      throw new RangeError(
        `label-noise: the exact gradient has no label noise, found ${labelNoise}; add --batch <samples>`,
      )
    }
    if (batch !== 'full' && batch * (dimension + 1) > LARGEST) {
      throw new RangeError(
        `batch: expected at most ${Math.floor(LARGEST / (dimension + 1))} samples of ${dimension} inputs, found ${batch}; lower one of the two`,
      )
    }
    return {
      shapes: { w: [dimension] },
      quantize: everything,
      schedule: cosine,
      optimizer: (learningRate) => sgd({ learningRate }),
      lambda: (strength) => linear(0, strength),
      config: { ...bowl, batch, ...(labelNoise === undefined ? {} : { labelNoise }) },
      open: () =>
        openBowls(bowl, (quadratic, seed) => {
          const signals = { curvature: { w: Float32Array.from(quadratic.diagonal) } }
          const terms = batch === 'full' ? 1 : batch
          const slopeAt =
            batch === 'full' ? exactSlope(quadratic) : sampledSlope(quadratic, batch, labelNoise ?? 0, seed)
          return {
            params: { w: normals({ seed, stream: 'start' }, dimension).map((z) => 0.1 * z) },
            batches: (step) => ({ step: { data: Int32Array.of(step), shape: [] } }),
            loss: ({ w }) => evaluateQuadratic(quadratic, Float64Array.from(w!)).loss,
            gradientStep: {
              name: 'linear regression',
              delivers: ['curvature', 'sampledGradient', ...(batch === 'full' ? [] : ['perExampleSquare'])],
              run: (params, { step }, wanted = [], key) => {
                const { loss, slope, squares } = slopeAt(Float64Array.from(params['w']!), step!.data[0]!)
                const drawn = (): Float64Array =>
                  drawnSlope(quadratic, terms, drawsOf(key, 'linear regression'))
                return Promise.resolve({
                  loss,
                  terms,
                  gradients: { w: Float32Array.from(slope) },
                  signals: {
                    ...signals,
                    ...(squares && wanted.includes('perExampleSquare')
                      ? { perExampleSquare: { w: Float32Array.from(squares) } }
                      : {}),
                    ...(wanted.includes('sampledGradient')
                      ? { sampledGradient: { w: Float32Array.from(drawn()) } }
                      : {}),
                  },
                })
              },
              close: () => Promise.resolve(),
            },
          }
        }),
    }
  },
})

type SlopeAt = (
  w: Float64Array,
  step: number,
) => { loss: number; slope: Float64Array; squares?: Float64Array }

function exactSlope(bowl: Quadratic): SlopeAt {
  return (w) => evaluateQuadratic(bowl, w)
}

/** Mean over fresh samples (x, y): y = xᵀw* + noise, loss ½ (xᵀw − y)². */
function sampledSlope(bowl: Quadratic, batch: number, labelNoise: number, seed: number): SlopeAt {
  const d = bowl.dimension
  return (w, step) => {
    const z = normals({ seed, stream: 'samples', step }, batch * (d + 1))
    const slope = new Float64Array(d)
    const squares = new Float64Array(d)
    let loss = 0
    for (let n = 0; n < batch; n++) {
      const x = bowl.sample(z.subarray(n * (d + 1), n * (d + 1) + d))
      const noise = labelNoise * z[n * (d + 1) + d]!
      const residual = x.reduce((sum, value, i) => sum + value * (w[i]! - bowl.minimum[i]!), -noise)
      loss += (0.5 * residual * residual) / batch
      for (let i = 0; i < d; i++) {
        const one = residual * x[i]!
        slope[i]! += one / batch
        squares[i]! += (one * one) / batch
      }
    }
    return { loss, slope, squares }
  }
}
