// Signals are open: estimators of signals that no package knows, and gradient steps that deliver them, meet
// here for the first time.

import { mapTree, type Batch, type GradientResult, type GradientStep, type Tree } from '@lotion/core'
import { defineFisher } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, bowl, executor, format, shapes, start } from '../test/bowl.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { withMethod } from './method.js'
import { byName } from './quantize-rule.js'
import { sgd } from './sgd.js'
import { defineTransformation } from './define-transformation.js'
import { chain } from './transformation.js'
import { createUpdater } from './updater.js'

/**
 * F from squares of single examples, as a gradient step that sees them delivers: no factor of the batch size.
 */
const perExample = defineFisher({
  name: 'per example',
  needs: ['squares'],
  slots: ['mean'],
  nonNegative: ['mean'],
  observe: ({ mean, squares }) => ({ mean: mean.add(squares.sub(mean).mul(0.5)) }),
  diagonal: ({ mean }) => mean,
})

/** F seen at every third update only, times a number that belongs to the whole parameter. */
const sparse = (per: 'weight' | 'parameter' = 'parameter') =>
  defineFisher({
    name: 'sparse',
    needs: [
      { name: 'squares', every: 3 },
      { name: 'factor', per },
    ],
    slots: ['kept'],
    observe: ({ kept, squares }) => ({ kept: squares ?? kept }),
    diagonal: ({ kept, factor }) => kept.mul(factor),
  })

/** The bowl with squares and factors, brought where they are asked for; remembers what it was asked for. */
function squaring(asked: (readonly string[])[] = []): GradientStep<Float32Array> {
  const inner = bowl()
  return {
    ...inner,
    delivers: ['squares', { name: 'factor', per: 'parameter' }],
    run: async (params, batch, wanted = []) => {
      asked.push(wanted)
      const { loss, terms, gradients } = await inner.run(params, batch)
      const all = { squares: mapTree(gradients, (g) => g.map((v) => v * v)), factor: { matrix: 2 } }
      const signals = Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)))
      return { loss, terms, gradients, signals }
    },
  }
}

const optimizer = sgd({ learningRate: 0.1 })

describe('an estimator of a new signal', () => {
  it('is fed by fit, with what the gradient step delivers', async () => {
    const seen: GradientResult<Float32Array>[] = []
    const step = squaring()
    const gradientStep: GradientStep<Float32Array> = {
      ...step,
      run: async (params: Tree<Float32Array>, batch: Batch, wanted?: readonly string[]) => {
        const result = await step.run(params, batch, wanted)
        seen.push(structuredClone(result))
        return result
      },
    }
    const state = await fit(
      base({ gradientStep, method: lotion({ format, fisher: perExample }), optimizer, steps: 2 }),
    )
    const [first, second] = seen.map(({ signals }) => signals!['squares']!['matrix'] as Float32Array)
    // Half of the second square and a quarter of the first, rounded as the formula rounds: half of a sum.
    const expected = first!.map((a, i) => {
      const half = Math.fround(a * 0.5)
      return Math.fround(half + Math.fround(Math.fround(second![i]! - half) * 0.5))
    })
    expect(state['matrix']!['smoothing.mean']).toEqual(expected)
  })

  it('is asked for at its pace, counted in updates, and kept between', async () => {
    const asked: (readonly string[])[] = []
    const method = lotion({ format, fisher: sparse() })
    const kept: Float32Array[] = []
    await fit(
      base({
        gradientStep: squaring(asked),
        method,
        optimizer,
        steps: 7,
        onStep: ({ state }) => void kept.push(state['matrix']!['smoothing.kept']!.slice()),
      }),
    )
    expect(asked.map((names) => names.join(' '))).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((step) => (step % 3 === 0 ? 'squares factor' : 'factor')),
    )
    expect([1, 2, 4, 5].map((i) => kept[i]!.join() === kept[i - 1]!.join())).toEqual([true, true, true, true])
    expect(kept[3]).not.toEqual(kept[2])
    expect(kept[6]).not.toEqual(kept[5])
  })

  it('continues an interrupted run to the same bits, whatever steps were asked', async () => {
    const options = { method: lotion({ format, fisher: sparse() }), optimizer, steps: 8 }
    const whole = start()
    await fit(base({ ...options, gradientStep: squaring(), params: whole }))
    const [halves, kill] = [start(), new AbortController()]
    let from: Parameters<typeof fit<Float32Array>>[0]['from']
    const first = fit(
      base({
        ...options,
        gradientStep: squaring(),
        params: halves,
        signal: kill.signal,
        onStep: (event) => {
          if (event.step === 5) kill.abort((from = event))
        },
      }),
    )
    await expect(first).rejects.toBeDefined()
    await fit(base({ ...options, gradientStep: squaring(), params: halves, from }))
    expect(halves).toEqual(whole)
  })
})

