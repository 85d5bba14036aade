// What an updater promises beyond the formula: the point of a method, slots that are kept, updates counted
// for each parameter.

import { blockOf, castNearest, normals, type GradientResult, type Transformation } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { defineFisher } from '@lotion/fisher'
import { int4, withBlock } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { adamw } from './adamw.js'
import { cage } from './cage.js'
import { castTree } from './cast-tree.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { lotion } from './lotion.js'
import { withMethod, type Method } from './method.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { byName, everything } from './quantize-rule.js'
import { rat } from './rat.js'
import { linear } from './schedule.js'
import { sgd } from './sgd.js'
import { defineTransformation } from './define-transformation.js'
import { chain, masked, quantized } from './transformation.js'
import { createUpdater } from './updater.js'

const shapes = { matrix: [3, 10], vector: [4] }
const executor = cpuExecutor()
const format = withBlock(int4, blockOf(4))
const params = () => ({
  matrix: normals({ seed: 5, stream: 'matrix' }, 30),
  vector: normals({ seed: 5, stream: 'vector' }, 4),
})
const gradients = {
  matrix: normals({ seed: 6, stream: 'matrix' }, 30),
  vector: normals({ seed: 6, stream: 'vector' }, 4),
}
const result: GradientResult<Float32Array> = { loss: 1, terms: 16, gradients }

describe('the point of a method', () => {
  const make = (transformation: Transformation) => createUpdater({ transformation, shapes, executor })
  const sgdOf = (method: Method) => withMethod(method, sgd({ learningRate: 0.1 }), byName())

  it('is known to the updater, also through chains and masks', () => {
    for (const transformation of [
      sgdOf(qat({ format })),
      chain(clipByGlobalNorm(1), sgdOf(qat({ format }))),
      masked(() => true, sgdOf(qat({ format }))),
      quantized(everything, sgdOf(qat({ format }))),
    ]) {
      const updater = make(transformation)
      expect(updater.point).toMatchObject({ method: 'qat', names: ['matrix'] })
      expect(updater.quantized).toMatchObject({ matrix: { method: 'qat', format, axis: -1 }, vector: null })
      const w = params()
      const at = updater.point!.at(w, { seed: 1, step: 0 })
      const cast = castTree({
        executor,
        format,
        cast: castNearest(format),
        params: w,
        shapes,
        axes: new Map([['matrix', -1]]),
      })
      expect(at).toEqual(cast)
      expect(at['vector']).toBe(w.vector)
    }
    for (const method of [ptq({ format }), lotion({ format })])
      expect(make(sgdOf(method)).point).toBeUndefined()
    // Masked away, nothing is cast.
    expect(
      make(
        chain(
          masked(() => false, sgdOf(qat({ format }))),
          sgd({ learningRate: 1 }),
        ),
      ).point,
    ).toBeUndefined()
  })

  it.each(['qat', 'rat', 'cage'] as const)(
    'of %s is honoured or refused: no step takes a gradient from elsewhere',
    (name) => {
      const updater = make(sgdOf({ qat, rat, cage }[name]({ format })))
      const [w, state] = [params(), updater.init()]
      expect(() => updater.step(w, state, result, { step: 0, steps: 2 })).toThrow(
        `${name}: expected a gradient taken at the method's point, found one taken elsewhere`,
      )
      expect(w).toEqual(params())
      updater.step(w, state, result, { step: 0, steps: 2, atPoint: true })
      expect(w.matrix).not.toEqual(params().matrix)
    },
  )

  it('is one for each parameter: two methods may share a model, not a parameter', () => {
    const two = (left: RegExp, right: RegExp): Transformation =>
      chain(
        masked(
          ({ name }) => left.test(name),
          withMethod(qat({ format }), sgd({ learningRate: 1 }), everything),
        ),
        masked(
          ({ name }) => right.test(name),
          withMethod(rat({ format }), sgd({ learningRate: 1 }), everything),
        ),
      )
    expect(make(two(/matrix/, /vector/)).quantized).toMatchObject({
      matrix: { method: 'qat' },
      vector: { method: 'rat' },
    })
    expect(() => make(two(/./, /vector/))).toThrow(
      "chain: 'vector' is trained by 'qat' for int4 and by 'rat' for int4; one parameter has one method",
    )
  })
})

describe('a slot that is never returned', () => {
  it('is refused by name: it would stay 0 in silence', () => {
    const forgot = defineTransformation({
      name: 'mine',
      slots: ['mean'],
      // @ts-expect-error the compiler says so too
      update: ({ update, mean }) => ({ update: mean.mul(0.9).add(update) }),
    })
    expect(() => createUpdater({ transformation: forgot, shapes, executor })).toThrow(
      "mine: expected the new value of its slot 'mean', found nothing; return it",
    )
    // Nothing is wrong with a slot that starts from given values and stays.
    const given = chain({ ...forgot, initial: { mean: params() } })
    expect(createUpdater({ transformation: given, shapes, executor }).slots.vector).toEqual(['mine.mean'])
  })

  it('of a Fisher too', () => {
    // @ts-expect-error nothing observes
    const fisher = defineFisher({ name: 'mine', slots: ['s'], diagonal: ({ s }) => s })
    const transformation = withMethod(lotion({ format, fisher }), sgd({ learningRate: 1 }), byName())
    expect(() => createUpdater({ transformation, shapes, executor })).toThrow(
      "fisher 'mine': expected the new value of its slot 's', found nothing",
    )
  })
})

describe('updates of single parameters', () => {
  it('count for their bias corrections, while schedules follow the run', () => {
    const rate = linear(0.1, 0)
    const transformation = withMethod(lotion({ format }), adamw({ learningRate: rate }), byName())
    const updater = createUpdater({ transformation, shapes, executor })
    const late = params()
    const at = { step: 5, steps: 9 }
    updater.step(late, updater.init(), result, { ...at, updates: { matrix: 0 } })
    // A first update at the rate of the sixth step.
    const constantRate = rate({ step: 5, steps: 9 })
    const first = createUpdater({
      transformation: withMethod(lotion({ format }), adamw({ learningRate: constantRate }), byName()),
      shapes,
      executor,
    })
    const expected = params()
    first.step(expected, first.init(), result, { step: 0, steps: 9 })
    expect(late.matrix).toEqual(expected.matrix)
    const old = params()
    updater.step(old, updater.init(), result, at)
    expect(late.vector).toEqual(old.vector)
    expect(late.matrix).not.toEqual(old.matrix)
  })
})
