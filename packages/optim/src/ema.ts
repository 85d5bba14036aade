// Exponential moving average of the weights, for evaluation and for saving. Comes in: a decay. Goes out: a
// transformation that changes no update, and the averaged weights out of its state.
// Source: Polyak & Juditsky 1992; starts at the weights, as AveragedModel of PyTorch.

import { defineLanes, type Lane, type Transformation, type Tree } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineTransformation } from './define-transformation.js'
import { fraction, numberIn } from './number-range.js'
import { weightsFromState, type StateMoment } from './weights-from-state.js'

/** The next average; at the first update the weight itself, exactly. */
const next = (average: Lane, w: Lane, rate: Lane): Lane => average.add(w.sub(average).mul(rate))

/**
 * Average the weights over the run: a ← a + (1 − decay)(w − a), from a = w at the first update. It looks at
 * the weights that a step begins with, so that it may stand anywhere in a chain, and changes no update. Slot
 * `average`, one more array a parameter; `averagedWeights` reads it.
 * @param options Share of the average that stays at each update, in [0, 1): .999 is about a thousand.
 * @throws TypeError if an option is unknown; RangeError unless the decay is in [0, 1).
 * @example
 * ```ts
 * import { adamw, chain, ema } from '@lotion/optim'
 *
 * const optimizer = chain(adamw({ learningRate: 1e-3 }), ema({ decay: 0.999 }))
 * console.log(optimizer.slots) // adamw.m, adamw.v, ema.average
 * ```
 */
export function ema(options: { readonly decay: number }): Transformation {
  refuseUnknownKeys('ema', options, { decay: true })
  const { decay } = options
  numberIn(fraction, 'decay', decay)
  return defineTransformation({
    name: 'ema',
    slots: ['average'],
    scalars: ({ step, updates = step }) => ({ rate: updates === 0 ? 1 : 1 - decay }),
    update: ({ w, update, average, rate }) => ({ update, average: next(average, w, rate) }),
  })
}

const read = /* @__PURE__ */ defineLanes({
  name: 'averaged weights',
  inputs: ['w', 'average'],
  scalars: ['rate'],
  outputs: ['w'],
  body: ({ w, average, rate }) => ({ w: next(average, w, rate) }),
})

/** Where the averaged weights are read; the weights now count as the last ones. */
export interface AveragedWeightsOptions<A> extends StateMoment<A> {
  /** The very part of the chain: it knows the decay. */
  readonly ema: Transformation
}

/**
 * Read the averages of all weights up to now, the present ones included; in new arrays. Parameters that have
 * no average, since they are frozen, are the same arrays as before.
 * @param options Weights and state of the same moment, the part that made it.
 * @throws TypeError if an option is unknown, or no parameter has an average.
 * @example
 * ```ts
 * import { cpuExecutor } from '@lotion/cpu'
 * import { averagedWeights, chain, createUpdater, ema, sgd } from '@lotion/optim'
 *
 * const [executor, average] = [cpuExecutor({ threads: 1 }), ema({ decay: 0.5 })]
 * const transformation = chain(sgd({ learningRate: 1 }), average)
 * const updater = createUpdater({ transformation, shapes: { w: [1] }, executor })
 * const params = { w: Float32Array.of(1) }
 * const state = updater.init(params)
 * const gradients = { w: Float32Array.of(1) }
 * updater.step(params, state, { loss: 0, terms: 1, gradients }, { step: 0, steps: 2 })
 * console.log(averagedWeights({ executor, ema: average, params, state, updates: 1 })) // between 1 and 0
 * ```
 */
export function averagedWeights<A>(options: AveragedWeightsOptions<A>): Tree<A> {
  refuseUnknownKeys('averagedWeights', options, {
    executor: true,
    ema: true,
    params: true,
    state: true,
    updates: true,
  })
  const expected = "the weights' average, found none; train with chain(optimizer, ema({ decay }))"
  return weightsFromState(options, { part: options.ema, slot: 'average', fn: read, expected })
}
