import {
  blockOf,
  evaluate,
  layoutOf,
  normals,
  type GradientResult,
  type Shape,
  type Transformation,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { empirical, exact } from '@lotion/fisher'
import { int4, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { adamw } from './adamw.js'
import { lotion } from './lotion.js'
import { withMethod } from './method.js'
import { byName, everything } from './quantize-rule.js'
import { sgd } from './sgd.js'
import { smoothing } from './smoothing.js'
import { defineTransformation } from './define-transformation.js'
import { chain, quantized, resolved } from './transformation.js'
import { stepLanes } from './step-forms.js'
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

describe('createUpdater', () => {
  const transformation = withMethod(
    lotion({ format }),
    adamw({ learningRate: 0.1, weightDecay: 0.1 }),
    byName(),
  )
  const updater = createUpdater({ transformation, shapes, executor })

  it('names its slots by part, only where the part applies', () => {
    expect(updater.slots).toEqual({
      matrix: ['smoothing.squares', 'adamw.m', 'adamw.v'],
      vector: ['adamw.m', 'adamw.v'],
    })
    expect(updater.needs).toEqual([{ name: 'gradient' }])
    expect(
      createUpdater({ transformation: adamw({ learningRate: 1 }), shapes, executor }).slots.vector,
    ).toEqual(['adamw.m', 'adamw.v'])
  })

  it('makes the state near the parameters', () => {
    const near: (Float32Array | undefined)[] = []
    const watched = {
      ...executor,
      zeros: (shape: Shape, by?: Float32Array) => {
        near.push(by)
        return executor.zeros(shape, by)
      },
    }
    const w = params()
    createUpdater({ transformation, shapes, executor: watched }).init(w)
    const names = near.map((by) => Object.entries(w).find(([, array]) => array === by)?.[0])
    expect(names).toEqual(['matrix', 'matrix', 'matrix', 'vector', 'vector'])
  })

  it('equals the f32 twin of the whole formula bit for bit, in place', () => {
    const [w, state] = [params(), updater.init()]
    const kept = [w.matrix, state.matrix!['adamw.v']]
    let twin: Record<string, ArrayLike<number>> = {
      w: params().matrix,
      'smoothing.squares': new Float32Array(30),
      'adamw.m': new Float32Array(30),
      'adamw.v': new Float32Array(30),
    }
    const part = resolved(transformation, { name: 'matrix', shape: shapes.matrix })!
    for (let step = 0; step < 3; step++) {
      updater.step(w, state, result, { step, steps: 3 })
      const inputs = { ...twin, gradient: gradients.matrix, ...part.scalars({ step, steps: 3, terms: 16 }) }
      twin = evaluate(
        [{ fn: stepLanes(part), inputs, layout: layoutOf(shapes.matrix, blockOf(4)) }],
        'f32',
      )[0]!
    }
    expect([w.matrix, state.matrix!['adamw.v']].every((array, i) => array === kept[i])).toBe(true)
    expect(Array.from(w.matrix)).toEqual(Array.from(twin['w']!))
    for (const [slot, array] of Object.entries(state.matrix!))
      expect(Array.from(array)).toEqual(Array.from(twin[slot]!))
  })

  it.each([0, 1, [0, 1]] as const)('runs the penalty along the axis of the rule, as casts do: %s', (axis) => {
    const rule = byName({ axis })
    const penalized = withMethod(lotion({ format }), sgd({ learningRate: 0.1 }), rule)
    const along = createUpdater({ transformation: penalized, shapes, executor })
    const [w, state] = [params(), along.init()]
    along.step(w, state, result, { step: 0, steps: 2 })
    const part = resolved(penalized, { name: 'matrix', shape: shapes.matrix })!
    const inputs = {
      w: params().matrix,
      gradient: gradients.matrix,
      'smoothing.squares': new Float32Array(30),
      ...part.scalars({ step: 0, steps: 2, terms: 16 }),
    }
    const layout = layoutOf(shapes.matrix, blockOf(4), axis)
    expect(w.matrix).toEqual(
      Float32Array.from(evaluate([{ fn: stepLanes(part), inputs, layout }], 'f32')[0]!['w']!),
    )
  })

  it('refuses blocks along an axis that nobody told, and parts along different axes', () => {
    const bare = smoothing({ format, noise: randomizedRounding, fisher: empirical(), lambda: 1 })
    const optimizer = sgd({ learningRate: 0.1 })
    const compile = (transformation: Transformation) => () =>
      createUpdater({ transformation, shapes, executor })
    expect(compile(chain(bare, optimizer))).toThrow(
      "runs over blocks of 4, and nothing says along which axis of 'matrix' [3, 10]; join it by withMethod, or wrap the part: quantized(rule, part)",
    )
    expect(compile(chain(quantized(byName({ axis: 0 }), bare), optimizer))).not.toThrow()
    const two = chain(quantized(byName({ axis: 0 }), bare), quantized(byName(), bare), optimizer)
    expect(compile(two)).toThrow(
      "chain: the blocks of 'smoothing' run along 0, those of 'smoothing#2' along -1; one pass has one kind of blocks: give both the same rule",
    )
  })

  it('makes a state that survives storage as plain data', () => {
    const state = updater.init()
    updater.step(params(), state, result, { step: 0, steps: 2 })
    expect(structuredClone(state)).toEqual(state)
  })

  it('starts slots from given values, copied, and checks their sizes', () => {
    const diagonal = { matrix: new Float32Array(30).fill(2) }
    const penalized = withMethod(
      lotion({ format, fisher: exact(diagonal) }),
      sgd({ learningRate: 0.1 }),
      byName(),
    )
    const state = createUpdater({ transformation: penalized, shapes, executor }).init()
    expect(state.matrix!['smoothing.diagonal']).toEqual(diagonal.matrix)
    expect(state.matrix!['smoothing.diagonal']).not.toBe(diagonal.matrix)
    const short = withMethod(
      lotion({ format, fisher: exact({ matrix: new Float32Array(3) }) }),
      sgd({ learningRate: 0.1 }),
      byName(),
    )
    expect(() => createUpdater({ transformation: short, shapes, executor }).init()).toThrow(
      "smoothing.diagonal: 'matrix': expected 30 values, found 3",
    )
    const unmasked = withMethod(
      lotion({ format, fisher: exact(diagonal) }),
      sgd({ learningRate: 0.1 }),
      everything,
    )
    expect(() => createUpdater({ transformation: unmasked, shapes, executor }).init()).toThrow(
      "smoothing.diagonal: 'vector' is missing; present: matrix",
    )
  })

  it('names a signal that the gradient step does not deliver', () => {
    const penalized = withMethod(lotion({ format, fisher: exact() }), sgd({ learningRate: 0.1 }), byName())
    const needy = createUpdater({ transformation: penalized, shapes, executor })
    const w = params()
    expect(() => needy.step(w, needy.init(), result, { step: 0, steps: 1 })).toThrow(
      "needs the signal 'curvature' for 'matrix', which this gradient step does not deliver; choose another Fisher estimate, such as empirical()",
    )
    expect(w).toEqual(params())
  })

  it('refuses a scalar that is not finite before it writes anything', () => {
    const w = params()
    const state = updater.init()
    for (const terms of [Number.NaN, 0, -3, 0.5, Infinity, '8' as never])
      expect(() => updater.step(w, state, { ...result, terms }, { step: 4, steps: 9 })).toThrow(
        `terms: expected a positive whole number, found ${terms}; a gradient step reports how many loss terms`,
      )
    const broken = defineTransformation({
      name: 'broken',
      scalars: () => ({ rate: Number.NaN }),
      update: ({ update, rate }) => ({ update: update.mul(rate) }),
    })
    const other = createUpdater({ transformation: broken, shapes, executor })
    expect(() => other.step(w, other.init(), result, { step: 0, steps: 1 })).toThrow(
      'broken.rate: expected a finite number at step 1 of 1, found NaN',
    )
    expect(w).toEqual(params())
    expect(state).toEqual(updater.init())
  })

  it('names what is missing among parameters, state and gradients', () => {
    const at = { step: 0, steps: 1 }
    expect(() => updater.step({ vector: new Float32Array(4) }, updater.init(), result, at)).toThrow(
      "params: 'matrix' is missing; present: vector",
    )
    expect(() => updater.step(params(), {}, result, at)).toThrow(
      "state: 'matrix' is missing; present: nothing",
    )
    expect(() => updater.step(params(), updater.init(), { ...result, gradients: {} }, at)).toThrow(
      "gradients: 'matrix' is missing",
    )
  })

  it('follows the number of loss terms from step to step: F does not depend on the batch size', () => {
    // Halving the batch doubles the squared gradient's mean and halves `terms`.
    const fisher = empirical({ beta: 0.5 })
    const squaresAfter = (terms: number, scale: number): Float32Array => {
      const t = withMethod(lotion({ format, fisher }), sgd({ learningRate: 0.1 }), byName())
      const u = createUpdater({ transformation: t, shapes, executor })
      const state = u.init()
      const scaled = { matrix: gradients.matrix.map((g) => g * scale), vector: gradients.vector }
      u.step(params(), state, { loss: 1, terms, gradients: scaled }, { step: 0, steps: 1 })
      return state.matrix!['smoothing.squares']!
    }
    expect(squaresAfter(4, 2)).toEqual(squaresAfter(16, 1))
  })
})
