import { castNearest, castSample, mapTree, type Tree } from '@lotion/core'
import { adamSecondMoment, empirical, exact } from '@lotion/fisher'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { base, batchesOf, bitsOf, bowl, executor, format, shapes, start, train } from '../test/bowl.js'
import { adamw } from './adamw.js'
import { cage } from './cage.js'
import { castTree } from './cast-tree.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { fit, type ResumePoint, type StepEvent } from './fit.js'
import { lotion } from './lotion.js'
import type { Method } from './method.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { rat } from './rat.js'
import { cosine, linear } from './schedule.js'
import { sgd } from './sgd.js'
import { chain } from './transformation.js'
import { createUpdater } from './updater.js'

const axes = new Map([['matrix', -1]])

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
    const transformation = chain(
      clipByGlobalNorm(3),
      adamw({ learningRate: cosine(0.1, { warmup: 0.2 }), weightDecay: 0.1 }),
    )
    const updater = createUpdater({ transformation, shapes, executor })
    const state = updater.init()
    for (let step = 0; step < 12; step++)
      updater.step(params, state, await bowl().run(params, batchesOf()(step)), { step, steps: 12 })
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
      const descend = (x: number, noise: number): number =>
        Math.fround(x + Math.fround(Math.fround(x - noise) * Math.fround(-0.1)))
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
      await fit(
        base({
          method,
          steps: 4,
          gradientStep: bowl(points),
          onStep: ({ params }) => void kept.push(mapTree(params, (w) => w.slice())),
        }),
      )
    }
    const castAt = (
      step: number,
      cast: ReturnType<typeof castNearest> | ReturnType<typeof castSample>,
    ): Tree<Float32Array> =>
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
    points.forEach((point, step) =>
      expect(point).toEqual(castAt(step, castSample(format, randomizedRounding))),
    )
    expect(points[1]).not.toEqual(
      castTree({
        executor,
        format,
        cast: castSample(format, randomizedRounding),
        params: kept[1]!,
        shapes,
        axes,
        seed: 4,
        step: 0,
      }),
    )
    // Only quantized parameters are cast.
    expect(points[2]!.bias).toEqual(kept[2]!.bias)
  })

  it.each(
    methods.map((method) => [`${method.name} ${String(method.settings['fisher'] ?? '')}`, method] as const),
  )('gives the same bits twice, and after a kill and a resume: %s', async (_, method) => {
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
  })

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
    expect(events.map(({ step, steps, skipped }) => [step, steps, skipped])).toEqual([
      [1, 3, 0],
      [2, 3, 0],
      [3, 3, 0],
    ])
    // The bowl's loss is half its squared gradient; the norm is a sum in f64 of squares rounded to f32.
    for (const { loss, gradientNorm } of events)
      expect(Math.abs(gradientNorm ** 2 / 2 / loss - 1)).toBeLessThan(2 ** -20)
    expect(events[0]!.gradientNorm).toBeGreaterThan(3)
  })
})

type PlainTree = Record<string, Record<string, readonly number[]>>
interface Stored {
  readonly step: number
  readonly skipped: number
  readonly params: PlainTree
  readonly state: PlainTree
}
const plain = (state: Tree<Tree<Float32Array>>): PlainTree =>
  mapTree(state, (slots) => mapTree(slots, (slot) => Array.from(slot)) as Record<string, number[]>)
const restored = (state: PlainTree): Tree<Tree<Float32Array>> =>
  mapTree(state, (slots) => mapTree(slots, (slot) => Float32Array.from(slot)))
