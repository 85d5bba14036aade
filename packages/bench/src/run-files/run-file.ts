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
import { runRecordSchema, wrongWith } from './record-schemas.js'

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

const text = z.string('expected a text')
const number = z.number('expected a number')
const isOn = z.boolean('expected true or false')
const texts = z.array(text, 'expected a list')

const schema = z.looseObject(
  {
    version: z.literal(1),
    title: text,
    workingFolder: text,
    loss: z.looseObject(
      { name: text, unit: text.optional(), meaning: text, decimals: number.optional(), of: texts.optional() },
      'expected an object',
    ),
    formatTitle: text,
    usualSteps: number,
    comparison: z.looseObject(
      {
        task: z.looseObject(
          { word: text, options: z.record(z.string(), z.unknown(), 'expected an object') },
          'expected an object',
        ),
        methods: texts,
        format: text,
        block: text,
        fisher: text,
        noise: text,
        scaleGradient: isOn,
        steps: number,
        seeds: number,
        firstSeed: number,
        casts: number,
        evaluations: number,
        keep: isOn,
        tune: isOn,
        evaluateEvery: number.optional(),
        ema: number.optional(),
        keepBest: isOn.optional(),
        patience: number.optional(),
        minDelta: number.optional(),
        learningRate: number.optional(),
        lambda: number.optional(),
        cageLambda: number.optional(),
        optimizer: text.optional(),
        formats: z
          .array(
            z.looseObject({ pattern: text, format: text }, 'expected a pattern and a format'),
            'expected a list',
          )
          .optional(),
        freeze: texts.optional(),
        trainOnly: texts.optional(),
      },
      'expected an object',
    ),
    checkpoints: z.looseObject(
      { seconds: number.optional(), steps: number.optional(), last: number },
      'expected an object',
    ),
    tensorboard: isOn.optional(),
    record: runRecordSchema,
    finishedAt: text.optional(),
  },
  'expected an object',
)

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
  const wrong = wrongWith(value, schema)
  if (wrong !== undefined) throw new Error(`${join(folder, RUN_FILE)}: ${wrong}; the file was changed`)
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
