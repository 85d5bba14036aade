import { mapTree, normals, type Batch, type GradientStep, type HostArray, type Tree } from '@lotion/core'
import { exact } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, executor, format, shapes } from '../test/bowl.js'
import { continuedEverywhere } from '../test/resume.js'
import { accumulate } from './accumulate.js'
import { fit, type FitOptions } from './fit.js'
import { lotion } from './lotion.js'

type Arrays = Float32Array

/** Examples of a batch: one row for each. */
const examples = (count: number, step = 0): Batch =>
  mapTree({ matrix: 18, bias: 4 }, (size, name): HostArray => ({
    data: normals({ seed: 3, stream: name, step }, count * size),
    shape: [count, size],
  }))

/** Mean over examples of ½ ‖w − x‖², summed in f64 and rounded once; remembers what it was given. */
function bowls(seen: Batch[] = []): GradientStep<Arrays> {
  return {
    name: 'bowls',
    delivers: ['curvature', 'spread', { name: 'trace', per: 'parameter' }],
    run: (params, batch, wanted = []) => {
      seen.push(batch)
      let loss = 0
      const gradients = mapTree(params, (w, name) =>
        w.map((value, i) => {
          const { data, shape } = batch[name]!
          let sum = 0
          for (let row = 0; row < shape[0]!; row++) {
            const away = value - data[row * w.length + i]!
            sum += away
            loss += away ** 2 / 2 / shape[0]!
          }
          return sum / shape[0]!
        }),
      )
      const terms = batch['bias']!.shape[0]!
      const signals = {
        curvature: mapTree(params, (w) => w.map(() => terms)),
        trace: mapTree(params, () => terms),
      }
      const asked = Object.fromEntries(Object.entries(signals).filter(([name]) => wanted.includes(name)))
      return Promise.resolve({ loss, terms, gradients, signals: asked })
    },
    close: () => Promise.resolve(),
  }
}

const start = (): Tree<Arrays> => ({
  matrix: normals({ seed: 1, stream: 'matrix' }, 18),
  bias: normals({ seed: 1, stream: 'bias' }, 4),
})
const options = { executor, shapes }

