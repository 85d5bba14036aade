// Callback: end a run that no longer gets better. Comes in: what is measured, and how long to wait. Goes out:
// a callback that remembers the best step.
// Source: as in Keras (`min_delta`, `patience`); docs/design/03-formats-and-methods.md (callbacks).

import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineCallback, type Callback, type CallbackEvent } from './callback.js'
import { nonNegative, numberIn, positiveWhole } from './number-range.js'

/** What early stopping remembers; an alias, since an interface is no JSON to the compiler. */
export type EarlyStoppingState = {
  /** The least value so far; `null` before the first. */
  readonly best: number | null
  /** The step that it was measured after, counted from 1; 0 before the first. */
  readonly bestStep: number
  /** Measurements since then. */
  readonly waited: number
}

/** What early stopping takes. */
export interface EarlyStoppingOptions<A> {
  /**
   * The smaller the better, as a rule the loss of held-out data after the cast. One that is NaN or infinite
   * counts as no better.
   * @param event The step; its weights are `event.params`.
   */
  readonly value: (event: CallbackEvent<A>) => number | Promise<number>
  /** Measured at the steps that it divides, and after the last one. */
  readonly every: number
  /** Measurements in a row that may be no better; the run ends with this many. Default 1. */
  readonly patience?: number
  /** A value is better if it is below the best by more than this. Default 0. */
  readonly minDelta?: number
  /** What its state is stored under; two of one run differ. Default `early stopping`. */
  readonly name?: string
}

/**
 * End the run once a value has not become better for a while. The best step stands in its state; a resumed
 * run goes on counting.
 * @param options What is measured and how often; patience.
 * @throws TypeError if an option is unknown; RangeError if a number is out of its range.
 * @example
 * ```ts
 * import { earlyStopping, withCallbacks } from '@lotion/optim'
 *
 * const stopping = earlyStopping({ value: ({ loss }) => loss, every: 100, patience: 3, minDelta: 0.001 })
 * console.log(withCallbacks([stopping]).states())
 * ```
 */
export function earlyStopping<A = unknown>(
  options: EarlyStoppingOptions<A>,
): Callback<A, EarlyStoppingState> {
  refuseUnknownKeys('earlyStopping', options, {
    value: true,
    every: true,
    patience: true,
    minDelta: true,
    name: true,
  })
  const { value, every, patience = 1, minDelta = 0, name = 'early stopping' } = options
  if (typeof value !== 'function')
    throw new TypeError('value: expected a function of a step, found none; give what measures the weights')
  numberIn(positiveWhole, 'every', every)
  numberIn(positiveWhole, 'patience', patience)
  numberIn(nonNegative, 'minDelta', minDelta)
  return defineCallback<A, EarlyStoppingState>({
    name,
    state: { best: null, bestStep: 0, waited: 0 },
    onStep: async (event, { state, stop }) => {
      if (event.step % every !== 0 && event.step !== event.steps) return
      const found = await value(event)
      const { best, bestStep } = state
      if (Number.isFinite(found) && (best === null || found < best - minDelta))
        return { best: found, bestStep: event.step, waited: 0 }
      const waited = state.waited + 1
      if (waited >= patience && event.step < event.steps)
        stop(
          `${found} is not below ${best === null ? 'any' : `the best, ${best} after step ${bestStep},`} by more than ${minDelta}; ` +
            `${waited} in a row`,
        )
      return { best, bestStep, waited }
    },
  })
}
