// What happens between two steps of a run, and when. Comes in: where the run stands. Goes out: whether it is
// evaluated; a pause now and then.
// Source: docs/design/04-bench.md.

import type { RunOptions } from './run-options.js'

/**
 * Tell whether a step is followed by an evaluation: at every so many, or spread evenly; the last step always
 * is, if there are any.
 */
export function evaluatesAt(
  step: number,
  { steps, evaluations = 0, evaluateEvery }: Pick<RunOptions, 'steps' | 'evaluations' | 'evaluateEvery'>,
): boolean {
  if (evaluateEvery !== undefined) return step % evaluateEvery === 0 || step === steps
  return Math.floor((step * evaluations) / steps) > Math.floor(((step - 1) * evaluations) / steps)
}

/**
 * Let the event loop turn about twenty times a second: steps of small tasks never wait for anything, so
 * without it no signal, timer or progress line would come through before a run's end.
 */
export function breathing(): () => void | Promise<void> {
  let last = performance.now()
  return () => {
    if (performance.now() - last < 50) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now()
        resolve()
      }),
    )
  }
}
