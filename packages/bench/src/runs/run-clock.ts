// Times of a run. Comes in: starts and stops. Goes out: seconds of training, tokens a second.
// Source: docs/design/04-bench.md.

import type { Timing } from '../records.js'

/** Where a clock stands, as plain data. */
export interface ClockState {
  /** Milliseconds of training. */
  readonly total: number
  /** Of these, in steps that trace and check the model. */
  readonly traced: number
  /** How many such steps. */
  readonly tracedSteps: number
}

/** A clock that is halted while weights are evaluated. */
export interface RunClock {
  start(): void
  stop(): void
  /** Note the end of a step. */
  stepped(): void
  /** Times at the end of a step. */
  timing(step: number): Timing
  /** For a clock that goes on from here. */
  state(): ClockState
}

/** Make the clock of a run of so many steps; of one that is continued with where its clock stood. */
export function runClock(
  steps: number,
  tokensPerStep: number | undefined,
  from: ClockState = { total: 0, traced: 0, tracedSteps: 0 },
): RunClock {
  let { total, traced, tracedSteps } = from
  let since: number | undefined
  // The first step of the first method, and of a run that is continued, traces the model and checks it: no
  // part of what a step takes, for no method.
  let isFirst = steps > 1
  const milliseconds = (): number => total + (since === undefined ? 0 : performance.now() - since)
  return {
    start: () => void (since = performance.now()),
    stop: () => {
      total = milliseconds()
      since = undefined
    },
    stepped: () => {
      if (!isFirst) return
      isFirst = false
      traced += milliseconds() - from.total
      tracedSteps++
    },
    state: () => ({ total: milliseconds(), traced, tracedSteps }),
    timing: (step) => {
      const measured = (milliseconds() - traced) / 1000
      const perSecond = measured > 0 ? (step - tracedSteps) / measured : 0
      return {
        at: new Date().toISOString(),
        trainingSeconds: Math.round(milliseconds()) / 1000,
        ...(tokensPerStep === undefined ? {} : { tokensPerSecond: Math.round(perSecond * tokensPerStep) }),
      }
    },
  }
}
