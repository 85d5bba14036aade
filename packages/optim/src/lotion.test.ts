import { castNearest, evaluate, layoutOf, normals, perTensor, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { exact } from '@lotion/fisher'
import { e8m0Floor, int4, mxfp4, withBlock, withScale } from '@lotion/formats'
import { dithered, randomizedRounding, smoothstep } from '@lotion/noise'
import { pairWarning } from '@lotion/noise/internal'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { annealed } from './annealed-noise.js'
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
      delivers: ['curvature'],
      run: ({ w }) =>
        Promise.resolve({
          loss: loss(w!),
          terms: 1,
          gradients: { w: Float32Array.from(slope(w!)) },
          signals: { curvature: { w: Float32Array.from(diagonal) } },
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

describe('lotion warns', () => {
  afterEach(() => vi.restoreAllMocks())

  it('about a pair that breaks the theory, in words, once', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    // A name that no other test of this process warns about.
    const noise = { ...smoothstep, name: 'smoothstep, told once' }
    for (let time = 0; time < 3; time++) lotion({ format: int4, noise })
    expect(warn.mock.calls).toEqual([[`lotion: ${pairWarning(int4, noise)}`]])
    expect(pairWarning(int4, noise)).toMatch(
      /^int4 trains, but .* \(scale absmax, noise smoothstep, told once\)\. .*The mean of a random cast is not the weight: it is off by up to 1\.\d % of/,
    )
  })

  it('through the option, and not about pairs that are fine', () => {
    const told: string[] = []
    const onWarning = (message: string): void => void told.push(message)
    lotion({ format: int4, onWarning })
    lotion({ format: int4, noise: annealed(dithered, linear(1, 0)), onWarning })
    expect(told).toEqual([])
    lotion({ format: withScale(mxfp4, e8m0Floor), onWarning })
    expect(told).toEqual([expect.stringContaining('Choose a scale rule that never saturates')])
  })
})