describe('accumulate', () => {
  it.each([
    [16, 2],
    [17, 4],
    [5, 5],
  ])(
    'gives the mean over %i examples by %i parts but for roundings, and their number',
    async (count, parts) => {
      const seen: Batch[] = []
      const whole = await bowls().run(start(), examples(count))
      const { loss, terms, gradients } = await accumulate(bowls(seen), parts, options).run(
        start(),
        examples(count),
      )
      expect(terms).toBe(count)
      expect(loss).toBeCloseTo(whole.loss, 12)
      const sizes = seen.map(({ bias }) => bias!.shape[0]!)
      expect(sizes).toHaveLength(parts)
      expect(sizes.reduce((a, b) => a + b)).toBe(count)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      for (const [name, gradient] of Object.entries(gradients)) {
        const pieces = await Promise.all(
          seen.map(async (piece) => (await bowls().run(start(), piece)).gradients[name]!),
        )
        gradient.forEach((value, i) => {
          // Each part's gradient, weight, product and sum, the total and the quotient round once, relative
          // to at most the sum of magnitudes; the whole's once too.
          const most = pieces.reduce((sum, piece, p) => sum + (Math.abs(piece[i]!) * sizes[p]!) / count, 0)
          expect(Math.abs(value - whole.gradients[name]![i]!)).toBeLessThanOrEqual(
            (3 + parts) * 2 ** -23 * most,
          )
        })
      }
    },
  )

  it('splits views of the batch, in order, and gives shared arrays whole to every part', async () => {
    const seen: Batch[] = []
    const mask = { data: Float32Array.of(1, 0, 1), shape: [3] }
    const batch = examples(4)
    await accumulate(bowls(seen), 2, { ...options, shared: ['mask'] }).run(start(), { ...batch, mask })
    expect(seen.map(({ bias }) => [...bias!.data])).toEqual([
      [...batch['bias']!.data.subarray(0, 8)],
      [...batch['bias']!.data.subarray(8)],
    ])
    expect(seen[0]!['bias']!.data.buffer).toBe(batch['bias']!.data.buffer)
    expect(seen.map((piece) => piece['mask'])).toEqual([mask, mask])
  })

  const run = (overrides: Partial<FitOptions<Arrays>>): FitOptions<Arrays> =>
    base({ method: lotion({ format }), batches: (step) => examples(16, step), steps: 6, ...overrides })

  it('trains with LOTION as one batch of 16 does, its Fisher and λ those of 16 terms', async () => {
    const state = async (gradientStep: GradientStep<Arrays>): Promise<Tree<Tree<Arrays>>> =>
      fit(run({ gradientStep, steps: 1 }))
    const whole = await state(bowls())
    const parts = await state(accumulate(bowls(), 2, options))
    // Squares of gradients that differ by roundings of their parts. Of 8 terms they would be half as large.
    whole['matrix']!['smoothing.squares']!.forEach((square, i) => {
      const found = parts['matrix']!['smoothing.squares']![i]!
      expect(Math.abs(Math.sqrt(found) - Math.sqrt(square))).toBeLessThanOrEqual(2 ** -20)
    })
    expect(Math.max(...whole['matrix']!['smoothing.squares']!)).toBeGreaterThan(2 ** -10)
  })

  it('averages the curvature, and refuses signals that are no mean by name', async () => {
    const method = lotion({ format, fisher: exact() })
    const gradientStep = accumulate(bowls(), 3, options)
    // Parts of 5, 5 and 6 terms, each with a curvature of its terms: (25 + 25 + 36) / 16.
    const { signals } = await gradientStep.run(start(), examples(16), ['curvature'])
    expect(signals!['curvature']!['bias']).toEqual(new Float32Array(4).fill(5.375))
    await expect(fit(run({ gradientStep, method }))).resolves.toBeDefined()
    expect(gradientStep.delivers).toEqual(['curvature'])
    const trace = accumulate(bowls(), 2, { ...options, means: ['trace'] })
    expect((await trace.run(start(), examples(6), ['trace'])).signals).toEqual({
      trace: { matrix: 3, bias: 3 },
    })
    await expect(fit(run({ gradientStep: trace, method }))).rejects.toThrow(
      "needs the signal 'curvature', one value a weight, which 'bowls, 2 parts' does not deliver",
    )
  })

  it('forgets a sum that was not finite', async () => {
    const gradientStep = accumulate(bowls(), 2, options)
    const spoiled = examples(4)
    spoiled['bias']!.data[9] = Number.NaN
    expect((await gradientStep.run(start(), spoiled)).gradients['bias']!.some(Number.isNaN)).toBe(true)
    const { gradients } = await gradientStep.run(start(), examples(4))
    expect(gradients['bias']!.some(Number.isNaN)).toBe(false)
  })

  it('continues to the same bits from every step', async () => {
    const { whole, continued } = await continuedEverywhere((moment) =>
      fit(run({ gradientStep: accumulate(bowls(), 3, options), ...moment })),
    )
    expect(continued).toHaveLength(6)
    for (const each of continued) expect(each).toEqual(whole)
  })

  it('is the step itself for one part, and refuses batches that it cannot split', async () => {
    const step = bowls()
    expect(accumulate(step, 1, options)).toBe(step)
    expect(() => accumulate(step, 0, options)).toThrow('parts: expected a positive whole number, found 0')
    await expect(accumulate(step, 5, options).run(start(), examples(4))).rejects.toThrow(
      'batch: expected at least 5 examples (parts), found 4',
    )
    const ragged = { ...examples(4), mask: { data: new Float32Array(3), shape: [3] } }
    await expect(accumulate(step, 2, options).run(start(), ragged)).rejects.toThrow(
      "batch 'mask': expected 4 examples along the first axis, as 'matrix' has, found shape",
    )
    await expect(
      accumulate(step, 2, { ...options, shared: ['masc'] }).run(start(), examples(4)),
    ).rejects.toThrow("shared: expected names of the batch, matrix, bias, found 'masc'")
  })
})
