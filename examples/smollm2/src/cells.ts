// The trainings of the comparison. Comes in: what is compared. Goes out: a run for each text, format,
// method, rate and seed, when it is needed; finished ones are not made again, others gone on with.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { keptLoss } from './judge.js'
import { lotion } from './lotion.js'

/** A text, of which `test` is never trained on. */
export interface ComparedText {
  readonly name: string
  readonly train: string
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
}

/** Methods, as practitioners call them, and as they are typed. */
export const methods = {
  PTQ: 'ptq',
  QAT: 'qat',
  'QAT@0.8': 'ptq+qat@0.8',
  LOTION: 'lotion',
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

const result = z.object({
  type: z.literal('result'),
  fullPrecision: z.number().nullable(),
  nearest: z.number().nullable(),
})

/** The folder of a training; PTQ trains the same weights whatever they are cast to. */
export const runOf = ({ folder, formats }: Compared, { text, format, method, rate, seed }: Cell): string =>
  join(folder, [text.name, method === 'PTQ' ? formats[0] : format, method, rate, seed].join('-'))

/** Train, or go on, unless it is done. */
export async function train(compared: Compared, cell: Cell): Promise<void> {
  const { model, steps, batch, context, judged } = compared
  const run = runOf(compared, cell)
  const file = join(run, 'run.json')
  if (existsSync(file)) {
    const { finishedAt } = z.object({ finishedAt: z.string().optional() }).parse(readJson(file))
    if (finishedAt === undefined) await lotion('resume', run)
    return
  }
  const format = cell.method === 'PTQ' ? compared.formats[0]! : cell.format
  const words = [
    `--format ${format} --methods ${methods[cell.method]} --lr ${cell.rate} --seed ${cell.seed} --steps ${steps}`,
    `--batch ${batch} --context ${context} --eval-tokens ${judged} --eval-every ${steps} --casts 1`,
    '--checkpoint-every 2m --keep-checkpoints 1',
  ]
  const paths = ['--model', model, '--data', cell.text.train, '--out', run]
  await lotion('train', ...paths, ...words.flatMap((line) => line.split(' ')))
}

/** Whether a training diverged: it has no weights then. */
export const diverged = (compared: Compared, cell: Cell): boolean =>
  resultOf(runOf(compared, cell)) === Infinity

/**
 * The loss after the cast on the text that the run held back; infinite if it diverged. PTQ's is measured for
 * each format: the run knows that of the first alone.
 */
async function heldBack(compared: Compared, cell: Cell): Promise<number> {
  const run = runOf(compared, cell)
  const loss = resultOf(run)
  if (cell.method !== 'PTQ' || cell.format === compared.formats[0] || loss === Infinity) return loss
  return keptLoss(`${run}-held-back-${cell.format}.json`, () =>
    lotion('eval', run, '--format', cell.format, '--json'),
  )
}

/** What a run says of itself. */
function resultOf(run: string): number {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')
  const found = lines.map((line) => result.safeParse(JSON.parse(line)))
  return found.find(({ success }) => success)?.data?.nearest ?? Infinity
}

/** The trainings of a method at the rate that is best on what was held back, one a seed. */
export async function trained(
  compared: Compared,
  { text, format, method }: Pick<Cell, 'text' | 'format' | 'method'>,
): Promise<readonly Cell[]> {
  const [first, ...others] = compared.seeds
  let best: { readonly cell: Cell; readonly loss: number } | undefined
  for (const rate of compared.rates) {
    const cell: Cell = { text, format, method, rate, seed: first! }
    await train(compared, cell)
    const loss = await heldBack(compared, cell)
    if (best === undefined || loss < best.loss) best = { cell, loss }
  }
  const cells = [best!.cell, ...others.map((seed): Cell => ({ ...best!.cell, seed }))]
  for (const cell of cells) await train(compared, cell)
  return cells
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
