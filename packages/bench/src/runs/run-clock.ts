// Times of a run. Comes in: starts and stops. Goes out: seconds of training, tokens a second.
// Source: docs/design/04-bench.md.

import type { Timing } from '../records.js'

/** A clock that is halted while weights are evaluated. */
export interface RunClock {
  start(): void
  stop(): void
  /** Note the end of a step, from 1. */
  stepped(step: number): void
  /** Times at the end of a step. */
  timing(step: number): Timing
}

/** Make the clock of a run of so many steps. */
export function runClock(steps: number, tokensPerStep: number | undefined): RunClock {
  let total = 0
  let since: number | undefined
  // The first step of the first method traces the model and checks it: no part of what a step takes, for no
  // method.
  let first = { steps: 0, seconds: 0 }
  const seconds = (): number => (total + (since === undefined ? 0 : performance.now() - since)) / 1000
  return {
    start: () => void (since = performance.now()),
    stop: () => {
      if (since !== undefined) total += performance.now() - since
      since = undefined
    },
    stepped: (step) => {
      if (step === 1 && steps > 1) first = { steps: 1, seconds: seconds() }
    },
    timing: (step) => {
      const trainingSeconds = seconds()
      const measured = trainingSeconds - first.seconds
      const perSecond = measured > 0 ? (step - first.steps) / measured : 0
      return {
        at: new Date().toISOString(),
        trainingSeconds: Math.round(trainingSeconds * 1000) / 1000,
        ...(tokensPerStep === undefined ? {} : { tokensPerSecond: Math.round(perSecond * tokensPerStep) }),
      }
    },
  }
}
