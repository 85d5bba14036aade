// The trainings of the comparison. Comes in: what is compared. Goes out: runs, each when it is needed; what
// is finished is not made again, what was stopped is gone on with.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { formatByName } from '@lotion/formats'
import { z } from 'zod'
import { lotion } from './lotion.js'

/** A text in three parts: to train on, to choose rates by, and to judge by. */
export interface ComparedText {
  readonly name: string
  readonly train: string
  readonly choose: string
  readonly test: string
}

/** What is compared. */
export interface Compared {
  /** The checkpoint, a GGUF file. */
  readonly model: string
  readonly texts: readonly ComparedText[]
  readonly formats: readonly string[]
  readonly methods: readonly MethodName[]
  readonly rates: readonly number[]
  /** The first one chooses the rate. */
  readonly seeds: readonly number[]
  readonly steps: number
  /** Sequences a step, and tokens of each. */
  readonly batch: number
  readonly context: number
  /** Tokens that losses are measured on. */
  readonly judged: number
  /** Where runs and files are kept. */
  readonly folder: string
  /** Threads of a training; all if absent. */
  readonly threads?: number
}

/** Methods, as practitioners call them, and as they are typed. */
export const methods = {
  PTQ: 'ptq',
  'QAT@0.8': 'ptq+qat@0.8',
  'LSQ@0.8': 'ptq+lsq@0.8',
  QAT: 'qat',
  LOTION: 'lotion',
  'LOTION, QAT@0.8': 'lotion+qat@0.8',
} as const

/** A method's name. */
export type MethodName = keyof typeof methods

/** One training. */
export interface Cell {
  readonly text: ComparedText
  readonly format: string
  readonly method: MethodName
  readonly rate: number
  readonly seed: number
}

/** PTQ trains the same weights whatever they are cast to. */
const trainedFor = ({ formats }: Compared, { method, format }: Cell): string =>
  method === 'PTQ' ? formats[0]! : format

/** LSQ learns where to clip: it refuses a scale that clips already, as that of q4_0-full. */
export const takes = (method: MethodName, format: string): boolean =>
  method !== 'LSQ@0.8' || !formatByName(format).scale.claims.saturates

/** Methods that begin alike and are trained for the same format: one run trains what they share once. */
function togetherWith(compared: Compared, cell: Cell): readonly MethodName[] {
  const first = (name: MethodName): string => methods[name].split('+')[0]!
  return compared.methods.filter(
    (method) =>
      first(method) === first(cell.method) &&
      takes(method, cell.format) &&
      trainedFor(compared, { ...cell, method }) === cell.format,
  )
}

/** Train, or go on, unless it is done. Goes out: the trained weights; nothing if the training diverged. */
export async function train(compared: Compared, cell: Cell): Promise<Trained | undefined> {
  const { model, steps, batch, context, folder, threads } = compared
  const format = trainedFor(compared, cell)
  const together = togetherWith(compared, { ...cell, format })
  // All that it trains is in its name: a method that is asked for later is trained, not taken for diverged.
  const names = together.map((name) => name.replaceAll(/[^\w.@-]+/g, '-')).join('+')
  const run = join(folder, [cell.text.name, format, names, cell.rate, cell.seed].join('-'))
  const file = join(run, 'run.json')
  if (!existsSync(file)) {
    const words = [
      `--format ${format} --methods ${together.map((name) => methods[name]).join(',')} --lr ${cell.rate}`,
      `--seed ${cell.seed} --steps ${steps} --batch ${batch} --context ${context}`,
      // llama.cpp judges; what the run says of itself is looked at by nobody.
      `--eval-tokens ${batch * context} --eval-every ${steps} --casts 1 --checkpoint-every 2m --keep-checkpoints 1`,
      ...(threads === undefined ? [] : [`--threads ${threads}`]),
    ]
    const paths = ['--model', model, '--data', cell.text.train, '--out', run]
    await lotion('train', ...paths, ...words.flatMap((line) => line.split(' ')))
  } else if (z.object({ finishedAt: z.string().optional() }).parse(readJson(file)).finishedAt === undefined)
    await lotion('resume', run)
  const found = trainedIn(run, cell)
  return found && format !== cell.format ? { weights: found.weights } : found
}

/** Weights of a method. */
export interface Trained {
  /** Before their cast. */
  readonly weights: string
  /** After it, if it is that to the cell's format. */
  readonly cast?: string
}

/**
 * The files of a method in a run that is done; nothing if it diverged. Weights that were removed once they
 * were judged are still named by their losses.
 */
function trainedIn(run: string, { method, seed }: Cell): Trained | undefined {
  const start = `${methods[method]}-seed${seed}-`.replaceAll(/[^\w.-]+/g, '-')
  const folder = join(run, 'weights')
  const names = existsSync(folder) ? readdirSync(folder) : []
  const [print] = names.flatMap((name) =>
    name.startsWith(start) ? (/^[0-9a-f]+\b/.exec(name.slice(start.length)) ?? []) : [],
  )
  if (print === undefined) return undefined
  const base = join(folder, start + print)
  return { weights: `${base}.safetensors`, cast: `${base}.cast.safetensors` }
}

/**
 * Remove the weights that all losses are known of, half a gigabyte each: what a run cast, and of what was
 * trained for one format the weights, too; those of PTQ are cast to the other formats.
 */
export function dropJudged({ weights, cast }: Trained, method: MethodName): void {
  const gone = [
    join(dirname(weights), '..', 'model.safetensors'),
    cast,
    method === 'PTQ' ? undefined : weights,
  ]
  for (const path of gone) if (path !== undefined) rmSync(path, { force: true })
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
