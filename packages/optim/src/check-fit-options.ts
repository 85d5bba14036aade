// The edge of `fit`: its options as they arrive, from code or from JSON. Comes in: options. Goes out:
// nothing, or an error by name.

import { leafOf } from '@lotion/core'
import { refuseUnknownKeys, shownValue } from '@lotion/core/internal'
import type { CallbackEvent } from './callback.js'
import type { FitOptions, ResumePoint } from './fit.js'

const optionNames: Readonly<Record<keyof FitOptions<unknown>, true>> = {
  params: true,
  shapes: true,
  gradientStep: true,
  batches: true,
  method: true,
  quantize: true,
  optimizer: true,
  before: true,
  steps: true,
  seed: true,
  executor: true,
  from: true,
  allocate: true,
  nonFinite: true,
  skipLimit: true,
  onWarning: true,
  onStep: true,
  signal: true,
}

/** A step's event is a point to resume from, whatever else it tells. */
const resumeNames: Readonly<Record<keyof CallbackEvent<unknown>, true>> = {
  step: true,
  skipped: true,
  state: true,
  steps: true,
  loss: true,
  gradientNorm: true,
  params: true,
  updated: true,
  measure: true,
  settled: true,
  callbacks: true,
  stopped: true,
}

/** Check what a run is given. @throws naming the option, what was expected and what was found. */
export function checkFitOptions<A>(options: FitOptions<A>): void {
  refuseUnknownKeys('fit', options, optionNames)
  const { params, shapes, steps, seed, from } = options
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`steps: expected a positive whole number, found ${shownValue(steps)}`)
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`seed: expected a whole number from 0 to 2^53 − 1, found ${shownValue(seed)}`)
  for (const name of Object.keys(shapes)) leafOf(params, name, 'params')
  if (from) checkResumePoint(from, steps)
}

function checkResumePoint<A>(from: ResumePoint<A>, steps: number): void {
  refuseUnknownKeys('from', from as CallbackEvent<A>, resumeNames)
  const { step, skipped = 0 } = from
  if (!Number.isInteger(step) || step < 0 || step > steps) {
    throw new RangeError(
      `from.step: expected a whole number from 0 to ${steps} (steps), found ${shownValue(step)}; steps is the length of the whole run`,
    )
  }
  if (!Number.isInteger(skipped) || skipped < 0 || skipped > step) {
    throw new RangeError(
      `from.skipped: expected a whole number from 0 to ${step} (from.step), found ${shownValue(skipped)}`,
    )
  }
}
