import { castNearest, evaluate, layoutOf, normals, perTensor, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { exact } from '@lotion/fisher'
import { int4, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import type { Method } from './method.js'
import { ptq } from './ptq.js'
import { everything } from './quantize-rule.js'
import { cosine, linear } from './schedule.js'
import { sgd } from './sgd.js'
import { smoothingPenalty } from './smoothing.js'

const SIZE = 32
const format = withBlock(int4, perTensor)
const layout = layoutOf([SIZE], perTensor)

/** L(w) = ½ (w − w*)ᵀ H (w − w*) with H = diag(i^−1) + a aᵀ, in f64. */
function bowl(seed: number) {
  const [minimum, direction] = ['minimum', 'direction'].map((stream) =>
    Float64Array.from(normals({ seed, stream }, SIZE)),
  )
  const a = direction!.map((value) => value / Math.sqrt(SIZE))
  const diagonal = a.map((value, i) => 1 / (i + 1) + value * value)
  const slope = (w: ArrayLike<number>): Float64Array => {
    const error = minimum!.map((value, i) => w[i]! - value)
    const along = error.reduce((sum, value, i) => sum + value * a[i]!, 0)
    return error.map((value, i) => value / (i + 1) + along * a[i]!)
  }
  const loss = (w: ArrayLike<number>): number =>
    slope(w).reduce((sum, value, i) => sum + 0.5 * value * (w[i]! - minimum![i]!), 0)
  /** E L(RR(w)), exact: for a quadratic loss it is L(w) + ½ Σ H_ii σ_i². */
  const expected = (w: ArrayLike<number>): number => {
    const fn = smoothingPenalty(format, randomizedRounding)
    return loss(w) + evaluate([{ fn, inputs: { w, fisher: diagonal }, layout }])[0]!.penalty![0]!
  }
  return { minimum: minimum!, diagonal, slope, loss, expected }
}

async function trained(seed: number, method: Method): Promise<Float32Array> {
  const { diagonal, slope, loss } = bowl(seed)
  const params: Tree<Float32Array> = { w: normals({ seed, stream: 'start' }, SIZE).map((z) => 0.1 * z) }
  await fit({
    params,
    shapes: { w: [SIZE] },
    gradientStep: {
      name: 'bowl',
      run: ({ w }) =>
        Promise.resolve({
          loss: loss(w!),
          terms: 1,
          gradients: { w: Float32Array.from(slope(w!)) },
          curvature: { w: Float32Array.from(diagonal) },
        }),
      close: () => Promise.resolve(),
    },
    batches: () => ({}),
    method,
    quantize: everything,
    optimizer: sgd({ learningRate: cosine(0.5) }),
    steps: 1000,
    seed,
    executor: cpuExecutor(),
  })
  return params['w']!
}

describe('lotion', () => {
  const seeds = [0, 1, 2, 3, 4]

  it.each(seeds)('ends below PTQ in the expected loss over randomized roundings: seed %i', async (seed) => {
    const { loss, expected, minimum } = bowl(seed)
    const plain = await trained(seed, ptq({ format }))
    const smoothed = await trained(seed, lotion({ format, fisher: exact(), lambda: linear(0, 1) }))
    // PTQ has converged: what its expected loss is above 0 is the rounding at the minimum alone.
    expect(loss(plain)).toBeLessThan(0.01 * expected(minimum))
    // LOTION descends this very quantity, of which PTQ minimises the first term only.
    expect(expected(smoothed)).toBeLessThan(expected(plain))
    // And its nearest cast is better than what PTQ expects over draws.
    const cast = evaluate([{ fn: castNearest(format), inputs: { w: smoothed }, layout }])[0]!.w!
    expect(loss(cast)).toBeLessThan(expected(plain))
  })
})
