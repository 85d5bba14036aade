// What the runs of a comparison keep on the disk, so that none is done twice. Comes in: jobs as plain data.
// Goes out: a file a finished run, and for one that is under way the last places from which it goes on with
// the same bits.
// Source: docs/design/04-bench.md, "A run is a folder". A run is a pure function of its job, so the job
// names its files.

import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { loadRun, saveRun, writeAtomic } from '@lotion/checkpoints'
import { exactJson, parseExactJson } from '@lotion/checkpoints/internal'
import type { Shape, Tree } from '@lotion/core'
import { z } from 'zod'
import type { RunLine } from '../records.js'
import { anyNumber, apart, bestSchema, lossesOf, together } from './saved-best.js'
import { isForAllFormats, wordUntil } from './phase-words.js'
import { nameOf } from './job-name.js'
import { wrongLines, wrongWith } from '../run-files/record-schemas.js'
import type { RunJob } from './run-job.js'
import type { RunSnapshot } from './run-options.js'

/** When places to go on from are kept, and how many; plain data. */
export interface StoreOptions {
  /** The run's folder. */
  readonly folder: string
  /** Seconds between two of them. */
  readonly seconds?: number
  /** Steps between two of them. */
  readonly steps?: number
  /** How many are kept of a run. */
  readonly last: number
}

/** What a run left. */
export interface FinishedJob {
  readonly records: readonly RunLine[]
  readonly text?: string
}

/** The files of the jobs of one comparison. */
export interface JobStore {
  /** What a job left; nothing, if it is not finished. */
  finished(job: RunJob): Promise<FinishedJob | undefined>
  /** What its files are called. */
  nameOf(job: RunJob): string
  /** Note that a job is finished: its places are needed no more, unless the last one is to stay. */
  finish(job: RunJob, left: FinishedJob, places: 'keep last' | 'remove'): Promise<void>
  /** The last place from which a job goes on. */
  latest(job: RunJob): Promise<RunSnapshot | undefined>
  /** Keep a place, and remove those before it but for the last few. */
  save(job: RunJob, snapshot: RunSnapshot, shapes: Tree<Shape>): Promise<void>
  /** Where the weights of a job are kept: those that it took, their cast, and the last where others are. */
  weights(job: RunJob, which: KeptWeights): string
}

/** Weights that a finished job leaves. */
export type KeptWeights = 'trained' | 'cast' | 'last'

const extraSchema = z.object({
  window: z.object({ sum: anyNumber, count: z.number() }),
  clock: z.object({ total: z.number(), steps: z.array(z.tuple([z.number(), z.number()])).default([]) }),
  processorSeconds: z.number().optional(),
  records: z.array(z.unknown()),
  best: bestSchema.optional(),
})

/** Twelve digits of step keep the order of names that of steps. */
const DIGITS = 12

