// Callback: now and then. Comes in: a period in steps or minutes. Goes out: a callback without a state.
// Source: docs/design/03-formats-and-methods.md (callbacks).

import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineCallback, type Callback, type CallbackEvent } from './callback.js'
import { numberIn, positive, positiveWhole } from './number-range.js'

/** How often; with both, whichever is due first. */
export interface Period {
  /** At the steps that it divides, counted from the start of the run: the same after a resumption. */
  readonly steps?: number
  /** Once so many minutes have passed since the last time, or since the first step that was seen. */
  readonly minutes?: number
  /** Milliseconds. Default: `Date.now`. */
  readonly clock?: () => number
}

/**
 * Do something now and then, and after the last step of the run. It is called when all callbacks have seen
 * the step, so that it may store their states.
 * @param period In steps, minutes, or both.
 * @param action Given the step; awaited.
 * @throws TypeError if an option is unknown or there is no period; RangeError unless `steps` is a positive
 * whole number and `minutes` above 0.
 * @example
 * ```ts
 * import { every, withCallbacks } from '@lotion/optim'
 *
 * const print = every({ steps: 100, minutes: 5 }, ({ step, loss }) => console.log(step, loss))
 * console.log(withCallbacks([print]).states())
 * ```
 */
export function every<A = unknown>(
  period: Period,
  action: (event: CallbackEvent<A>) => void | Promise<void>,
): Callback<A> {
  refuseUnknownKeys('every', period, { steps: true, minutes: true, clock: true })
  const { steps, minutes, clock = Date.now } = period
  if (steps !== undefined) numberIn(positiveWhole, 'steps', steps)
  if (minutes !== undefined) numberIn(positive, 'minutes', minutes)
  if (steps === undefined && minutes === undefined)
    throw new TypeError('every: expected a period, found none; give steps, minutes or both')
  let last = Number.NaN
  return defineCallback<A>({
    name: `every ${[steps && `${steps} steps`, minutes && `${minutes} minutes`].filter(Boolean).join(' or ')}`,
    afterStep: async (event) => {
      const now = clock()
      if (Number.isNaN(last)) last = now
      const isOver = event.step === event.steps || event.stopped !== undefined
      const isDue = steps !== undefined && event.step % steps === 0
      const isLate = minutes !== undefined && now - last >= minutes * 60_000
      if (!isOver && !isDue && !isLate) return
      last = now
      await action(event)
    },
  })
}
