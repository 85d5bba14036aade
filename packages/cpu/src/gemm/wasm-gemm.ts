// Matrix products as jobs over one memory. Comes in: a plan and three addresses. Goes out: C, when the jobs
// have run.
// Source: docs/design/07-cpu.md, "Matrix products".

import { instanceOf } from '../wasm/run/kernel-cache.js'
import type { JobBatch } from '../wasm/threads/job-batch.js'
import type { LaneMemory } from '../wasm/threads/lane-memory.js'
import { BAND_ROWS, BATCH_WORDS, gemmBytes, productWord } from './gemm-module.js'
import type { ProductPlan } from './product-plan.js'

/** Multiplications and additions that pay for handing a job to another thread: about 100 µs on one. */
const SHARED_WORK = 2 ** 22

/** Jobs a thread gets: enough to even out, few enough that packing B anew for each costs little. */
const JOBS_A_THREAD = 4

/** Fewer rows than this a job, and columns are shared out instead. */
const JOB_ROWS = 32

/** Batches of a record, at most. */
export const RECORD_BATCHES = 4096

/** Weights that `JobBatch` makes one job of. */
const JOB_WEIGHTS = 32768

/** Columns from a vector's start to the next. */
const VECTOR_COLUMNS = 8

/** Words of a record of so many batches. */
export const recordWords = (batches: number): number => productWord.batches + BATCH_WORDS * batches

/** Byte addresses of a product's operands. */
export interface ProductAddresses {
  readonly a: number
  readonly b: number
  readonly c: number
}

/** Multiplies matrices in one memory. */
export interface WasmGemm {
  /** Compute C; A and B may be the same, C overlaps neither. */
  run(plan: ProductPlan, at: ProductAddresses): void
}

/** What products need of the memory's owner. */
export interface GemmHost {
  readonly memory: Pick<LaneMemory, 'memory' | 'shared' | 'views' | 'reserve'>
  readonly batch: Pick<JobBatch, 'threads' | 'room' | 'add' | 'flush'>
}

/** Columns of a product that go together: all of them, or a part. */
interface Part {
  readonly from: number
  readonly columns: number
}

/** Compile the module for one memory. */
export function wasmGemm({ memory, batch }: GemmHost): WasmGemm {
  const bytes = gemmBytes(memory.shared)
  const { run } = instanceOf(memory, bytes)
  if (!run) throw new Error('gemm: expected the export run')
  const kernel = { run, bytes }

  /** Queue so many batches, so many columns of each; `bandsPerJob` = 0 makes one job of them. */
  const queue = (
    plan: ProductPlan,
    at: ProductAddresses,
    [first, count]: readonly [first: number, count: number],
    { from, columns }: Part,
    bandsPerJob: number,
  ): void => {
    const { record } = batch.room(recordWords(count), 0)
    const { i32 } = memory.views()
    const word = record / 4
    const bands = Math.ceil(plan.rows / BAND_ROWS)
    i32[word + productWord.rows] = plan.rows
    i32[word + productWord.columns] = columns
    i32[word + productWord.depth] = plan.depth
    i32[word + productWord.aRow] = 4 * plan.a[0]
    i32[word + productWord.aStep] = 4 * plan.a[1]
    i32[word + productWord.bStep] = 4 * plan.b[0]
    i32[word + productWord.bColumn] = 4 * plan.b[1]
    i32[word + productWord.cRow] = 4 * plan.columns
    i32[word + productWord.bands] = bands
    for (let i = 0; i < count; i++) {
      const entry = word + productWord.batches + BATCH_WORDS * i
      i32[entry] = at.a + 4 * plan.aAt(first + i)
      i32[entry + 1] = at.b + 4 * (plan.bAt(first + i) + from * plan.b[1])
      i32[entry + 2] = at.c + 4 * ((first + i) * plan.rows * plan.columns + from)
    }
    const units = bands * count
    batch.add(kernel, record, [0, units], JOB_WEIGHTS / (bandsPerJob || units))
  }

  return Object.freeze({
    run: (plan, at) => {
      const { rows, columns, depth, batches } = plan
      if (rows * columns * batches === 0) return
      if (depth === 0) return void memory.views().f32.fill(0, at.c / 4, at.c / 4 + batches * rows * columns)
      const pieces =
        batch.threads > 1 && rows * columns * depth * batches >= SHARED_WORK
          ? batch.threads * JOBS_A_THREAD
          : 1
      const byRows = rows * batches >= JOB_ROWS * pieces
      const bands = Math.ceil(rows / BAND_ROWS) * batches
      const width = byRows ? columns : VECTOR_COLUMNS * Math.ceil(columns / pieces / VECTOR_COLUMNS)
      const bandsPerJob = byRows && pieces > 1 ? Math.ceil(bands / pieces) : 0
      for (let first = 0; first < batches; first += RECORD_BATCHES)
        for (let from = 0; from < columns; from += width)
          queue(
            plan,
            at,
            [first, Math.min(RECORD_BATCHES, batches - first)],
            { from, columns: Math.min(width, columns - from) },
            bandsPerJob,
          )
      batch.flush()
    },
  } satisfies WasmGemm)
}