/** Open the store of a comparison; nothing is made before the first file. */
export function jobStore({ folder, last }: StoreOptions): JobStore {
  const own = (job: RunJob): string => join(folder, 'checkpoints', nameOf(job))
  const result = (job: RunJob): string => join(folder, 'finished', `${nameOf(job)}.json`)
  const places = async (job: RunJob): Promise<readonly string[]> =>
    (await readdir(own(job)).catch((): string[] => []))
      .filter((name) => /^step-\d+\.safetensors$/.test(name))
      .sort()
      .map((name) => join(own(job), name))
  /** What methods that part at a step have in common until there: for any of them the same file. */
  const shared = (job: RunJob, step: number): string => {
    const { modules: _, ...rest } = job
    const method = wordUntil(job.method, step, job.steps)
    const prefix = { ...rest, ...forAllFormats(job, method), method, modules: [] }
    return join(folder, 'checkpoints', `shared-${nameOf(prefix)}-step-${step}.safetensors`)
  }
  const sharedOf = async (job: RunJob): Promise<string | undefined> => {
    for (const step of (job.branches ?? []).toReversed()) {
      const path = shared(job, step)
      if (await stat(path).catch(() => undefined)) return path
    }
    return undefined
  }
  return Object.freeze({
    finished: async (job) => {
      const path = result(job)
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      return text === undefined ? undefined : finishedIn(path, text)
    },
    nameOf,
    finish: async (job, left, kept) => {
      await mkdir(join(folder, 'finished'), { recursive: true })
      await writeAtomic(result(job), exactJson(left))
      if (kept === 'remove') await rm(own(job), { recursive: true, force: true })
      else for (const old of (await places(job)).slice(0, -1)) await rm(old, { force: true })
    },
    latest: async (job) => {
      const ownPlace = (await places(job)).at(-1)
      const path = ownPlace ?? (await sharedOf(job))
      if (path === undefined) return undefined
      const { params, from, extra } = await loadRun(path)
      const { records, best, processorSeconds, ...told } = extraIn(path, extra)
      // What another took for its steps is told by its own result.
      const isOwn = ownPlace !== undefined && processorSeconds !== undefined
      const rest = { ...told, ...(isOwn ? { processorSeconds } : {}) }
      // Another method may have trained so far: its records are this one's but for the name.
      const named = (records as RunSnapshot['records']).map((record) => ({ ...record, method: job.method }))
      const known = { params, ...rest, records: named }
      return best ? { ...known, ...apart({ params, from }, best) } : { ...known, from }
    },
    save: async (job, { params, from, window, clock, processorSeconds, records, best }, shapes) => {
      await mkdir(own(job), { recursive: true })
      const name = `step-${String(from.step).padStart(DIGITS, '0')}.safetensors`
      const extra = {
        window,
        clock,
        processorSeconds,
        records,
        ...(best ? { best: lossesOf(best, from.state) } : {}),
      }
      const whole = best ? { ...from, state: together(from.state, best.weights) } : from
      await saveRun(join(own(job), name), { params, shapes, from: whole, extra })
      if (job.branches?.includes(from.step))
        await writeAtomic(shared(job, from.step), createReadStream(join(own(job), name)))
      for (const old of (await places(job)).slice(0, -last)) await rm(old, { force: true })
    },
    weights: (job, which) =>
      join(folder, 'weights', `${nameOf(job)}${which === 'trained' ? '' : `.${which}`}.safetensors`),
  } satisfies JobStore)
}

/** No format in the name of what is the same for all: neither weights nor records depend on it. */
const forAllFormats = (
  { evaluations, evaluateEvery }: RunJob,
  method: string,
): Partial<Pick<RunJob, 'format' | 'block'>> =>
  evaluations === 0 && evaluateEvery === undefined && isForAllFormats(method) ? { format: '', block: '' } : {}

/** What a finished run left. @throws Error naming the file, if it is no such thing. */
function finishedIn(path: string, text: string): FinishedJob {
  let value: unknown
  try {
    value = parseExactJson(text)
  } catch {
    throw new Error(
      `${path}: expected what a finished run left, found no JSON; remove it: the run is done again`,
    )
  }
  const left: { readonly records?: unknown; readonly text?: unknown } = Object(value)
  const wrong =
    wrongLines(left.records) ??
    (['undefined', 'string'].includes(typeof left.text) ? undefined : 'text: expected a text')
  if (wrong === undefined) return value as FinishedJob
  throw new Error(`${path}: ${wrong}; remove it: the run is done again`)
}

/** What a place says beside weights and slots. @throws Error naming the file, if it says something else. */
function extraIn(path: string, extra: unknown): z.infer<typeof extraSchema> {
  const wrong = wrongWith(extra, extraSchema) ?? wrongLines(Object(extra).records)
  if (wrong === undefined) return extraSchema.parse(extra)
  throw new Error(`${path}: ${wrong}; remove it: the run goes on from the place before`)
}
