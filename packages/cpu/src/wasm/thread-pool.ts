// Threads that share out the units of kernels. Comes in: jobs. Goes out: nothing: jobs write to shared memory.
// Threads start when first needed, sleep when idle, and never keep the process alive. Source: docs/design/07-cpu.md.

import type * as NodeThreads from 'node:worker_threads'
import { laneMemory } from './lane-memory.js'
import { JOB_BITS, JOB_WORDS, JOBS_AT, MOST_JOBS, SIGNAL, threadSource } from './thread-signals.js'
import type { WebAssemblyMemory } from './web-assembly.js'

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
  /** Threads, the caller's included. */
  readonly threads: number
  /** Hand out a memory; jobs name it by its place in the order. */
  adopt(memory: WebAssemblyMemory): void
  /** Run jobs in any order; returns when all are done, with how many other threads did. @throws if a job failed on one. */
  run(jobs: readonly Job[]): number
  /** End the threads. Later jobs run on the caller's thread. */
  close(): void
}

/** Bytes of the signals. */
const CONTROL_BYTES = 4 * (JOBS_AT + JOB_WORDS * MOST_JOBS)

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

/** Make a pool. Its threads start with the first jobs. Its signals and the modules lie in a memory of their own. */
export function threadPool(threads: number): ThreadPool {
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
  const started: NodeThreads.Worker[] = []
  let closed = false
  let epoch = 0
  const start = (): void => {
    const node = workerThreads()
    if (!node || closed) return
    while (started.length < threads - 1) {
      const scratch = SCRATCH_BYTES * (started.length + 1)
      const workerData = { control: control.memory, signals, memories, scratch, spin: SPIN }
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
  const own = (job: Job): void => job.run(job.record, job.first, job.end, job.scratch)
  const share = (jobs: readonly Job[]): number => {
    jobs.forEach(({ bytes, memory, record, first, end, scratch }, i) => {
      words.set([memory, moduleAt(bytes), bytes.length, record, first, end, scratch], JOBS_AT + JOB_WORDS * i)
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
    adopt: (memory) => {
      memories.push(memory)
      for (const worker of started) worker.postMessage(memory)
    },
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
