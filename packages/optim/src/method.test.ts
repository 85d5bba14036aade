import {
  blockOf,
  castNearest,
  evaluate,
  layoutOf,
  normals,
  type Lane,
  type StepInfo,
  type Transformation,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, withBlock } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { adamw } from './adamw.js'
import { cage, type CageOptions } from './cage.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { lotion } from './lotion.js'
import { lsq } from './lsq.js'
import { defineMethod, withMethod } from './method.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { byName, everything } from './quantize-rule.js'
import { rat } from './rat.js'
import { linear } from './schedule.js'
import { sgd } from './sgd.js'
import { defineTransformation } from './define-transformation.js'
import { chain, resolved } from './transformation.js'
import { stepLanes } from './step-forms.js'
import { createUpdater } from './updater.js'

const format = withBlock(int4, blockOf(4))
const matrix = { name: 'matrix', shape: [2, 6] }
const layout = layoutOf(matrix.shape, format.block)
const w = Float64Array.from(normals({ seed: 11, stream: 'w' }, 12))
const gradient = Float64Array.from(normals({ seed: 11, stream: 'g' }, 12))

/** Weights after one step from zero state, in f64. */
function stepped(transformation: Transformation, at: { step: number; steps: number }): Float64Array {
  const part = resolved(transformation, matrix)!
  const slots = Object.fromEntries(part.slots.map((slot) => [slot, new Float64Array(12)]))
  const inputs = { w, gradient, ...slots, ...part.scalars({ ...at, terms: 1 }) }
  return evaluate([{ fn: stepLanes(part), inputs, layout }])[0]!.w!
}

describe('cage', () => {
  const cast = evaluate([{ fn: castNearest(format), inputs: { w }, layout }])[0]!.w!
  const optimizer = sgd({ learningRate: 0.1 })
  const after = (options: Partial<CageOptions>, step: number, steps: number): Float64Array =>
    stepped(withMethod(cage({ format, ...options }), optimizer, byName()), { step, steps })

  it('adds −lr · λ_t · (w − cast w) to the update, λ_t from 0 at the end of the silence to λ at the last step', () => {
    // λ_t by t / T with silence .5 of 10 steps: 0 up to t = 5, then fifths.
    const strengths = [0, 0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1]
    strengths.forEach((strength, step) => {
      after({ lambda: 3, silence: 0.5 }, step, 10).forEach((value, i) => {
        const expected = w[i]! - 0.1 * (gradient[i]! + 3 * strength * (w[i]! - cast[i]!))
        expect(Math.abs(value - expected)).toBeLessThan(1e-14)
      })
    })
  })

  it('is silent for four fifths of the run and of strength 1 by default', () => {
    expect(after({}, 7, 10)).toEqual(stepped(chain(optimizer), { step: 7, steps: 10 }))
    expect(after({}, 9, 10)).toEqual(after({ lambda: 1, silence: 0.8 }, 9, 10))
    expect(after({ lambda: 0 }, 9, 10)).toEqual(stepped(chain(optimizer), { step: 9, steps: 10 }))
  })

  it('follows the learning rate of the part that steps, wherever it stands and whatever it is called', () => {
    const falling = linear(1, 0)
    const doubled = chain(
      sgd({ learningRate: falling }),
      defineTransformation({ name: 'double', update: ({ update }) => ({ update: update.mul(2) }) }),
    )
    const pulled = stepped(withMethod(cage({ format, silence: 0 }), doubled, byName()), { step: 1, steps: 3 })
    pulled.forEach((value, i) => {
      // Learning rate ½, λ_t = ⅔.
      expect(Math.abs(value - (w[i]! - gradient[i]! - (0.5 * 2 * (w[i]! - cast[i]!)) / 3))).toBeLessThan(
        1e-14,
      )
    })
    const twice = withMethod(cage({ format }), sgd({ learningRate: 0.1 }), byName(), [
      sgd({ learningRate: 1 }),
    ])
    expect(resolved(twice, matrix)!.parts!.at(-1)!.borrows).toEqual({ rate: 'sgd#2.rate' })
  })

  it('borrows the step size that a stranger declares, whatever its scalars are called', () => {
    const stranger = { scalars: ({ step }: StepInfo) => ({ rate: 0.1, step: step + 1 }) }
    const update = ({ update: g, rate }: { update: Lane; rate: Lane }) => ({ update: g.mul(rate.mul(-1)) })
    const four = { shapes: { w: [4] }, executor: cpuExecutor() }
    const after = (optimizer: Transformation): readonly number[] => {
      const transformation = withMethod(cage({ format, silence: 0 }), optimizer, everything)
      const [params, updater] = [
        { w: Float32Array.of(1, 2.2, 3.3, 7) },
        createUpdater({ transformation, ...four }),
      ]
      const result = { loss: 0, terms: 1, gradients: { w: new Float32Array(4) } }
      updater.step(params, updater.init(), result, { step: 4, steps: 5, atPoint: true })
      return Array.from(params.w)
    }
    const mine = after(defineTransformation({ ...stranger, name: 'mine', stepSize: 'rate', update }))
    expect(mine).toEqual(after(sgd({ learningRate: 0.1 })))
    // w − .1 · 1 · (w − cast w), casts 1, 2, 3, 7: within the rounding of 3.3 to f32 and three operations, an
    // ulp of 2 each at most.
    ;[1, 2.18, 3.27, 7].forEach((w, i) => expect(Math.abs(mine[i]! - w)).toBeLessThan(4 * 2 ** -22))
    expect(() => after(defineTransformation({ ...stranger, name: 'mine', update }))).toThrow(
      "cage: 'w': needs the step size of the optimizer, which 'mine' does not declare; name the scalar that holds its learning rate, such as stepSize: 'rate'",
    )
  })

  it('refuses options out of range, and an optimizer without a learning rate', () => {
    expect(() => cage({ format, lambda: -1 })).toThrow(
      'lambda: expected a finite number of at least 0, found -1',
    )
    expect(() => cage({ format, silence: 1 })).toThrow('silence: expected a number in [0, 1), found 1')
    expect(() =>
      stepped(withMethod(cage({ format }), clipByGlobalNorm(1), byName()), { step: 0, steps: 1 }),
    ).toThrow("cage: 'matrix': needs the step size of the optimizer, which 'clip' does not declare")
  })
})

