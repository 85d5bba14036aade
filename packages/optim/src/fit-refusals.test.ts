import type { GradientStep, Transformation, Tree } from '@lotion/core'
import { adamSecondMoment, exact } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, batchesOf, bowl, format, start, train } from '../test/bowl.js'
import { fit, type FitOptions, type ResumePoint, type StepEvent } from './fit.js'
import { lotion } from './lotion.js'
import { ptq } from './ptq.js'
import { byName } from './quantize-rule.js'
import { sgd } from './sgd.js'
import { defineTransformation } from './define-transformation.js'

describe('what is not finite', () => {
  it('is refused by name, with weights and state untouched', async () => {
    const params = start()
    const trained = start()
    let state: Tree<Tree<Float32Array>> = {}
    await fit(
      base({
        params: trained,
        steps: 12,
        batches: batchesOf(),
        onStep: ({ step }) => (step === 3 ? Promise.reject(new Error('enough')) : undefined),
      }),
    ).catch(() => undefined)
    const failing = fit(
      base({ params, batches: batchesOf([3], 'matrix'), onStep: (event) => void (state = event.state) }),
    )
    await expect(failing).rejects.toThrow(
      "step 4: expected a finite loss and gradient, found loss NaN, a gradient of 'matrix' that is not finite or overflows when squared; the weights are those of the step before.",
    )
    expect(params).toEqual(trained)
    expect(
      Object.values(state)
        .flatMap((slots) => Object.values(slots))
        .every((slot) => slot.every(Number.isFinite)),
    ).toBe(true)
  })

  it('is skipped and counted if so configured, as if the run were a step shorter', async () => {
    const events: StepEvent<Float32Array>[] = []
    const skipping = await train({
      batches: batchesOf([0, 4, 11]),
      nonFinite: 'skip',
      onStep: (event) => void events.push(event),
    })
    expect(events.map(({ skipped }) => skipped)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3])
    expect(
      Object.values(skipping)
        .flat()
        .every((bits) => (bits & 0x7f800000) !== 0x7f800000),
    ).toBe(true)
    // Skipping only the last step of 12 leaves what 11 steps of the same schedule leave: nothing was touched.
    const whole = start()
    await fit(
      base({
        params: whole,
        onStep: ({ step }) => (step === 11 ? Promise.reject(new Error('enough')) : undefined),
      }),
    ).catch(() => undefined)
    const params = start()
    await fit(base({ params, batches: batchesOf([11]), nonFinite: 'skip' }))
    expect(params).toEqual(whole)
    // Skipping the first step is the run of 11 steps on the batches that follow: bias corrections count
    // updates.
    const shorter = start()
    await fit(base({ params: shorter, steps: 11, batches: (step) => batchesOf()(step + 1) }))
    const later = start()
    await fit(base({ params: later, batches: batchesOf([0]), nonFinite: 'skip' }))
    expect(later).toEqual(shorter)
  })

  it('is skipped so many times in a row and no more', async () => {
    const skipped: number[] = []
    const onStep = (event: StepEvent<Float32Array>): void => void skipped.push(event.skipped)
    const never = () => ({ ...batchesOf()(0), bias: { data: new Float32Array(4).fill(NaN), shape: [4] } })
    const params = start()
    const failing = fit(base({ params, batches: never, nonFinite: 'skip', steps: 50, onStep }))
    await expect(failing).rejects.toThrow(
      "nonFinite: 'skip': 21 steps in a row were not finite, 20 may be (skipLimit); the last one: step 21: expected a finite",
    )
    expect(skipped).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(params).toEqual(start())
    // Rows begin anew after a step that was taken.
    const batches = batchesOf([1, 2, 4, 5, 7, 8])
    await expect(fit(base({ batches, nonFinite: 'skip', skipLimit: 2 }))).resolves.toBeDefined()
    await expect(fit(base({ batches, nonFinite: 'skip', skipLimit: 1 }))).rejects.toThrow(
      "nonFinite: 'skip': 2 steps in a row were not finite, 1 may be (skipLimit); the last one: step 3:",
    )
  })

  it('in every step is no training, however many may be skipped', async () => {
    const batches = batchesOf(Array.from({ length: 12 }, (_, step) => step))
    const whole = base({ batches, nonFinite: 'skip' })
    await expect(fit(whole)).rejects.toThrow(
      "nonFinite: 'skip': expected steps that train, found all 12 skipped: the weights are those of the start; the last one: step 12: expected a finite",
    )
    const state = await fit(base({ batches: batchesOf([0]), steps: 1, nonFinite: 'skip' })).catch(
      () => 'failed',
    )
    expect(state).toBe('failed')
    const params = start()
    await fit(
      base({ params, batches: batchesOf(Array.from({ length: 11 }, (_, step) => step)), nonFinite: 'skip' }),
    )
    expect(params).not.toEqual(start())
  })

  it('is skipped the same way after a resume', async () => {
    const batches = batchesOf([1, 7])
    const whole = await train({ batches, nonFinite: 'skip' })
    const params = start()
    let from: ResumePoint<Float32Array> | undefined
    const keep = (event: StepEvent<Float32Array>): void => {
      if (event.step !== 5) return
      from = { step: event.step, skipped: event.skipped, state: structuredClone(event.state) }
      throw new Error('killed')
    }
    await expect(fit(base({ params, batches, nonFinite: 'skip', onStep: keep }))).rejects.toThrow('killed')
    expect(from!.skipped).toBe(1)
    expect(await train({ params, batches, nonFinite: 'skip', from: from! })).toEqual(whole)
  })

  it('is found in a curvature, in the weights at the start, and in the weights at the end', async () => {
    const broken: GradientStep<Float32Array> = {
      ...bowl(),
      run: async (params, batch) => {
        const result = await bowl().run(params, batch)
        const curvature = { ...result.signals!['curvature'], matrix: new Float32Array(18).fill(Infinity) }
        return { ...result, signals: { curvature } }
      },
    }
    const params = start()
    await expect(
      fit(base({ params, gradientStep: broken, method: lotion({ format, fisher: exact() }) })),
    ).rejects.toThrow("a curvature of 'matrix' that is not finite")
    expect(params).toEqual(start())
    await expect(fit(base({ gradientStep: broken, steps: 1 }))).resolves.toBeDefined()
    await expect(fit(base({ params: { ...start(), bias: Float32Array.of(0, NaN, 0, 0) } }))).rejects.toThrow(
      'params: expected finite weights, found others in bias before training',
    )
    const explosive: Transformation = defineTransformation({
      name: 'explosive',
      update: ({ update }) => ({ update: update.div(0) }),
    })
    await expect(fit(base({ optimizer: explosive, steps: 1 }))).rejects.toThrow(
      /params: expected finite weights, found others in .* after training: .* lower the learning rate/,
    )
    await expect(fit(base({ optimizer: explosive, steps: 2 }))).rejects.toThrow(
      /step 2: .*the weights of matrix, bias overflowed in an earlier step/,
    )
  })
})

