// The weights that schedule-free training is for, while it goes on. Comes in: weights and state. Goes out:
// the averages out of them.
// Source: Defazio et al. 2024 (arXiv 2405.15682); optax.contrib.schedule_free_eval_params, optax 0.2.8.

import { defineLanes, type Lane, type Transformation, type Tree } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { weightsFromState, type StateMoment } from './weights-from-state.js'

/** From where the gradient is taken and where its steps lead to the average. */
export const averageOf = (w: Lane, z: Lane, beta1: Lane): Lane =>
  w.sub(z.mul(beta1.mul(-1).add(1))).div(beta1)

const read = /* @__PURE__ */ defineLanes({
  name: 'schedule-free weights',
  inputs: ['w', 'z'],
  scalars: ['beta1', 'isFirst'],
  outputs: ['w'],
  // Before the first update z is not yet set.
  body: ({ w, z, beta1, isFirst }) => ({ w: isFirst.less(0.5, averageOf(w, z, beta1), w) }),
})

/** Where the averages are read. */
export interface ScheduleFreeWeightsOptions<A> extends StateMoment<A> {
  /** The very part of the chain: it knows β1. */
  readonly optimizer: Transformation
}

/**
 * Read the averages x of `scheduleFreeAdamw` before the run has ended: what is to be evaluated, cast and
 * saved, where the weights in training are y. In new arrays. A run that came to its end has them as weights.
 * @param options Weights and state of the same moment, the optimizer that made it.
 * @throws TypeError if an option is unknown, or no parameter has such a state.
 * @example
 * ```ts
 * import { cpuExecutor } from '@lotion/cpu'
 * import { createUpdater, scheduleFreeAdamw, scheduleFreeWeights } from '@lotion/optim'
 *
 * const [executor, optimizer] = [cpuExecutor({ threads: 1 }), scheduleFreeAdamw({ learningRate: 0.1 })]
 * const updater = createUpdater({ transformation: optimizer, shapes: { w: [1] }, executor })
 * const params = { w: Float32Array.of(1) }
 * const state = updater.init(params)
 * for (const step of [0, 1]) {
 *   const gradients = { w: params.w.slice() }
 *   updater.step(params, state, { loss: 0, terms: 1, gradients }, { step, steps: 9 })
 * }
 * console.log(params, scheduleFreeWeights({ executor, optimizer, params, state, updates: 2 }))
 * ```
 */
export function scheduleFreeWeights<A>(options: ScheduleFreeWeightsOptions<A>): Tree<A> {
  refuseUnknownKeys('scheduleFreeWeights', options, {
    executor: true,
    optimizer: true,
    params: true,
    state: true,
    updates: true,
  })
  const expected = 'schedule-free training, found none; train with scheduleFreeAdamw({ learningRate })'
  return weightsFromState(options, { part: options.optimizer, slot: 'z', fn: read, expected })
}
