// Collects the work of several calls, so that small tensors share one dispatch. Comes in: kernels with their arguments.
// Goes out: jobs, run together; then what has to follow them. Source: docs/design/07-cpu.md.

import { CONTROL_BYTES, threadPool, type Job, type ThreadPool } from './thread-pool.js'
import type { LaneMemory } from './lane-memory.js'

/** Words of arguments of all kernels of a dispatch. */
const RECORD_WORDS = 65536

/** Partial sums of a dispatch. */
export const MOST_PARTIALS = 131072

/** Bytes of each thread to work in. */
export const SCRATCH_BYTES = 2 ** 21

/** Weights of a job: long enough to be worth handing over, short enough to even out. */
const JOB_WEIGHTS = 32768

/** With fewer weights a dispatch takes longer than it saves: a sleeping thread wakes in 20 µs. */
const SHARED_WEIGHTS = 131072

/** Jobs by who ran them. */
export interface JobCounts {
  /** On the caller's thread. */
  readonly here: number
  readonly elsewhere: number
}

/** Work to be run together. */
export interface JobBatch {
  readonly threads: number
  /** Jobs run so far, by whom. */
  counts(): JobCounts
  /** Memory of the caller's thread to work in. */
  readonly scratch: number
  /** Make room for a kernel's words and partial results, running what is queued if there is none. */
  room(words: number, partials: number): { readonly record: number; readonly partials: number }
  /** Queue the units of a kernel whose record is filled in. */
  add(
    kernel: Pick<Job, 'run' | 'module'>,
    record: number,
    units: readonly [first: number, end: number],
    weightsPerUnit: number,
  ): void
  /** Queue what reads the results of the jobs queued so far. */
  afterwards(after: () => void): void
  /** Run all that is queued. */
  flush(): void
  close(): void
}

/** Make a batch over a memory; threads other than the caller's need one that is shared. @throws if the memory is full. */
export function jobBatch(memory: LaneMemory, threads: number): JobBatch {
  const need = (bytes: number): number => {
    const address = memory.reserve(bytes)
    if (address === undefined)
      throw new RangeError(`jobs: expected ${bytes} free bytes in the memory, found fewer`)
    return address
  }
  const records = need(4 * RECORD_WORDS)
  const sums = need(8 * MOST_PARTIALS)
  const scratch = Array.from({ length: threads }, () => need(SCRATCH_BYTES))
  const pool: ThreadPool | undefined =
    threads > 1 ? threadPool({ memory, threads, scratch, control: need(CONTROL_BYTES) }) : undefined
  let words = 0
  let partials = 0
  let weights = 0
  let jobs: Job[] = []
  let followers: (() => void)[] = []
  let [here, elsewhere] = [0, 0]
  const flush = (): void => {
    const [ready, after] = [jobs, followers]
    const shared = pool && weights >= SHARED_WEIGHTS
    jobs = []
    followers = []
    words = partials = weights = 0
    const others = shared ? pool.run(ready) : 0
    here += ready.length - others
    elsewhere += others
    if (!shared) for (const { run, record, first, end } of ready) run(record, first, end, scratch[0]!)
    after.forEach((follow) => follow())
  }
  return Object.freeze({
    threads,
    counts: () => ({ here, elsewhere }),
    scratch: scratch[0]!,
    room: (moreWords, morePartials) => {
      // Partials are f64 and whole vectors: records and partials stay aligned to 16 bytes.
      const [w, p] = [Math.ceil(moreWords / 4) * 4, Math.ceil(morePartials / 2) * 2]
      if (words + w > RECORD_WORDS || partials + p > MOST_PARTIALS) flush()
      const at = { record: records + 4 * words, partials: sums + 8 * partials }
      words += w
      partials += p
      return at
    },
    add: (kernel, record, [first, end], weightsPerUnit) => {
      const step = threads > 1 ? Math.max(1, Math.floor(JOB_WEIGHTS / weightsPerUnit)) : end - first
      for (let from = first; from < end; from += step) {
        jobs.push({
          run: kernel.run,
          module: kernel.module,
          record,
          first: from,
          end: Math.min(from + step, end),
        })
      }
      weights += (end - first) * weightsPerUnit
    },
    afterwards: (after) => void followers.push(after),
    flush,
    close: () => pool?.close(),
  } satisfies JobBatch)
}
