// Threads that share out the units of kernels. Comes in: jobs. Goes out: nothing: jobs write to shared
// memory. Threads start when first needed, sleep when idle, and never keep the process alive.
// Source: docs/design/07-cpu.md.

import { laneMemory } from './lane-memory.js'
import type { Thread, ThreadHost } from './thread-host.js'
import { JOB_BITS, JOB_WORDS, JOBS_AT, MOST_JOBS, signalWord, THREAD_SOURCE } from './thread-signals.js'
import type { WebAssemblyMemory } from '../web-assembly.js'

/** A range of units of one kernel. */
export interface Job {
  /** Run it on this thread. */
  readonly run: (record: number, first: number, end: number, scratch: number) => void
  /** Its module, for other threads. */
  readonly bytes: Uint8Array
  /** Number of the memory it works in. */
  readonly memory: number
  readonly record: number
  readonly first: number
  readonly end: number
  /** Work memory of the caller's thread; that of the others follows, `SCRATCH_BYTES` each. */
  readonly scratch: number
}

/** Bytes of each thread to work in. */
export const SCRATCH_BYTES = 2 ** 21

/** Runs jobs on several threads, the caller's among them. */
export interface ThreadPool {
  /** Threads that have not failed, the caller's included; 1 once closed. */
  running(): number
  /** Why other threads have failed. */
  reasons(): readonly string[]
  /** Hand out a memory; jobs name it by its place in the order. */
  adopt(memory: WebAssemblyMemory): void
  /**
   * Run jobs in any order; returns when all are done, with how many other threads did.
   * @throws if a job failed on one.
   */
  run(jobs: readonly Job[]): number
  /** End the threads. Later jobs run on the caller's thread. */
  close(): void
}

/** Bytes of the signals. */
const CONTROL_BYTES = 4 * (JOBS_AT + JOB_WORDS * MOST_JOBS)

/** Milliseconds that a thread stays awake after its last job: a dispatch then costs 0.3 µs instead of 20. */
const SPIN = 0.05

/** Without progress for so long, in milliseconds, a thread counts as lost. */
const LOST = 60_000

/** Make a pool. Its threads start with the first jobs. Its signals and modules have a memory of their own. */
export function threadPool(threads: number, host: ThreadHost): ThreadPool {
  const control = laneMemory(true)
  const need = (bytes: number): number => {
    const address = control.reserve(bytes)
    if (address === undefined) throw new RangeError(`threads: no room for ${bytes} bytes; use threads: 1`)
    return address
  }
  const signals = need(CONTROL_BYTES)
  const words = new Int32Array(control.memory.buffer, signals, JOBS_AT + JOB_WORDS * MOST_JOBS)
  const placed = new WeakMap<Uint8Array, number>()
  const moduleAt = (bytes: Uint8Array): number => {
    const address = placed.get(bytes) ?? need(bytes.length)
    if (!placed.has(bytes)) control.views().bytes.set(bytes, address)
    placed.set(bytes, address)
    return address
  }
  const memories: WebAssemblyMemory[] = []
  const started: Thread[] = []
  const reasons = new Set<string>()
  const lost = new Set<number>()
  let launched = false
  let closed = false
  let epoch = 0
  // A thread that ends early leaves its share to the others: no call waits for jobs that it has not taken.
  const fail = (n: number, reason: string): void => {
    lost.add(n)
    reasons.add(`a thread could not be had: ${reason}`)
  }
  const launch = (): void => {
    if (launched || closed) return
    launched = true
    for (let n = 1; n < threads; n++) {
      try {
        const thread = host.start(THREAD_SOURCE, (reason) => fail(n, reason))
        started.push(thread)
        thread.post({ control: control.memory, signals, memories, scratch: SCRATCH_BYTES * n, spin: SPIN })
      } catch (error) {
        fail(n, error instanceof Error ? error.message : String(error))
      }
    }
  }
  const close = (): void => {
    closed = true
    for (const thread of started.splice(0)) thread.end()
  }
  const own = (job: Job): void => job.run(job.record, job.first, job.end, job.scratch)
  const share = (jobs: readonly Job[]): number => {
    jobs.forEach(({ bytes, memory, record, first, end, scratch }, i) => {
      words.set([memory, moduleAt(bytes), bytes.length, record, first, end, scratch], JOBS_AT + JOB_WORDS * i)
    })
    epoch = (epoch + 1) | 0
    const tag = epoch << JOB_BITS
    Atomics.store(words, signalWord.done, 0)
    Atomics.store(words, signalWord.next, tag | jobs.length)
    Atomics.store(words, signalWord.epoch, epoch)
    if (Atomics.load(words, signalWord.sleeping) > 0) Atomics.notify(words, signalWord.epoch)
    let mine = 0
    let failure: unknown
    for (let left = Atomics.load(words, signalWord.next) & MOST_JOBS; left > 0;) {
      const next = tag | left
      if (Atomics.compareExchange(words, signalWord.next, next, next - 1) === next) {
        try {
          own(jobs[left - 1]!)
        } catch (error) {
          failure ??= error
        }
        mine++
      }
      left = Atomics.load(words, signalWord.next) & MOST_JOBS
    }
    if (!awaitDone(words, jobs.length - mine, host.mayWait)) {
      // A job of this dispatch that ends after all must not count for another.
      close()
      throw new Error(`threads: no progress for ${LOST / 1000} s, a thread was lost; use threads: 1`)
    }
    const failed = Atomics.exchange(words, signalWord.failed, 0)
    if (failure !== undefined) throw failure
    if (failed > 0)
      throw new Error(`threads: ${failed} of ${jobs.length} jobs failed on another thread; use threads: 1`)
    return jobs.length - mine
  }
  return Object.freeze({
    running: () => (closed ? 1 : threads - lost.size),
    reasons: () => [...reasons],
    adopt: (memory) => {
      memories.push(memory)
      for (const thread of started) thread.post(memory)
      Atomics.store(words, signalWord.memories, memories.length)
    },
    run: (jobs) => {
      launch()
      let elsewhere = 0
      if (closed || Atomics.load(words, signalWord.ready) === 0) jobs.forEach(own)
      else
        for (let from = 0; from < jobs.length; from += MOST_JOBS)
          elsewhere += share(jobs.slice(from, from + MOST_JOBS))
      return elsewhere
    },
    close,
  } satisfies ThreadPool)
}

/**
 * Wait for the jobs that other threads have taken: awake at first, then asleep if the caller may. `false` if
 * they make no progress.
 */
function awaitDone(words: Int32Array, expected: number, mayWait: boolean): boolean {
  const since = performance.now()
  let [seen, progress] = [0, since]
  for (;;) {
    const done = Atomics.load(words, signalWord.done)
    if (done >= expected) return true
    const now = performance.now()
    if (now - since < SPIN) continue
    if (done > seen) [seen, progress] = [done, now]
    else if (now - progress >= LOST) return false
    if (!mayWait) continue
    Atomics.store(words, signalWord.waiting, 1)
    Atomics.wait(words, signalWord.done, done, LOST)
    Atomics.store(words, signalWord.waiting, 0)
  }
}
