// Records of several runs at once, in the order of the runs. Comes in: records as they come. Goes out: the
// same for any number of processes.
// Source: docs/design/04-bench.md, records: two runs of one seed leave the same lines.

/** Passes records on. */
export interface InOrder<R> {
  /** Record what a run left: at once if it is its turn, else when all runs before it are done. */
  record(run: number, record: R): Promise<void>
  /** Note that a run is over. */
  done(run: number): Promise<void>
}

/** Pass records on to `write`, those of each run together, run after run. */
export function inOrder<R>(write: (record: R) => Promise<void>): InOrder<R> {
  const waiting = new Map<number, R[]>()
  const over = new Set<number>()
  let turn = 0
  return {
    record: (run, record) => {
      if (run === turn) return write(record)
      waiting.set(run, [...(waiting.get(run) ?? []), record])
      return Promise.resolve()
    },
    done: async (run) => {
      over.add(run)
      const writes: Promise<void>[] = []
      while (over.delete(turn)) {
        writes.push(...(waiting.get(++turn) ?? []).map(write))
        waiting.delete(turn)
      }
      await Promise.all(writes)
    },
  }
}
