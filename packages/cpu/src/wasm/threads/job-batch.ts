// Jobs over the arrays of one memory: room for their arguments, results and work. Comes in: kernels with
// their arguments. Goes out: jobs, queued with those of other memories. Source: docs/design/07-cpu.md.

import type { Dispatcher } from './dispatcher.js'
import type { LaneMemory } from './lane-memory.js'
import { SCRATCH_BYTES, type Job } from './thread-pool.js'

/** Words of arguments of all kernels of a dispatch. */
const RECORD_WORDS = 65536

/** Partial sums of a dispatch. */
export const MOST_PARTIALS = 131072

/** Weights of a job: long enough to be worth handing over, short enough to even out. */
const JOB_WEIGHTS = 32768

/** Work to be run together. */
export interface JobBatch {
  readonly threads: number
  /** Memory of the caller's thread to work in. */
  readonly scratch: number
  /** Make room for a kernel's words and partial results, running what is queued if there is none. */
  room(words: number, partials: number): { readonly record: number; readonly partials: number }
  /** Queue the units of a kernel whose record is filled in. */
  add(
    kernel: Pick<Job, 'run' | 'bytes'>,
    record: number,
    units: readonly [first: number, end: number],
    weightsPerUnit: number,
  ): void
  /** Queue what reads the results of the jobs queued so far, in any memory. */
  afterwards(after: () => void): void
  /** Run all that is queued, in all memories. */
  flush(): void
}

/**
 * Make the batch of a memory; threads other than the caller's need one that is shared.
 * @throws if the memory is full.
 */
export function jobBatch(memory: LaneMemory, jobs: Dispatcher): JobBatch {
  const { threads } = jobs
  const need = (bytes: number): number => {
    const address = memory.reserve(bytes)
    if (address === undefined)
      throw new RangeError(`jobs: expected ${bytes} free bytes in the memory, found fewer`)
    return address
  }
  const records = need(4 * RECORD_WORDS)
  const sums = need(8 * MOST_PARTIALS)
  const scratch = need(SCRATCH_BYTES * threads)
  const number = jobs.adopt(memory.memory)
  let dispatch = jobs.number()
  let words = 0
  let partials = 0
  return Object.freeze({
    threads,
    scratch,
    room: (moreWords, morePartials) => {
      // Partials are f64 and whole vectors: records and partials stay aligned to 16 bytes.
      const [w, p] = [Math.ceil(moreWords / 4) * 4, Math.ceil(morePartials / 2) * 2]
      if (dispatch === jobs.number() && (words + w > RECORD_WORDS || partials + p > MOST_PARTIALS))
        jobs.flush()
      if (dispatch !== jobs.number()) {
        dispatch = jobs.number()
        words = partials = 0
      }
      const at = { record: records + 4 * words, partials: sums + 8 * partials }
      words += w
      partials += p
      return at
    },
    add: ({ run, bytes }, record, [first, last], weightsPerUnit) => {
      const step = threads > 1 ? Math.max(1, Math.floor(JOB_WEIGHTS / weightsPerUnit)) : last - first
      for (let from = first; from < last; from += step) {
        const end = Math.min(from + step, last)
        jobs.add(
          { run, bytes, memory: number, record, first: from, end, scratch },
          (end - from) * weightsPerUnit,
        )
      }
    },
    afterwards: jobs.afterwards,
    flush: jobs.flush,
  } satisfies JobBatch)
}
