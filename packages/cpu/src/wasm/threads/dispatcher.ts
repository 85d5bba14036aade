// Collects the work of several calls, in whatever memory, so that small tensors share one dispatch. Comes in:
// jobs. Goes out: the jobs, run together; then what has to follow them. Source: docs/design/07-cpu.md.

import { threadPool, type Job, type ThreadPool } from './thread-pool.js'
import type { ThreadHost } from './thread-host.js'
import type { WebAssemblyMemory } from '../web-assembly.js'

/** With fewer weights a dispatch takes longer than it saves: a sleeping thread wakes in 20 µs. */
const SHARED_WEIGHTS = 131072

/** Jobs by who ran them. */
export interface JobCounts {
  /** On the caller's thread. */
  readonly here: number
  readonly elsewhere: number
}

/** Queues jobs and runs them. */
export interface Dispatcher {
  /** Threads, at most: each gets memory of its own to work in. */
  readonly threads: number
  /** Threads that there are; some may fail to start. */
  running(): number
  /** Why there are not more. */
  reasons(): readonly string[]
  /** Jobs run so far, by whom. */
  counts(): JobCounts
  /** Number of the dispatch that is being collected. */
  number(): number
  /** Let jobs name a memory by its number. */
  adopt(memory: WebAssemblyMemory): number
  add(job: Job, weights: number): void
  /** Queue what reads the results of the jobs queued so far. */
  afterwards(after: () => void): void
  /** Run all that is queued. */
  flush(): void
  close(): void
}

/** Make a dispatcher; more than one thread needs a host of threads, and shared memories. */
export function dispatcher(threads: number, host?: ThreadHost): Dispatcher {
  const pool: ThreadPool | undefined = host && threads > 1 ? threadPool(threads, host) : undefined
  let number = 0
  let memories = 0
  let weights = 0
  let jobs: Job[] = []
  let followers: (() => void)[] = []
  let [here, elsewhere] = [0, 0]
  return Object.freeze({
    threads,
    running: () => pool?.running() ?? 1,
    reasons: () => pool?.reasons() ?? [],
    counts: () => ({ here, elsewhere }),
    number: () => number,
    adopt: (memory) => {
      pool?.adopt(memory)
      return memories++
    },
    add: (job, more) => {
      jobs.push(job)
      weights += more
    },
    afterwards: (after) => void followers.push(after),
    flush: () => {
      const [ready, after] = [jobs, followers]
      const shared = pool && weights >= SHARED_WEIGHTS
      jobs = []
      followers = []
      weights = 0
      number++
      const others = shared ? pool.run(ready) : 0
      here += ready.length - others
      elsewhere += others
      if (!shared) for (const { run, record, first, end, scratch } of ready) run(record, first, end, scratch)
      after.forEach((follow) => follow())
    },
    close: () => pool?.close(),
  } satisfies Dispatcher)
}
