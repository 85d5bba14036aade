import type { GradientResult, GradientStep } from '@lotion/core'
import { exact } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, bowl, executor, format, shapes, start } from '../test/bowl.js'
import { checkGradients, checkParams } from './check-arrays.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { sgd } from './sgd.js'
import { createUpdater } from './updater.js'

const foreign: readonly (readonly [unknown, string])[] = [
  [new Float64Array(18), 'a Float64Array'],
  [Array.from({ length: 18 }, () => 0), 'an Array'],
  [new Int8Array(18), 'an Int8Array'],
  [{ 0: 1 }, 'a plain object'],
  [3, '3'],
  [new Float32Array(17), '17 values'],
]
const said = "'matrix': expected a Float32Array of 18 values, shape [3, 6], found "

/** A gradient step whose result is changed. */
const changed = (change: (result: GradientResult<Float32Array>) => object): GradientStep<Float32Array> => ({
  ...bowl(),
  run: async ({ matrix, bias }, batch) => {
    const result = await bowl().run({ matrix: matrix!, bias: bias! }, batch)
    return { ...result, ...change(result) }
  },
})

describe('arrays of another kind are refused by name', () => {
  it.each(foreign)('weights: %o', async (array, found) => {
    const params = { ...start(), matrix: array as never }
    await expect(fit(base({ params }))).rejects.toThrow(`params: ${said}${found}`)
  })

  it.each(foreign)('gradients and curvatures, before anything is written: %o', async (array, found) => {
    const params = start()
    const method = lotion({ format, fisher: exact() })
    const broken = { ...start(), matrix: array as never }
    for (const [name, change] of [
      ['gradients', { gradients: broken }],
      ['curvature', { signals: { curvature: broken } }],
    ] as const) {
      const gradientStep = changed(() => change)
      await expect(fit(base({ params, gradientStep, method }))).rejects.toThrow(`${name}: ${said}${found}`)
    }
    const updater = createUpdater({ transformation: sgd({ learningRate: 1 }), shapes, executor })
    const result = { loss: 1, terms: 1, gradients: { ...start(), matrix: array as never } }
    expect(() => updater.step(params, updater.init(), result, { step: 0, steps: 1 })).toThrow(
      `gradients: ${said}${found}`,
    )
    expect(params).toEqual(start())
  })

  it('except those of an executor of its own kind', () => {
    class OnDevice {
      readonly id = 1
    }
    const own = { matrix: new OnDevice(), bias: new OnDevice() }
    checkParams(own, shapes)
    checkGradients({ loss: 1, terms: 1, gradients: own }, own, { shapes, needs: [] })
  })
})

describe('gradients', () => {
  const strayed = changed(({ gradients }) => ({ gradients: { ...gradients, matrx: new Float32Array(2) } }))

  it('of a parameter that nobody has are refused by name', async () => {
    const params = start()
    await expect(fit(base({ params, gradientStep: strayed }))).rejects.toThrow(
      "gradients: expected those of the parameters matrix, bias, found one of 'matrx', which is no parameter; give its weights and shape too",
    )
    const updater = createUpdater({ transformation: sgd({ learningRate: 1 }), shapes, executor })
    const result = { loss: 1, terms: 1, gradients: { ...start(), matrx: new Float32Array(2) } }
    expect(() => updater.step(params, updater.init(), result, { step: 0, steps: 1 })).toThrow(
      "found one of 'matrx'",
    )
    expect(params).toEqual(start())
  })

  it('of a parameter that is kept as it is may be there', async () => {
    const params = { ...start(), matrx: new Float32Array(2) }
    await fit(base({ params, gradientStep: strayed }))
    expect(params.matrx).toEqual(new Float32Array(2))
  })

  it('that are missing are refused by name', async () => {
    const gradientStep = changed(({ gradients: { matrix } }) => ({ gradients: { matrix } }))
    await expect(fit(base({ gradientStep }))).rejects.toThrow("gradients: 'bias' is missing; present: matrix")
  })
})