describe('withMethod', () => {
  it('refuses an optimizer that has a method already: its point would be lost', () => {
    const trained = withMethod(qat({ format: int4 }), sgd({ learningRate: 1 }), everything)
    expect(() => withMethod(ptq({ format: int4 }), trained, everything)).toThrow(
      /^optimizer: expected a transformation without a method, found '.*', which trains for a format already/,
    )
    expect(() => withMethod(ptq({ format: int4 }), sgd({ learningRate: 1 }), everything, [trained])).toThrow(
      /^before: expected a transformation without a method/,
    )
  })

  const optimizer = chain(adamw({ learningRate: 0.1 }))
  const before = [clipByGlobalNorm(1)]

  it('stands clip, penalty, optimizer and correction in this order, the method on quantized parameters only', () => {
    const names = (name: string, method: Parameters<typeof withMethod>[0]): readonly string[] =>
      resolved(withMethod(method, optimizer, byName(), before), { name, shape: [2, 6] })!.parts!.map(
        (part) => part.name,
      )
    expect(names('matrix', lotion({ format }))).toEqual(['clip', 'smoothing', 'adamw'])
    expect(names('embedding', lotion({ format }))).toEqual(['clip', 'adamw'])
    expect(names('matrix', cage({ format }))).toEqual(['clip', 'adamw', 'cage'])
    expect(names('embedding', cage({ format }))).toEqual(['clip', 'adamw'])
    for (const method of [ptq({ format }), qat({ format }), rat({ format })])
      expect(names('matrix', method)).toEqual(['clip', 'adamw'])
  })

  it('fuses with any executor: one step of every method on a mixed model', () => {
    const shapes = { matrix: [2, 6], bias: [3] }
    for (const method of [ptq, qat, lsq, rat, lotion, cage].map((make) => make({ format }))) {
      const updater = createUpdater({
        transformation: withMethod(method, optimizer, byName(), before),
        shapes,
        executor: cpuExecutor(),
      })
      const params = { matrix: Float32Array.from(w), bias: Float32Array.of(1, 2, 3) }
      updater.step(
        params,
        updater.init(params),
        { loss: 0, terms: 1, gradients: { matrix: Float32Array.from(gradient), bias: new Float32Array(3) } },
        { step: 0, steps: 1, atPoint: true },
      )
      expect([...params.bias]).toEqual([1, 2, 3])
      expect(params.matrix.every((value, i) => value !== Math.fround(w[i]!))).toBe(true)
    }
  })
})

describe('methods', () => {
  it('are frozen and tell what was chosen', () => {
    const method = lotion({ format, lambda: linear(0, 1), scaleGradient: false })
    expect(method.settings).toEqual({
      noise: 'randomized-rounding',
      fisher: 'empirical',
      lambda: 'schedule',
      scaleGradient: false,
    })
    expect(rat({ format }).settings).toEqual({ noise: 'randomized-rounding' })
    expect(Object.isFrozen(method) && Object.isFrozen(method.settings)).toBe(true)
    expect(Object.isFrozen(defineMethod({ name: 'x', format }).settings)).toBe(true)
  })
})
