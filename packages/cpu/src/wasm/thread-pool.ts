// Threads that share out the units of kernels. Comes in: jobs. Goes out: nothing: jobs write to shared memory.
// Threads start when first needed, sleep when idle, and never keep the process alive. Source: docs/design/07-cpu.md.

import type * as NodeThreads from 'node:worker_threads'
import type { LaneMemory } from './lane-memory.js'
import { JOB_BITS, JOB_WORDS, JOBS_AT, MOST_JOBS, SIGNAL, threadSource } from './thread-signals.js'

/** A range of units of one kernel. */
export interface Job {
  /** Run it on this thread. */
  readonly run: (record: number, first: number, end: number, scratch: number) => void
  /** Where other threads find its module: address and length. */
  readonly module: () => readonly [address: number, bytes: number]
  readonly record: number
  readonly first: number
  readonly end: number
}

/** Runs jobs on several threads, the caller's among them. */
export interface ThreadPool {
  /** Threads, the caller's included. */
  readonly threads: number
  /** Run jobs in any order; returns when all are done, with how many other threads did. @throws if a job failed on one. */
  run(jobs: readonly Job[]): number
  /** End the threads. Later jobs run on the caller's thread. */
  close(): void
}

export interface ThreadPoolOptions {
  readonly memory: LaneMemory
  readonly threads: number
  /** Work memory of each thread; the first is the caller's. */
  readonly scratch: readonly number[]
  /** Address of the control area of `CONTROL_BYTES`. */
  readonly control: number
}

/** Bytes of the control area. */
export const CONTROL_BYTES = 4 * (JOBS_AT + JOB_WORDS * MOST_JOBS)

/** A thread stays awake so long after its last job, in milliseconds: the next dispatch then costs 0.3 µs instead of 20. */
const SPIN = 0.05

/** Without progress for so long, in milliseconds, a thread counts as lost. */
const LOST = 60_000

/** Tell whether this platform has threads that the caller may wait for: Node, but not a browser's main thread. */
export function threadsAvailable(): boolean {
  return workerThreads() !== undefined
}

function workerThreads(): typeof NodeThreads | undefined {
  // Not an import: bundles for browsers have no such module.
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
  return process?.getBuiltinModule?.('node:worker_threads')
}

/** Make a pool. Its threads start with the first jobs. */
export function threadPool({ memory, threads, scratch, control }: ThreadPoolOptions): ThreadPool {
  const words = new Int32Array(memory.memory.buffer, control, JOBS_AT + JOB_WORDS * MOST_JOBS)
  const started: NodeThreads.Worker[] = []
  let closed = false
  let epoch = 0
  const start = (): void => {
    const node = workerThreads()
    if (!node || closed) return
    while (started.length < threads - 1) {
      const workerData = { memory: memory.memory, control, scratch: scratch[started.length + 1], spin: SPIN }
      const worker = new node.Worker(threadSource, {
        eval: true,
        workerData,
        execArgv: [],
        env: {},
        name: 'lotion-lanes',
      })
      worker.unref()
      // A thread that ends early leaves its share to the others: nobody waits for jobs that it has not taken.
      worker.on('error', () => undefined)
      started.push(worker)
    }
  }
  const own = (job: Job): void => job.run(job.record, job.first, job.end, scratch[0]!)
  const share = (jobs: readonly Job[]): number => {
    jobs.forEach((job, i) => {
      const [address, bytes] = job.module()
      words.set([address, bytes, job.record, job.first, job.end], JOBS_AT + JOB_WORDS * i)
    })
    epoch = (epoch + 1) | 0
    const tag = epoch << JOB_BITS
    Atomics.store(words, SIGNAL.done, 0)
    Atomics.store(words, SIGNAL.next, tag | jobs.length)
    Atomics.store(words, SIGNAL.epoch, epoch)
    if (Atomics.load(words, SIGNAL.sleeping) > 0) Atomics.notify(words, SIGNAL.epoch)
    let mine = 0
    let failure: unknown
    for (let left = Atomics.load(words, SIGNAL.next) & MOST_JOBS; left > 0;) {
      const next = tag | left
      if (Atomics.compareExchange(words, SIGNAL.next, next, next - 1) === next) {
        try {
          own(jobs[left - 1]!)
        } catch (error) {
          failure ??= error
        }
        mine++
      }
      left = Atomics.load(words, SIGNAL.next) & MOST_JOBS
    }
    awaitDone(words, jobs.length - mine)
    if (failure !== undefined) throw failure
    const failed = Atomics.exchange(words, SIGNAL.failed, 0)
    if (failed > 0)
      throw new Error(`threads: ${failed} of ${jobs.length} jobs failed on another thread; use threads: 1`)
    return jobs.length - mine
  }
  return Object.freeze({
    threads,
    run: (jobs) => {
      start()
      let elsewhere = 0
      if (closed || Atomics.load(words, SIGNAL.ready) === 0) jobs.forEach(own)
      else
        for (let from = 0; from < jobs.length; from += MOST_JOBS)
          elsewhere += share(jobs.slice(from, from + MOST_JOBS))
      return elsewhere
    },
    close: () => {
      closed = true
      Atomics.store(words, SIGNAL.stop, 1)
      Atomics.add(words, SIGNAL.epoch, 1)
      Atomics.notify(words, SIGNAL.epoch)
    },
  } satisfies ThreadPool)
}

/** Wait for the jobs that other threads have taken: awake at first, then asleep. */
function awaitDone(words: Int32Array, expected: number): void {
  const since = performance.now()
  for (;;) {
    const done = Atomics.load(words, SIGNAL.done)
    if (done >= expected) return
    if (performance.now() - since < SPIN) continue
    Atomics.store(words, SIGNAL.waiting, 1)
    const woken = Atomics.wait(words, SIGNAL.done, done, LOST)
    Atomics.store(words, SIGNAL.waiting, 0)
    if (woken === 'timed-out' && Atomics.load(words, SIGNAL.done) === done) {
      throw new Error(`threads: no progress for ${LOST / 1000} s, a thread was lost; use threads: 1`)
    }
  }
}
