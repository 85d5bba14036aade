import { blockOf, mapTree, normals, type Batch, type GradientStep, type Transformation, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { adamSecondMoment, empirical, exact } from '@lotion/fisher'
import { castNearest, castSample, int4, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { adamw } from './adamw.js'
import { cage } from './cage.js'
import { castTree } from './cast-tree.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { fit, type FitOptions, type ResumePoint, type StepEvent } from './fit.js'
import { lotion } from './lotion.js'
import type { Method } from './method.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { byName } from './quantize-rule.js'
import { rat } from './rat.js'
import { cosine, linear } from './schedule.js'
import { sgd } from './sgd.js'
import { chain, defineTransformation } from './transformation.js'
import { createUpdater } from './updater.js'

const executor = cpuExecutor()
const format = withBlock(int4, blockOf(4))
const shapes = { matrix: [3, 6], bias: [4] }
const start = (): Tree<Float32Array> => ({ matrix: normals({ seed: 1, stream: 'matrix' }, 18), bias: normals({ seed: 1, stream: 'bias' }, 4) })
const axes = new Map([['matrix', -1]])

/** Batches of noise, drawn by step; `spoiled` steps hold a NaN in the given parameter's noise. */
const batchesOf = (spoiled: readonly number[] = [], name = 'bias') => (step: number): Batch => {
  const noise = (stream: string, size: number): Float32Array => normals({ seed: 9, stream, step }, size)
  const batch = { matrix: noise('matrix', 18), bias: noise('bias', 4) }
  if (spoiled.includes(step)) batch[name === 'bias' ? 'bias' : 'matrix'][1] = Number.NaN
  return { matrix: { data: batch.matrix, shape: [3, 6] }, bias: { data: batch.bias, shape: [4] } }
}

/** ½ Σ (w − noise)²: gradient w − noise, curvature 1. Remembers the points it was asked for. */
function bowl(points: Tree<Float32Array>[] = []): GradientStep<Float32Array> {
  return {
    name: 'bowl',
    run: (params, batch) => {
      points.push(mapTree(params, (w) => w.slice()))
      const gradients = mapTree(params, (w, name) => w.map((value, i) => value - batch[name]!.data[i]!))
      const loss = Object.values(gradients).reduce((sum, g) => g.reduce((s, v) => s + (v * v) / 2, sum), 0)
      return Promise.resolve({ loss, terms: 8, gradients, curvature: mapTree(params, (w) => w.map(() => 1)) })
    },
    close: () => Promise.resolve(),
  }
}

const base = (overrides: Partial<FitOptions<Float32Array>> = {}): FitOptions<Float32Array> => ({
  params: start(),
  shapes,
  gradientStep: bowl(),
  batches: batchesOf(),
  method: ptq({ format }),
  quantize: byName(),
  optimizer: adamw({ learningRate: cosine(0.1, { warmup: 0.2 }), weightDecay: 0.1 }),
  before: [clipByGlobalNorm(3)],
  steps: 12,
  seed: 4,
  executor,
  ...overrides,
})

/** The trained weights' bits: equal only if every bit is, signs of zeros included. */
async function train(overrides: Partial<FitOptions<Float32Array>> = {}): Promise<Tree<readonly number[]>> {
  const options = base(overrides)
  await fit(options)
  return mapTree(options.params, bitsOf)
}

const bitsOf = (w: Float32Array): readonly number[] => Array.from(new Uint32Array(w.buffer, w.byteOffset, w.length))

const methods: readonly Method[] = [
  ptq({ format }),
  qat({ format }),
  rat({ format }),
  lotion({ format }),
  lotion({ format, fisher: adamSecondMoment() }),
  lotion({ format, fisher: exact(), lambda: linear(0, 1) }),
  cage({ format, silence: 0.5 }),
]

describe('fit', () => {
  it('is plain training with PTQ, bit for bit, and with LOTION at λ = 0', async () => {
    const trained = await train()
    const params = start()
    const transformation = chain(clipByGlobalNorm(3), adamw({ learningRate: cosine(0.1, { warmup: 0.2 }), weightDecay: 0.1 }))
    const updater = createUpdater({ transformation, shapes, axes: new Map(), executor })
    const state = updater.init()
    for (let step = 0; step < 12; step++) updater.step(params, state, await bowl().run(params, batchesOf()(step)), { step, steps: 12 })
    expect(mapTree(params, bitsOf)).toEqual(trained)
    for (const fisher of [empirical(), adamSecondMoment(), exact()]) {
      expect(await train({ method: lotion({ format, lambda: 0, fisher }) })).toEqual(trained)
    }
    expect(await train({ method: lotion({ format, lambda: 1 }) })).not.toEqual(trained)
  })

  it('with plain gradient descent and PTQ makes the steps w ← w − lr · g in f32', async () => {
    const w = start()
    for (let step = 0; step < 5; step++) {
      const { matrix, bias } = batchesOf()(step)
      // update = g · (−lr), then w + update; each operation rounds to f32 once.
      const descend = (x: number, noise: number): number => Math.fround(x + Math.fround(Math.fround(x - noise) * Math.fround(-0.1)))
      w.matrix!.set(w.matrix!.map((x, i) => descend(x, matrix!.data[i]!)))
      w.bias!.set(w.bias!.map((x, i) => descend(x, bias!.data[i]!)))
    }
    const params = start()
    await fit(base({ params, optimizer: sgd({ learningRate: 0.1 }), before: [], steps: 5 }))
    expect(params).toEqual(w)
  })

  it('asks for the gradient at the weights, at their cast, or at a draw keyed by seed and step', async () => {
    const points: Tree<Float32Array>[] = []
    const kept: Tree<Float32Array>[] = [start()]
    const trace = async (method: Method): Promise<void> => {
      points.length = 0
      kept.length = 1
      await fit(base({ method, steps: 4, gradientStep: bowl(points), onStep: ({ params }) => void kept.push(mapTree(params, (w) => w.slice())) }))
    }
    const castAt = (step: number, cast: ReturnType<typeof castNearest> | ReturnType<typeof castSample>): Tree<Float32Array> =>
      castTree({ executor, format, cast, params: kept[step]!, shapes, axes, seed: 4, step })
    for (const method of [ptq({ format }), lotion({ format })]) {
      await trace(method)
      points.forEach((point, step) => expect(point).toEqual(kept[step]))
    }
    for (const method of [qat({ format }), cage({ format })]) {
      await trace(method)
      points.forEach((point, step) => expect(point).toEqual(castAt(step, castNearest(format))))
    }
    await trace(rat({ format }))
    points.forEach((point, step) => expect(point).toEqual(castAt(step, castSample(format, randomizedRounding))))
    expect(points[1]).not.toEqual(castTree({ executor, format, cast: castSample(format, randomizedRounding), params: kept[1]!, shapes, axes, seed: 4, step: 0 }))
    // Only quantized parameters are cast.
    expect(points[2]!.bias).toEqual(kept[2]!.bias)
  })

  it.each(methods.map((method) => [`${method.name} ${String(method.settings['fisher'] ?? '')}`, method] as const))(
    'gives the same bits twice, and after a kill and a resume: %s',
    async (_, method) => {
      const whole = await train({ method })
      expect(await train({ method })).toEqual(whole)
      const stop = new AbortController()
      let stored = ''
      const store = ({ step, skipped, state, params }: StepEvent<Float32Array>): void => {
        if (step < 5) return
        stored = JSON.stringify({ step, skipped, params: plain({ params }), state: plain(state) })
        stop.abort(new Error('killed'))
      }
      await expect(train({ method, onStep: store, signal: stop.signal })).rejects.toThrow('killed')
      const { step, skipped, params, state } = JSON.parse(stored) as Stored
      expect(step).toBe(5)
      const from: ResumePoint<Float32Array> = { step, skipped, state: restored(state) }
      expect(await train({ method, params: restored(params).params!, from })).toEqual(whole)
    },
  )

  it('resumes at the end as a run that is done', async () => {
    const whole = await train()
    const options = base()
    const state = await fit(options)
    const done = { step: 12, state }
    expect(await train({ params: options.params, from: done })).toEqual(whole)
  })

  it('reports every step: count, loss before the update, norm of the raw gradient', async () => {
    const events: StepEvent<Float32Array>[] = []
    await fit(base({ steps: 3, onStep: (event) => void events.push(event) }))
    expect(events.map(({ step, steps, skipped }) => [step, steps, skipped])).toEqual([[1, 3, 0], [2, 3, 0], [3, 3, 0]])
    // The bowl's loss is half its squared gradient; the norm is a sum in f64 of squares rounded to f32.
    for (const { loss, gradientNorm } of events) expect(Math.abs(gradientNorm ** 2 / 2 / loss - 1)).toBeLessThan(2 ** -20)
    expect(events[0]!.gradientNorm).toBeGreaterThan(3)
  })
})

describe('what is not finite', () => {
  it('is refused by name, with weights and state untouched', async () => {
    const params = start()
    const trained = start()
    let state: Tree<Tree<Float32Array>> = {}
    await fit(base({ params: trained, steps: 12, batches: batchesOf(), onStep: ({ step }) => (step === 3 ? Promise.reject(new Error('enough')) : undefined) })).catch(() => undefined)
    const failing = fit(base({ params, batches: batchesOf([3], 'matrix'), onStep: (event) => void (state = event.state) }))
    await expect(failing).rejects.toThrow(
      "step 4: expected a finite loss and gradient, found loss NaN, a gradient of 'matrix' that is not finite or overflows when squared; the weights are those of the step before.",
    )
    expect(params).toEqual(trained)
    expect(Object.values(state).flatMap((slots) => Object.values(slots)).every((slot) => slot.every(Number.isFinite))).toBe(true)
  })

  it('is skipped and counted if so configured, as if the run were a step shorter', async () => {
    const events: StepEvent<Float32Array>[] = []
    const skipping = await train({ batches: batchesOf([0, 4, 11]), nonFinite: 'skip', onStep: (event) => void events.push(event) })
    expect(events.map(({ skipped }) => skipped)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3])
    expect(Object.values(skipping).flat().every((bits) => (bits & 0x7f800000) !== 0x7f800000)).toBe(true)
    // Skipping only the last step of 12 leaves what 11 steps of the same schedule leave: nothing was touched.
    const whole = start()
    await fit(base({ params: whole, onStep: ({ step }) => (step === 11 ? Promise.reject(new Error('enough')) : undefined) })).catch(() => undefined)
    const params = start()
    await fit(base({ params, batches: batchesOf([11]), nonFinite: 'skip' }))
    expect(params).toEqual(whole)
    // Skipping the first step is the run of 11 steps on the batches that follow: bias corrections count updates.
    const shorter = start()
    await fit(base({ params: shorter, steps: 11, batches: (step) => batchesOf()(step + 1) }))
    const later = start()
    await fit(base({ params: later, batches: batchesOf([0]), nonFinite: 'skip' }))
    expect(later).toEqual(shorter)
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
        return { ...result, curvature: { ...result.curvature, matrix: new Float32Array(18).fill(Infinity) } }
      },
    }
    const params = start()
    await expect(fit(base({ params, gradientStep: broken, method: lotion({ format, fisher: exact() }) }))).rejects.toThrow(
      "a curvature of 'matrix' that is not finite",
    )
    expect(params).toEqual(start())
    await expect(fit(base({ gradientStep: broken, steps: 1 }))).resolves.toBeDefined()
    await expect(fit(base({ params: { ...start(), bias: Float32Array.of(0, NaN, 0, 0) } }))).rejects.toThrow(
      'params: expected finite weights, found others in bias before training',
    )
    const explosive: Transformation = defineTransformation({ name: 'explosive', update: ({ update }) => ({ update: update!.div(0) }) })
    await expect(fit(base({ optimizer: explosive, steps: 1 }))).rejects.toThrow(/params: expected finite weights, found others in .* after training: .* lower the learning rate/)
    await expect(fit(base({ optimizer: explosive, steps: 2 }))).rejects.toThrow(/step 2: .*the weights of matrix, bias overflowed in an earlier step/)
  })
})

