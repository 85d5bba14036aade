// `run.json`: what a run's folder says of it before anything is trained, so that it can be shown, compared
// and gone on with. Comes in: a comparison and its record. Goes out: text; and the same again, checked.
// Source: docs/design/04-bench.md, "A run is a folder".

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { RUN_FILE } from '@lotion/cli/internal'
import { z } from 'zod'
import type { RunRecord } from '../records.js'
import type { Comparison } from '../runs/comparison.js'
import type { LossReading } from '../tasks/task.js'
import type { StoreOptions } from '../runs/job-store.js'

/** A run before its first step. */
export interface RunFile {
  /** Of the form of this file. */
  readonly version: 1
  /** What heads its report. */
  readonly title: string
  /** Where paths of modules and data are relative to. */
  readonly workingFolder: string
  /** How its losses are called and written. */
  readonly loss: LossReading
  /** The format for people. */
  readonly formatTitle: string
  /** Steps that the task takes by default. */
  readonly usualSteps: number
  /** All that is trained, as plain data. */
  readonly comparison: Comparison
  /** How often it keeps where it stands. */
  readonly checkpoints: Omit<StoreOptions, 'folder'>
  /** Present where event files for TensorBoard are written too. */
  readonly tensorboard?: boolean
  /** The first line of its metrics. */
  readonly record: RunRecord
  /** ISO 8601; absent until all of it is done. */
  readonly finishedAt?: string
}

const schema = z.object({
  version: z.literal(1),
  title: z.string(),
  workingFolder: z.string(),
  loss: z.object({
    name: z.string(),
    unit: z.string().optional(),
    meaning: z.string(),
    decimals: z.number().optional(),
  }),
  formatTitle: z.string(),
  usualSteps: z.number(),
  comparison: z.looseObject({
    task: z.object({ word: z.string(), options: z.record(z.string(), z.unknown()) }),
    methods: z.array(z.string()),
    format: z.string(),
    steps: z.number(),
    seeds: z.number(),
    firstSeed: z.number(),
  }),
  checkpoints: z.object({
    seconds: z.number().optional(),
    steps: z.number().optional(),
    last: z.number(),
  }),
  tensorboard: z.boolean().optional(),
  record: z.looseObject({
    type: z.literal('run'),
    command: z.string(),
    commit: z.object({ id: z.string(), changed: z.boolean() }).optional(),
    config: z.record(z.string(), z.unknown()),
    versions: z.record(z.string(), z.string()),
    timing: z.object({ at: z.string() }),
  }),
  finishedAt: z.string().optional(),
})

/** The text of a run's file. */
export const runFileText = (run: RunFile): string => `${JSON.stringify(run, null, 2)}\n`

/**
 * Read what a run's folder says of it.
 * @throws Error naming the folder, what was expected and what was found.
 */
export async function readRunFile(folder: string): Promise<RunFile> {
  const text = await readFile(join(folder, RUN_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${folder}: expected the folder of a run, found ${error.code === 'ENOENT' ? `no ${RUN_FILE} in it` : error.message}`,
    )
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(`${join(folder, RUN_FILE)}: expected JSON as a run begins with it, found other text`)
  }
  const result = schema.safeParse(value)
  if (!result.success) {
    const { path, message } = result.error.issues[0]!
    throw new Error(`${join(folder, RUN_FILE)}: ${path.join('.')}: ${message}`)
  }
  // The comparison was checked when it began; what its words name is looked for again.
  return value as RunFile
}

/** Whether a folder is that of a run. */
export const isRunFolder = (folder: string): Promise<boolean> =>
  stat(join(folder, RUN_FILE)).then(
    () => true,
    () => false,
  )

/** The folder that a word names: a path, or a run in `runs`. */
export async function runFolder(word: string): Promise<string> {
  const inRuns = join('runs', word)
  return !(await isRunFolder(word)) && (await isRunFolder(inRuns)) ? inRuns : word
}
