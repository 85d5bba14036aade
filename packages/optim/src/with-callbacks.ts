// Runs callbacks between the steps of `fit`, or of any loop that reports its steps. Comes in: callbacks, and
// the point that a run continues from. Goes out: an `onStep`, and what became of the callbacks.
// Source: docs/design/03-formats-and-methods.md (callbacks).

import { shownValue } from '@lotion/core/internal'
import { checkJson, isCallback, type Callback, type CallbackEvent, type JsonValue } from './callback.js'
import type { ResumePoint, StepEvent, Stopped } from './fit.js'

/** Callbacks of one run. */
export interface CallbackRun<A> {
  /** For `fit`. */
  readonly onStep: (event: StepEvent<A>) => Promise<void | 'stop'>
  /** Who ended the run before its length, and why; undefined while nobody has. */
  readonly stopped: () => Stopped | undefined
  /** State of each callback that has one, as it is now. */
  readonly states: () => Readonly<Record<string, JsonValue>>
}

/**
 * Join callbacks to one `onStep`. After each step all have their `onStep`, in order, then all their
 * `afterStep`, with the states of this step.
 * @param callbacks Made by `defineCallback`; names of those with a state differ.
 * @param from The point that the run continues from, the same as `fit` is given: callbacks go on from their
 * states there, those that it does not know start.
 * @throws TypeError if a value is no callback, two have one name, or a stored state has no callback.
 * @example
 * ```ts
 * import { every, withCallbacks } from '@lotion/optim'
 *
 * const watch = withCallbacks([every({ steps: 100 }, ({ step, loss }) => console.log(step, loss))])
 * // await fit({ …, onStep: watch.onStep })
 * console.log(watch.stopped())
 * ```
 */
export function withCallbacks<A>(
  callbacks: readonly Callback<A>[],
  from?: Pick<ResumePoint<A>, 'callbacks' | 'stopped'>,
): CallbackRun<A> {
  const states = startStates(callbacks, from?.callbacks ?? {})
  let stopped = from?.stopped
  const eventOf = (event: StepEvent<A>): CallbackEvent<A> => ({
    ...event,
    callbacks: { ...states },
    ...(stopped ? { stopped } : {}),
  })
  return Object.freeze({
    stopped: () => stopped,
    states: () => ({ ...states }),
    onStep: async (event: StepEvent<A>) => {
      for (const callback of callbacks) {
        const { name } = callback
        const stop = (reason: string): void => {
          stopped ??= Object.freeze({ step: event.step, by: name, reason })
        }
        // One without a state is given none, and has no use for it.
        const state = states[name] ?? null
        const next = await callback.onStep?.(eventOf(event), { state, stop })
        if (next === undefined) continue
        if (!Object.hasOwn(states, name))
          throw new TypeError(
            `${name}: expected nothing from its onStep, found ${shownValue(next)}; say what its state starts with`,
          )
        checkJson(`${name}: state`, next)
        states[name] = next
      }
      const after = eventOf(event)
      for (const callback of callbacks) await callback.afterStep?.(after)
      return stopped && 'stop'
    },
  } satisfies CallbackRun<A>)
}

function startStates<A>(
  callbacks: readonly Callback<A>[],
  stored: Readonly<Record<string, JsonValue>>,
): Record<string, JsonValue> {
  const states: Record<string, JsonValue> = {}
  for (const callback of callbacks) {
    if (!isCallback(callback))
      throw new TypeError(
        `callbacks: expected callbacks, found ${shownValue(callback)}; make one by defineCallback`,
      )
    const { name, state } = callback
    if (state === undefined) continue
    if (Object.hasOwn(states, name))
      throw new TypeError(
        `callbacks: expected a name of its own for every state, found '${name}' twice; name one otherwise`,
      )
    states[name] = stored[name] ?? state
  }
  const stray = Object.keys(stored).find((name) => !Object.hasOwn(states, name))
  if (stray === undefined) return states
  throw new TypeError(
    `from.callbacks: expected states of the callbacks ${Object.keys(states).join(', ') || '(none has one)'}, found one of '${stray}'; ` +
      'give that callback too, or leave its state out',
  )
}