describe('options', () => {
  const failing = (overrides: Partial<FitOptions<Float32Array>>) => expect(fit(base(overrides))).rejects
  const state = {}

  it('are refused by name before the first step', async () => {
    for (const steps of [0, -1, 1.5, Number.NaN]) await failing({ steps }).toThrow(`steps: expected a positive whole number, found ${steps}`)
    await failing({ params: { matrix: new Float32Array(18) } }).toThrow("params: 'bias' is missing; present: matrix")
    await failing({ quantize: byName({ include: /decoder/ }) }).toThrow('quantize: the rule matches no parameter; there are: matrix, bias')
    await failing({ from: { step: 13, state } }).toThrow('from.step: expected a whole number from 0 to 12 (steps), found 13')
    await failing({ from: { step: 2, skipped: 3, state } }).toThrow('from.skipped: expected a whole number from 0 to 2 (from.step), found 3')
    await failing({ from: { step: 2, state } }).toThrow('state: expected parameters bias, matrix, found none')
  })

  it('of which a learning rate or λ goes astray are refused at their step, with weights untouched', async () => {
    const params = start()
    const astray = sgd({ learningRate: ({ step }) => (step < 1 ? 0 : Number.NaN) })
    await failing({ params, optimizer: astray }).toThrow('learningRate: expected a finite number of at least 0, found NaN; from its schedule at step 2 of 12')
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
    await failing({ gradientStep: plainStep, method: lotion({ format, fisher: exact() }) }).toThrow("needs the signal 'curvature' for 'matrix'")
    await failing({ method: lotion({ format, fisher: adamSecondMoment() }), optimizer: sgd({ learningRate: 1 }) }).toThrow("smoothing: needs 'adamw.v'")
  })

  it('stop before any work if the signal is already aborted', async () => {
    const params = start()
    await failing({ params, signal: AbortSignal.abort(new Error('stopped')) }).toThrow('stopped')
    expect(params).toEqual(start())
  })
})

type PlainTree = Record<string, Record<string, readonly number[]>>
interface Stored {
  readonly step: number
  readonly skipped: number
  readonly params: PlainTree
  readonly state: PlainTree
}
const plain = (state: Tree<Tree<Float32Array>>): PlainTree => mapTree(state, (slots) => mapTree(slots, (slot) => Array.from(slot)) as Record<string, number[]>)
const restored = (state: PlainTree): Tree<Tree<Float32Array>> => mapTree(state, (slots) => mapTree(slots, (slot) => Float32Array.from(slot)))
