import { castNearest } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { base, bitsOf, executor, format, shapes, start, train } from '../test/bowl.js'
import { continuedEverywhere } from '../test/resume.js'
import { defineCallback, type Callback } from './callback.js'
import { castTree } from './cast-tree.js'
import { earlyStopping } from './early-stopping.js'
import { every } from './every.js'
import { fit, type StepEvent } from './fit.js'
import { lotion } from './lotion.js'
import { withCallbacks } from './with-callbacks.js'

type Arrays = Float32Array

const counting = (log: string[] = []): Callback<Arrays, number> =>
  defineCallback<Arrays, number>({
    name: 'counting',
    state: 0,
    onStep: ({ step }, { state }) => {
      log.push(`${step}: ${state}`)
      return state + 1
    },
  })

/** Distance of the weights from their casts: a quantized loss of a kind. */
const offGrid = ({ params }: StepEvent<Arrays>): number => {
  const { matrix } = castTree({
    executor,
    format,
    cast: castNearest(format),
    params,
    shapes,
    axes: new Map([['matrix', -1]]),
  })
  return params.matrix!.reduce((sum, w, i) => sum + (w - matrix![i]!) ** 2, 0)
}

describe('withCallbacks', () => {
  it('changes no bit of the training', async () => {
    const { onStep } = withCallbacks<Arrays>([counting(), every({ steps: 2 }, () => {})])
    expect(await train({ onStep })).toEqual(await train())
  })

  it('keeps states, and shows those of the step to all that store them, whatever the order', async () => {
    const log: string[] = []
    const seen: string[] = []
    const storing = every<Arrays>({ steps: 2 }, ({ step, callbacks }) => {
      seen.push(`${step}: ${JSON.stringify(callbacks)}`)
    })
    const run = withCallbacks<Arrays>([storing, counting(log)])
    await fit(base({ steps: 3, onStep: run.onStep }))
    expect(log).toEqual(['1: 0', '2: 1', '3: 2'])
    expect(seen).toEqual(['2: {"counting":2}', '3: {"counting":3}'])
    expect(run.states()).toEqual({ counting: 3 })
  })

  it('ends the run after the step that asks for it, with the weights of that step', async () => {
    const stopping = defineCallback<Arrays>({
      name: 'enough',
      onStep: ({ step }, { stop }) => {
        if (step === 4) stop('four are enough')
      },
    })
    const last: number[] = []
    const run = withCallbacks<Arrays>([stopping, every({ steps: 100 }, ({ step }) => void last.push(step))])
    const params = start()
    await fit(base({ params, onStep: run.onStep }))
    expect(run.stopped()).toEqual({ step: 4, by: 'enough', reason: 'four are enough' })
    expect(last).toEqual([4])
    const whole: (readonly number[])[] = []
    await fit(base({ onStep: (event) => void whole.push(bitsOf(event.params.matrix!)) }))
    expect(bitsOf(params.matrix!)).toEqual(whole[3])
  })

  it('continues to the same bits and states from every step, a run that was ended early too', async () => {
    const wanted: unknown[] = []
    const { whole, continued } = await continuedEverywhere(async ({ onStep: store, ...moment }) => {
      const stopping = earlyStopping<Arrays>({ value: offGrid, every: 2, patience: 2, minDelta: 1e-3 })
      const storing = every<Arrays>({ steps: 1 }, store)
      const run = withCallbacks<Arrays>([storing, stopping, counting()], moment.from)
      const state = await fit(base({ method: lotion({ format }), ...moment, steps: 60, onStep: run.onStep }))
      wanted.push([run.stopped(), run.states()])
      return state
    })
    expect(whole.params).not.toEqual(await train({ method: lotion({ format }), steps: 60 }))
    expect(continued.length).toBeGreaterThan(4)
    expect(continued.length).toBeLessThan(60)
    for (const each of continued) expect(each).toEqual(whole)
    for (const each of wanted) expect(each).toEqual(wanted[0])
  })

  it('refuses what is no callback, names that are taken, states without a callback or that JSON would lose', async () => {
    expect(() => withCallbacks([{} as never])).toThrow('callbacks: expected callbacks')
    expect(() => withCallbacks([counting(), counting()])).toThrow("found 'counting' twice")
    expect(() => withCallbacks([], { callbacks: { counting: 1 } })).toThrow(
      "from.callbacks: expected states of the callbacks (none has one), found one of 'counting'",
    )
    const lost = defineCallback<Arrays, number>({ name: 'lost', state: 0, onStep: () => Number.NaN })
    await expect(fit(base({ onStep: withCallbacks<Arrays>([lost]).onStep }))).rejects.toThrow(
      'lost: state: expected what JSON can hold, found NaN',
    )
    const stray = defineCallback<Arrays, number>({ name: 'stray', onStep: () => 1 })
    await expect(fit(base({ onStep: withCallbacks<Arrays>([stray]).onStep }))).rejects.toThrow(
      'stray: expected nothing from its onStep, found 1; say what its state starts with',
    )
    expect(() => defineCallback({ name: 'idle' })).toThrow(
      'idle: expected a name and a function onStep or afterStep',
    )
    expect(() =>
      defineCallback({ name: 'array', state: [new Float32Array(1)] as never, onStep: () => {} }),
    ).toThrow('array: state.0: expected what JSON can hold')
  })
})