describe('options', () => {
  const expectRefusal = (overrides: Partial<FitOptions<Float32Array>>, message: string): Promise<void> =>
    expect(fit(base(overrides))).rejects.toThrow(message)
  const state = {}

  it('are refused by name before the first step', async () => {
    for (const steps of [0, -1, 1.5, Number.NaN])
      await expectRefusal({ steps }, `steps: expected a positive whole number, found ${steps}`)
    await expectRefusal(
      { params: { matrix: new Float32Array(18) } },
      "params: 'bias' is missing; present: matrix",
    )
    await expectRefusal(
      { quantize: byName({ include: /decoder/ }) },
      'quantize: the rule matches no parameter; there are: matrix, bias',
    )
    await expectRefusal(
      { from: { step: 13, state } },
      'from.step: expected a whole number from 0 to 12 (steps), found 13',
    )
    await expectRefusal(
      { from: { step: '10' as never, state } },
      "from.step: expected a whole number from 0 to 12 (steps), found the text '10'",
    )
    for (const seed of [Number.NaN, -1, 0.5, '4' as never])
      await expectRefusal({ seed }, 'seed: expected a whole number from 0 to 2^53 − 1, found ')
    await expectRefusal(
      { skiplimit: 3 } as never,
      "fit: unknown option 'skiplimit', did you mean 'skipLimit'?; options: params, shapes,",
    )
    await expectRefusal({ skipLimit: 0 }, 'skipLimit: expected a whole number of at least 1, found 0')
    await expectRefusal(
      { nonFinite: 'ignore' as never },
      "nonFinite: expected 'refuse' or 'skip', found 'ignore'",
    )
    await expectRefusal(
      { from: { step: 2, skipped: 3, state } },
      'from.skipped: expected a whole number from 0 to 2 (from.step), found 3',
    )
    await expectRefusal(
      { from: { step: 2, state, skiped: 1 } as never },
      "from: unknown option 'skiped', did you mean 'skipped'?; options: step, skipped, state,",
    )
    await expectRefusal({ from: { step: 2, state } }, 'state: expected parameters bias, matrix, found none')
    await expectRefusal(
      { from: { step: 2, state: null as never } },
      'state: expected slots by parameter, found null',
    )
  })

  it('of which a learning rate or λ goes astray are refused at their step, with weights untouched', async () => {
    const params = start()
    const astray = sgd({ learningRate: ({ step }) => (step < 1 ? 0 : Number.NaN) })
    await expectRefusal(
      { params, optimizer: astray },
      'learningRate: expected a finite number of at least 0, found NaN; from its schedule at step 2 of 12',
    )
    expect(params).toEqual(start())
  })

  it('that ask for a Fisher the gradient step does not deliver are refused', async () => {
    const plainStep: GradientStep<Float32Array> = {
      ...bowl(),
      run: async (params, batch) => {
        const { loss, terms, gradients } = await bowl().run(params, batch)
        return { loss, terms, gradients }
      },
    }
    await expectRefusal(
      { gradientStep: plainStep, method: lotion({ format, fisher: exact() }) },
      "needs the signal 'curvature' for 'matrix'",
    )
    const { delivers: _delivers, ...silent } = plainStep
    await expectRefusal(
      { gradientStep: silent, method: lotion({ format, fisher: exact() }) },
      "smoothing · adamw: needs the signal 'curvature', one value a weight, which 'bowl' does not deliver (it delivers gradient); " +
        'choose another Fisher estimate',
    )
    await expectRefusal(
      { method: lotion({ format, fisher: adamSecondMoment() }), optimizer: sgd({ learningRate: 1 }) },
      "smoothing: needs 'adamw.v'",
    )
  })

  it('of a gradient step that averages no loss terms are refused, whether or not the method asks for them', async () => {
    for (const terms of [0, -3, 1.5, Number.NaN]) {
      const gradientStep: GradientStep<Float32Array> = {
        ...bowl(),
        run: async (params, batch) => ({ ...(await bowl().run(params, batch)), terms }),
      }
      const params = start()
      for (const method of [ptq({ format }), lotion({ format })])
        await expectRefusal(
          { params, gradientStep, method },
          `terms: expected a positive whole number, found ${terms}`,
        )
      expect(params).toEqual(start())
    }
  })

  it('stop before any work if the signal is already aborted', async () => {
    const params = start()
    await expectRefusal({ params, signal: AbortSignal.abort(new Error('stopped')) }, 'stopped')
    expect(params).toEqual(start())
  })
})
