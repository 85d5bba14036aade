// What happens between two steps of a run, and when. Comes in: where the run stands. Goes out: whether it is
// evaluated; a pause now and then.
// Source: docs/design/04-bench.md.

/** Evaluations are spread evenly; the last step is always one, if there are any. */
export function evaluatesAt(step: number, steps: number, evaluations: number): boolean {
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
