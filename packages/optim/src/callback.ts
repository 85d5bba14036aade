// What is done between the steps of a run: evaluations, early stopping, checkpoints. Comes in: a record of
// functions and the state it starts with. Goes out: a frozen callback; `withCallbacks` runs it.
// Source: docs/design/03-formats-and-methods.md (callbacks).

import { refuseUnknownKeys, shownValue } from '@lotion/core/internal'
import type { ResumePoint, StepEvent } from './fit.js'

/** What JSON can hold: what is written and read again is the same. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** A step as callbacks see it; stored with copies of its arrays, it is a point to resume from. */
export interface CallbackEvent<A> extends StepEvent<A>, Pick<ResumePoint<A>, 'stopped'> {
  /** State of each callback that has one, by name: in `afterStep` as a checkpoint of this step holds it. */
  readonly callbacks: Readonly<Record<string, JsonValue>>
}

/** What a callback has besides the event. */
export interface CallbackControl<S> {
  /** What it returned last, or started or was resumed with. */
  readonly state: S
  /**
   * End the run after this step, as if it had its length.
   * @param reason Stands in the run's records: why, in words.
   */
  stop(reason: string): void
}

/** Something done between steps. All that it remembers is its state: the record itself never changes. */
export interface Callback<A, S extends JsonValue = JsonValue> {
  /** Its state is stored under this name, and a run that it stops says so. */
  readonly name: string
  /** What it starts with, if it remembers anything that a resumed run must know. */
  readonly state?: S
  /**
   * Called after every step, skipped ones too, in the order of the list; awaited.
   * @param event The step. Copy arrays to keep them.
   * @param control Its state, and how to end the run.
   * @returns the next state; nothing keeps the last.
   */
  onStep?(event: CallbackEvent<A>, control: CallbackControl<S>): S | void | Promise<S | void>
  /**
   * Called when all callbacks have had their `onStep`: the states are those that belong to this step. Here
   * checkpoints are written.
   * @param event The step, and whether it is the last by the wish of a callback (`stopped`).
   */
  afterStep?(event: CallbackEvent<A>): void | Promise<void>
}

/**
 * Make a callback; the record is frozen.
 * @param callback A name and at least one of `onStep` and `afterStep`; a state if it remembers something.
 * @throws TypeError if a key is unknown, the state is no JSON, or it does nothing.
 * @example
 * ```ts
 * import { defineCallback } from '@lotion/optim'
 *
 * const lowest = defineCallback({
 *   name: 'lowest loss',
 *   state: { loss: 1e9 },
 *   onStep: ({ loss }, { state }) => (loss < state.loss ? { loss } : state),
 * })
 * console.log(lowest.name, lowest.state)
 * ```
 */
export function defineCallback<A = unknown, S extends JsonValue = JsonValue>(
  callback: Callback<A, S>,
): Callback<A, S> {
  const given: Readonly<Record<string, unknown>> = Object(callback)
  const name = typeof given['name'] === 'string' ? given['name'] : 'defineCallback'
  refuseUnknownKeys(name, given, { name: true, state: true, onStep: true, afterStep: true })
  if (!isCallback(callback))
    throw new TypeError(
      `${name}: expected a name and a function onStep or afterStep, found ${shownValue(callback)}; give what is to be done`,
    )
  if (callback.state !== undefined) checkJson(`${name}: state`, callback.state)
  return Object.freeze({ ...callback })
}

/** Tell whether a value is a callback. */
export function isCallback(value: unknown): value is Callback<unknown> {
  const { name, onStep, afterStep }: { name?: unknown; onStep?: unknown; afterStep?: unknown } = Object(value)
  const functions = [onStep, afterStep].filter((each) => each !== undefined)
  return (
    typeof name === 'string' && functions.length > 0 && functions.every((each) => typeof each === 'function')
  )
}

/** @throws TypeError naming the place of what JSON would lose: NaN, `undefined`, typed arrays, functions. */
export function checkJson(where: string, value: unknown): void {
  if (value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)) return
  const record: unknown = Array.isArray(value) ? Array.prototype : Object.prototype
  if (typeof value === 'object' && Object.getPrototypeOf(value) === record) {
    for (const [key, each] of Object.entries(value)) checkJson(`${where}.${key}`, each)
    return
  }
  throw new TypeError(
    `${where}: expected what JSON can hold, found ${shownValue(value)}; keep finite numbers, texts, and null for none`,
  )
}
