// Task: a two-layer linear network f(x) = aᵀ W x. Comes in: options. Goes out: a workload.
// Source: LOTION (arXiv 2510.08757); settings of the reference run: Adam(.9, .99), cosine to 0,
// λ ramp 0 → 1.

import { wholeNumber, type CliOption } from '@lotion/cli'
import { normals } from '@lotion/core'
import { adamw, cosine, everything, linear } from '@lotion/optim'
import { bowlLoss, bowlOptions, checkBowl, drawnSlope, drawsOf, openBowls } from './bowl-options.js'
import { evaluateQuadratic, type Quadratic } from './quadratic.js'
import { defineTask, type Problem } from './task.js'

/** Most weights of the first layer: 256 MiB, several times over while training. */
const LARGEST = 2 ** 26

const width: CliOption<number> = {
  flags: '--width <k>',
  description: 'hidden units: W is [k, d], a is [k]',
  schema: wholeNumber({ min: 1, max: 2 ** 16 }),
  default: '1',
}

/**
 * L(W, a) = ½ (Wᵀa − w*)ᵀ H (Wᵀa − w*), W0 ~ N(0, 1/d), a0 ~ N(0, 1/k), w* ~ N(0, 1). The gradient step
 * delivers the Gauss–Newton diagonal at the current point, a_j² H_ii for W_ji and W_jᵀ H W_j for a_j, and
 * gradients with drawn labels.
 */
export const twoLayer = defineTask({
  name: 'two-layer',
  summary: 'compare the methods on a two-layer linear network',
  options: {
    /** Hidden units k, 1 to 65536: W is [k, d], a is [k]. Default 1. */
    width,
    ...bowlOptions(128),
  },
  examples: [
    'lotion run two-layer',
    'lotion run two-layer --width 4 --tune',
    'lotion run two-layer --width 16 --methods ptq,qat,lotion --seeds 6 --json',
  ],
  loss: bowlLoss,
  steps: 2000,
  learningRate: 1e-2,
  learningRates: [3e-3, 1e-2, 3e-2],
  workload: ({ width: k, ...bowl }) => {
    checkBowl(bowl)
    const d = bowl.dimension
    if (k * d > LARGEST) {
      throw new RangeError(
        `width: expected at most ${Math.floor(LARGEST / d)} hidden units of ${d} inputs, found ${k}; lower one of the two`,
      )
    }
    return {
      shapes: { W: [k, d], a: [k] },
      quantize: everything,
      schedule: cosine,
      optimizer: (learningRate) => adamw({ learningRate, beta1: 0.9, beta2: 0.99 }),
      lambda: (strength) => linear(0, strength),
      config: { width: k, ...bowl },
      open: () => openBowls(bowl, (found, seed) => problemOf(found, k, seed)),
    }
  },
})

function problemOf(bowl: Quadratic, k: number, seed: number): Problem {
  const d = bowl.dimension
  return {
    params: {
      W: normals({ seed, stream: 'W' }, k * d).map((z) => z / Math.sqrt(d)),
      a: normals({ seed, stream: 'a' }, k).map((z) => z / Math.sqrt(k)),
    },
    batches: () => ({}),
    loss: ({ W, a }) => evaluateQuadratic(bowl, product(W!, a!, k, d)).loss,
    gradientStep: {
      name: 'two-layer',
      delivers: ['curvature', 'sampledGradient'],
      run: (point, _batch, wanted = [], key) => {
        const [W, a] = [point['W']!, point['a']!]
        const { loss, slope } = evaluateQuadratic(bowl, product(W, a, k, d))
        const gradients = gradientsOf(W, a, slope)
        const curvature = { W: new Float32Array(k * d), a: new Float32Array(k) }
        for (let j = 0; j < k; j++) {
          const row = Float64Array.from(W.subarray(j * d, (j + 1) * d))
          const curved = bowl.times(row)
          for (let i = 0; i < d; i++) {
            curvature.W[j * d + i] = a[j]! ** 2 * bowl.diagonal[i]!
          }
          curvature.a[j] = row.reduce((sum, value, i) => sum + value * curved[i]!, 0)
        }
        const drawn = wanted.includes('sampledGradient')
          ? { sampledGradient: gradientsOf(W, a, drawnSlope(bowl, 1, drawsOf(key, 'two-layer'))) }
          : {}
        return Promise.resolve({ loss, terms: 1, gradients, signals: { curvature, ...drawn } })
      },
      close: () => Promise.resolve(),
    },
  }
}

/** From the slope by v = Wᵀa to those by W and a. */
function gradientsOf(
  W: Float32Array,
  a: Float32Array,
  slope: Float64Array,
): { W: Float32Array; a: Float32Array } {
  const d = slope.length
  return {
    W: Float32Array.from(W, (_, at) => a[Math.floor(at / d)]! * slope[at % d]!),
    a: Float32Array.from(a, (_, j) => slope.reduce((sum, s, i) => sum + W[j * d + i]! * s, 0)),
  }
}

/** Wᵀ a. */
function product(W: Float32Array, a: Float32Array, k: number, d: number): Float64Array {
  const v = new Float64Array(d)
  for (let j = 0; j < k; j++) for (let i = 0; i < d; i++) v[i]! += a[j]! * W[j * d + i]!
  return v
}