describe('a gradient step that does not deliver it', () => {
  const method = lotion({ format, fisher: perExample })
  it('is refused by name before training', async () => {
    const params = start()
    let ran = false
    const gradientStep = { ...bowl(), run: () => Promise.reject(new Error(String((ran = true)))) }
    await expect(fit(base({ params, gradientStep, method, optimizer }))).rejects.toThrow(
      "smoothing · sgd: needs the signal 'squares', one value a weight, which 'bowl' does not deliver (it delivers gradient, curvature)",
    )
    expect([ran, params]).toEqual([false, start()])
    await expect(
      fit(
        base({ gradientStep: squaring(), method: lotion({ format, fisher: sparse('weight') }), optimizer }),
      ),
    ).rejects.toThrow(
      "needs the signal 'factor', one value a weight, which 'bowl' does not deliver (it delivers gradient, squares, factor (one a parameter))",
    )
  })

  it('though it says so is found out at the step, before anything is written', () => {
    const transformation = withMethod(method, optimizer, byName())
    const updater = createUpdater({ transformation, shapes, executor })
    expect([updater.wanted(0), updater.needs]).toEqual([['squares'], [{ name: 'squares' }]])
    const [params, at] = [start(), { step: 0, steps: 1 }]
    const step = (signals: GradientResult<Float32Array>['signals']) => () =>
      updater.step(params, updater.init(), { loss: 0, terms: 1, gradients: start(), signals: signals! }, at)
    expect(step({})).toThrow(
      "needs the signal 'squares' for 'matrix', which this gradient step does not deliver",
    )
    expect(step({ squares: { matrix: 3 } })).toThrow(
      "expected one value a weight of the signal 'squares' for 'matrix', found 3",
    )
    expect(params).toEqual(start())
  })

  it('brings what is not finite is told by name', async () => {
    const inner = squaring()
    const gradientStep: GradientStep<Float32Array> = {
      ...inner,
      run: async (...given) => {
        const result = await inner.run(...given)
        return { ...result, signals: { ...result.signals, factor: { matrix: Number.NaN } } }
      },
    }
    await expect(
      fit(base({ gradientStep, method: lotion({ format, fisher: sparse() }), optimizer })),
    ).rejects.toThrow("a factor of 'matrix' that is not finite")
  })
})

it('two parts of a chain ask for one signal at one pace', () => {
  const part = (every: number) =>
    defineTransformation({
      name: `every ${every}`,
      needs: [{ name: 'probe', every }],
      update: ({ update }) => ({ update }),
    })
  expect(() => chain(part(2), part(5))).toThrow(
    "signal 'probe': expected one pace and shape in a run, found one a weight, every 2 for 'every 2' and one a weight, every 5 for 'every 5'",
  )
  for (const [need, message] of [
    [{ name: 'probe', every: 0 }, 'every: expected a positive whole number, found 0'],
    [{ name: 'a.b' }, "signal: expected a name without a dot, found 'a.b'"],
    [
      { name: 'probe', per: 'block' as never },
      "signal 'probe': per: expected 'weight' or 'parameter', found 'block'",
    ],
    [{ name: 'gradient', every: 2 }, "signal 'gradient': expected every step"],
  ] as const)
    expect(() =>
      defineTransformation({ name: 'x', needs: [need], update: ({ update }) => ({ update }) }),
    ).toThrow(message)
})
