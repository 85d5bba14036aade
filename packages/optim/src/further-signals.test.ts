// Signals made by further evaluations, against closed forms: exact where outcomes can be counted.

import { mapTree, normals, type Batch, type GradientStep, type Tree } from '@lotion/core'
import { gaussNewtonBartlett, hutchinson, perExample } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, bowl, executor, format, shapes, start } from '../test/bowl.js'
import { classes, examples, gaussNewton, inputs, probabilities, softmax } from '../test/softmax.js'
import { accumulate } from './accumulate.js'
import { fit } from './fit.js'
import { hessianProbe } from './hessian-probe.js'
import { lotion } from './lotion.js'
import { perExampleSquare } from './per-example-square.js'
import { sampledGradient } from './sampled-gradient.js'
import { sgd } from './sgd.js'

const memory = { executor, shapes: { w: [classes, inputs] } }
const w = normals({ seed: 4, stream: 'w' }, classes * inputs)
const points = [
  [0.4, -1.2],
  [1.5, 0.3],
  [-0.7, 0.9],
]
const batch = examples(points, [2, 0, 1])
const key = { seed: 1, stream: 'signals', step: 0 }

/** The labels that are given, whatever the model says. */
const labelled =
  (y: readonly number[]) =>
  (_: Tree<Float32Array>, { x }: Batch): Promise<Batch> =>
    Promise.resolve({ x: x!, y: { data: Int32Array.from(y), shape: [y.length] } })

describe('sampledGradient', () => {
  it('has terms · ĝ² with the expectation of the Gauss-Newton diagonal, over all labels and their masses', async () => {
    const expected = gaussNewton(w, batch)
    const sum = expected.map(() => 0)
    for (let code = 0; code < classes ** 3; code++) {
      const y = [code % 3, Math.floor(code / 3) % 3, Math.floor(code / 9)]
      const mass = y.reduce((product, c, e) => product * probabilities(w, points[e]!)[c]!, 1)
      const step = sampledGradient(softmax, { ...memory, relabel: labelled(y) })
      const { signals, gradients, terms } = await step.run({ w }, batch, ['sampledGradient'], key)
      const drawn = signals!['sampledGradient']!['w'] as Float32Array
      drawn.forEach((g, i) => (sum[i]! += mass * terms * g * g))
      // The step's own gradient is that of the batch's labels, whatever was drawn.
      expect(gradients['w']).toEqual((await softmax.run({ w }, batch)).gradients['w'])
    }
    // 27 products of single-precision gradients below 1.
    sum.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6))
  })

  it('is left out where it is not asked for, and refused without a key', async () => {
    const step = sampledGradient(softmax, { ...memory, relabel: () => Promise.reject(new Error('asked')) })
    expect((await step.run({ w }, batch)).signals).toBeUndefined()
    await expect(step.run({ w }, batch, ['sampledGradient'])).rejects.toThrow(
      "softmax: expected a key for the draws of the signal 'sampledGradient', found none",
    )
  })
})

describe('perExampleSquare', () => {
  it('is the mean of squared gradients of single examples', async () => {
    const step = perExampleSquare(softmax, memory)
    const { signals } = await step.run({ w }, batch, ['perExampleSquare'], key)
    const single = await Promise.all(
      points.map((x, e) => softmax.run({ w }, examples([x], [batch['y']!.data[e]!]))),
    )
    const squares = single.map(({ gradients }) => gradients['w']!)
    ;(signals!['perExampleSquare']!['w'] as Float32Array).forEach((found, i) => {
      const mean = squares.reduce((sum, g) => sum + g[i]! ** 2, 0) / 3
      expect(Math.abs(found - mean)).toBeLessThan(4 * 2 ** -24 * mean)
    })
  })

  it('weighs examples by their terms, and leaves out those without any', async () => {
    // Losses of one weight over texts of 4, 0 and 2 tokens: the mean of w − token has slope 1.
    const texts: GradientStep<Float32Array> = {
      name: 'texts',
      run: (_, { terms }) =>
        Promise.resolve({
          loss: 0,
          terms: terms!.data[0]!,
          gradients: { w: Float32Array.of((terms!.data[0] ?? 0) > 2 ? 0.5 : 3) },
        }),
      close: () => Promise.resolve(),
    }
    const step = perExampleSquare(texts, {
      executor,
      shapes: { w: [1] },
      terms: ({ terms }) => terms!.data[0]!,
    })
    const lengths = { terms: { data: Int32Array.of(4, 0, 2), shape: [3] } }
    const { signals } = await step.run({ w: Float32Array.of(0) }, lengths, ['perExampleSquare'], key)
    // (4 · 4 · 0.5² + 2 · 2 · 3²) / 6
    expect((signals!['perExampleSquare']!['w'] as Float32Array)[0]).toBeCloseTo(40 / 6, 6)
  })
})

