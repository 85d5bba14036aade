// One run and its store: goes on from what is kept, keeps where it stands, and at the end its weights.
// Comes in: a job and its store. Goes out: options of a run, and files.
// Source: docs/design/04-bench.md, "A run is a folder".

import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readSafetensors, toFloat32 } from '@lotion/checkpoints'
import { mapTree, type Tree } from '@lotion/core'
import type { RunLine } from '../records.js'
import type { Workload } from '../tasks/task.js'
import type { JobStore, StoreOptions } from './job-store.js'
import type { JobResult, RunJob } from './run-job.js'
import type { RunOptions, RunResult, RunSaver } from './run-options.js'
import { saveCast, saveTrained, type SavedModel } from './save-model.js'

/** What a finished job left, as if it had just run; nothing, if it is not finished. */
export async function leftBy(
  job: RunJob,
  store: JobStore,
): Promise<{ readonly result: JobResult; readonly records: readonly RunLine[] } | undefined> {
  const left = await store.finished(job)
  const record = left?.records.at(-1)
  if (!left || record?.type !== 'result') return undefined
  const { text, records } = left
  const isKept = job.keep && record.diverged === undefined
  const quantized = isKept ? await weightsIn(store.weights(job, 'cast')) : undefined
  return {
    records,
    result: { record, ...(quantized ? { quantized } : {}), ...(text === undefined ? {} : { text }) },
  }
}

async function weightsIn(path: string): Promise<Tree<Float32Array>> {
  const { tensors } = await readSafetensors(path)
  return mapTree(tensors, (tensor) => toFloat32(tensor))
}

/** Keeps one run. */
export interface JobKeeper {
  /** Where the run goes on from, and what keeps its places. */
  options(): Promise<Pick<RunOptions, 'from' | 'saver'>>
  /** Keep the weights, if it is no trial, and note that the run is over. */
  finish(
    weights: Pick<RunResult, 'trained' | 'last'>,
    result: JobResult,
    records: readonly RunLine[],
    model: SavedModel,
  ): Promise<void>
}

/** Keep a job in its store. */
export function keeper(
  job: RunJob,
  store: JobStore,
  options: StoreOptions,
  { shapes }: Pick<Workload, 'shapes'>,
): JobKeeper {
  return {
    options: async () => {
      const from = await store.latest(job)
      return { ...(from ? { from } : {}), saver: saver(job, store, options, shapes) }
    },
    finish: async ({ trained, last }, { record, quantized, text }, records, model) => {
      const { method, seed, steps, diverged, left } = record
      // Trials of tuning are judged by their loss alone.
      const isTrial = job.nonFinite !== 'refuse'
      const path = store.weights(job, 'trained')
      if (!isTrial && (diverged === undefined || left?.best)) await mkdir(dirname(path), { recursive: true })
      if (!isTrial && diverged === undefined) {
        await saveTrained(path, trained, model)
        if (last) {
          const lastOf = { ...model, record: { method, seed, steps } }
          await saveTrained(store.weights(job, 'last'), last, lastOf, 'last')
        }
        if (quantized) await saveCast(store.weights(job, 'cast'), quantized, model)
      } else if (!isTrial && left?.best) {
        const { step, ...losses } = left.best
        await saveTrained(path, trained, {
          ...model,
          record: { method, seed, steps: step, bestStep: step, ...losses },
        })
      }
      const places = !isTrial && diverged !== undefined ? 'keep last' : 'remove'
      await store.finish(job, { records, ...(text === undefined ? {} : { text }) }, places)
    },
  }
}

function saver(
  job: RunJob,
  store: JobStore,
  { seconds = Infinity, steps = Infinity }: StoreOptions,
  shapes: Workload['shapes'],
): RunSaver {
  let [lastTime, lastStep]: [number, number | undefined] = [performance.now(), undefined]
  return {
    job: store.nameOf(job),
    due: (step) => {
      lastStep ??= step - 1
      const isBranch = job.branches?.includes(step) ?? false
      return isBranch || performance.now() - lastTime >= 1000 * seconds || step - lastStep >= steps
    },
    save: async (snapshot) => {
      await store.save(job, snapshot, shapes)
      lastTime = performance.now()
      lastStep = snapshot.from.step
    },
  }
}
