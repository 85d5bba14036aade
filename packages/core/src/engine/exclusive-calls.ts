// Guard of a step's life: one run at a time, none after close. Comes in: the asynchronous body of a run.
// Goes out: its result; results live in buffers that the next run overwrites, hence no overlap.

/** Run calls one at a time and refuse them after close. @experimental */
export interface ExclusiveCalls {
  /**
   * @param call Starts the run; it is not called if the run is refused.
   * @throws if the step is closed, or if its last run has not finished.
   */
  run<R>(call: () => Promise<R>): Promise<R>
  /** Refuse further runs, wait for the current one, release; later calls share the first one's promise. */
  close(): Promise<void>
}

/**
 * Make the guard of one step; `interrupt` asks the run under way to end early, `release` frees what the step
 * holds.
 * @param name Of the step, for error messages.
 * @param release Frees what the step holds, once, when no run is under way.
 * @param interrupt Asks the run under way to end early.
 * @experimental
 */
export function exclusiveCalls(
  name: string,
  release: () => Promise<void> = async () => {},
  interrupt: () => void = () => {},
): ExclusiveCalls {
  let underWay: Promise<unknown> | undefined
  let closing: Promise<void> | undefined
  return Object.freeze({
    async run<R>(call: () => Promise<R>): Promise<R> {
      if (closing !== undefined) throw new Error(`step '${name}' is closed; compile it again with the engine`)
      if (underWay !== undefined)
        throw new Error(`step '${name}' is still running; await its last run before the next`)
      const current = call()
      underWay = current
      try {
        return await current
      } finally {
        underWay = undefined
      }
    },
    close(): Promise<void> {
      closing ??= (async () => {
        if (underWay !== undefined) {
          interrupt()
          // The caller of that run receives its error; closing only needs it to be over.
          await underWay.catch(() => undefined)
        }
        await release()
      })()
      return closing
    },
  })
}