describe('hessianProbe', () => {
  it('is the diagonal itself of a loss without mixed terms, for every draw', async () => {
    const step = hessianProbe(bowl(), { executor, shapes })
    const noise = {
      matrix: { data: new Float32Array(18), shape: [3, 6] },
      bias: { data: new Float32Array(4), shape: [4] },
    }
    for (const at of [0, 1]) {
      const { signals } = await step.run(start(), noise, ['hessianProbe'], { ...key, step: at })
      for (const found of Object.values(signals!['hessianProbe']!))
        for (const value of found as Float32Array)
          // A weight of up to 2.5 is rounded to 1.2e-7 at each side of 1e-3.
          expect(Math.abs(value - 1)).toBeLessThan(5e-4)
    }
  })

  it('has the diagonal of the Hessian for its mean over draws, with a key its bits', async () => {
    const step = hessianProbe(softmax, { ...memory, epsilon: 1e-2 })
    const draws = 400
    const sum = new Float64Array(classes * inputs)
    const probe = async (at: number): Promise<Float32Array> =>
      (
        (await step.run({ w }, batch, ['hessianProbe'], { ...key, step: at })).signals!['hessianProbe']![
          'w'
        ] as Float32Array
      ).slice()
    for (let at = 0; at < draws; at++) (await probe(at)).forEach((value, i) => (sum[i]! += value / draws))
    expect(await probe(7)).toEqual(await probe(7))
    expect(await probe(7)).not.toEqual(await probe(8))
    // Rows of H have other entries of at most .4 in norm: five sigmas of a mean of 400 are .1.
    gaussNewton(w, batch).forEach((expected, i) => expect(Math.abs(sum[i]! - expected)).toBeLessThan(0.1))
  })

  it('is a mean over the parts of a batch', async () => {
    // ½ a w² of each example: the diagonal is the mean of all a, whatever is drawn.
    const slopes: GradientStep<Float32Array> = {
      name: 'slopes',
      run: async ({ w: at }, { a }) => {
        const mean = Array.from(a!.data).reduce((sum, each) => sum + each, 0) / a!.data.length
        return { loss: 1, terms: a!.data.length, gradients: { w: at!.map((x) => mean * x) } }
      },
      close: async () => {},
    }
    const own = { executor, shapes: { w: [2] } }
    const step = accumulate(hessianProbe(slopes, own), 2, { ...own, means: ['hessianProbe'] })
    const three = { a: { data: Float32Array.of(1, 2, 6), shape: [3] } }
    const { signals } = await step.run({ w: Float32Array.of(1, -2) }, three, ['hessianProbe'], key)
    for (const value of signals!['hessianProbe']!['w'] as Float32Array)
      expect(Math.abs(value - 3)).toBeLessThan(2e-3)
  })
})

describe('a run', () => {
  const relabel = (
    _: Tree<Float32Array>,
    given: Batch,
    { seed, stream, step }: { seed: number; stream: string; step?: number },
  ) =>
    Promise.resolve(
      mapTree(given, ({ shape }, name) => ({
        data: normals({ seed, stream: `${stream}/${name}`, step: step ?? 0 }, name === 'bias' ? 4 : 18),
        shape,
      })),
    )
  const gradientStep = () =>
    hessianProbe(sampledGradient(bowl(), { executor, shapes, relabel }), { executor, shapes })

  it.each([gaussNewtonBartlett({ every: 3 }), hutchinson({ every: 2 })])(
    'with $name goes on to the same bits after it was interrupted',
    async (fisher) => {
      const options = { method: lotion({ format, fisher }), optimizer: sgd({ learningRate: 0.1 }), steps: 8 }
      const params = start()
      await fit(base({ ...options, gradientStep: gradientStep(), params }))
      for (const at of [3, 4]) {
        const [halves, kill] = [start(), new AbortController()]
        let from: Parameters<typeof fit<Float32Array>>[0]['from']
        await expect(
          fit(
            base({
              ...options,
              gradientStep: gradientStep(),
              params: halves,
              signal: kill.signal,
              onStep: (event) => {
                if (event.step === at) kill.abort((from = event))
              },
            }),
          ),
        ).rejects.toBeDefined()
        await fit(base({ ...options, gradientStep: gradientStep(), params: halves, from }))
        expect(halves).toEqual(params)
      }
    },
  )

  it('whose task cannot deliver the signal is refused by name before the first step', async () => {
    const options = { method: lotion({ format, fisher: perExample() }), gradientStep: gradientStep() }
    await expect(fit(base(options))).rejects.toThrow(
      "needs the signal 'perExampleSquare', one value a weight, which 'bowl' does not deliver (it delivers gradient, curvature, sampledGradient, hessianProbe)",
    )
  })
})
