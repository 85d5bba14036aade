// The comparison. Comes in: texts, formats, rates, seeds. Goes out: losses of each method after the cast, by
// llama.cpp, on text that none of them saw, at the rate that was best on another such text.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dropJudged, takes, train, type Cell, type Compared, type Trained } from './cells.js'
import { lossesOf, type Losses } from './judge.js'
import { asTheyAre, llamaCppRule, ownCast, roundings, type Rounding, type Weights } from './roundings.js'

/** A row of the table: one a text, format, method and rounding. */
export interface Row {
  readonly text: string
  readonly format: string
  /** A method, or that the checkpoint was not trained. */
  readonly method: string
  /** How the weights were rounded. */
  readonly rounding: string
  /** After the cast at all rates, in their order, with the first seed; nothing without training. */
  readonly tried: readonly Tried[]
  /** A seed each, at the rate that was best on the text to choose by; one without training. */
  readonly seeds: readonly Tried[]
}

/** What one training, or none, came to. */
export interface Tried {
  /** Absent without training. */
  readonly rate?: number
  /** After the cast; absent where there is no such file. */
  readonly cast?: Losses
  /** Of the weights in F32, where they were looked at. */
  readonly full?: Losses
}

const nowhere: Losses = { choose: Infinity, test: Infinity }

/** All rows, each told as soon as it is there. */
export async function compare(compared: Compared, onRow: (row: Row) => void): Promise<readonly Row[]> {
  mkdirSync(compared.folder, { recursive: true })
  refuseOthers(compared)
  const rows: Row[] = []
  const add = (row: Row): void => {
    rows.push(row)
    onRow(row)
  }
  for (const text of compared.texts)
    for (const format of compared.formats) {
      for (const row of await untrained(compared, text, format)) add(row)
      for (const method of compared.methods.filter((each) => takes(each, format))) {
        const used: Trained[] = []
        // Who trains for a cast trains for that of training.
        for (const rounding of method === 'PTQ' ? roundings : [ownCast]) {
          const { row, from } = await trained(compared, { text, format, method }, rounding)
          add(row)
          used.push(...from)
        }
        for (const one of used) dropJudged(one, method)
      }
    }
  return rows
}

/** What is kept belongs to these settings. @throws Error where the folder has results of others. */
function refuseOthers({ folder, model, texts, steps, batch, context, judged, formats }: Compared): void {
  const files = [model, ...texts.flatMap(({ train, choose, test }) => [train, choose, test])]
  const prints = files.map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'))
  const settings = JSON.stringify({ prints, steps, batch, context, judged, first: formats[0] })
  const path = join(folder, 'settings.json')
  if (!existsSync(path)) writeFileSync(path, settings)
  const found = readFileSync(path, 'utf8')
  if (found !== settings)
    throw new Error(
      `${folder}: expected results of these settings (${settings}), found such of others (${found}); name another folder: --out <path>`,
    )
}

/** The checkpoint as it is and rounded without training, also to the 8 bits that are said to lose nothing. */
async function untrained(
  compared: Compared,
  text: Compared['texts'][number],
  format: string,
): Promise<readonly Row[]> {
  const eight = format === compared.formats[0] ? [{ to: 'q8_0', rounding: llamaCppRule }] : []
  const keep = join(compared.folder, `${text.name}-start`)
  const rows: Row[] = []
  for (const { to, rounding } of [...eight, ...roundings.map((each) => ({ to: format, rounding: each }))]) {
    const from = { weights: compared.model, keep }
    const place = { text, format: to }
    const cast = await afterCast(compared, place, rounding, from)
    const seeds = [{ ...cast, full: await inFull(compared, place, from) }]
    rows.push({
      text: text.name,
      format: to,
      method: 'no training',
      rounding: rounding.name,
      tried: [],
      seeds,
    })
  }
  return rows
}

/** The trainings of a method, for a rounding at its best rate. */
async function trained(
  compared: Compared,
  { text, format, method }: Pick<Cell, 'text' | 'format' | 'method'>,
  rounding: Rounding,
): Promise<{ readonly row: Row; readonly from: readonly Trained[] }> {
  const place = { text, format }
  const at = async (rate: number, seed: number): Promise<{ readonly tried: Tried; readonly from?: Kept }> => {
    const weights = await train(compared, { ...place, method, rate, seed })
    if (weights === undefined) return { tried: { rate, cast: nowhere, full: nowhere } }
    const from = { ...weights, keep: weights.weights.replace(/\.safetensors$/, '') }
    return { tried: { rate, ...(await afterCast(compared, place, rounding, from)) }, from }
  }
  const [first, ...others] = compared.seeds
  const all = []
  for (const rate of compared.rates) all.push(await at(rate, first!))
  const tried = all.map((each) => each.tried)
  const loss = ({ cast }: Tried): number => cast?.choose ?? Infinity
  const best = all.reduce((low, each) => (loss(each.tried) < loss(low.tried) ? each : low))
  const cells = [best]
  // Without a file there is no rate to choose.
  if (rounding.holds(format)) for (const seed of others) cells.push(await at(best.tried.rate!, seed))
  const seeds: Tried[] = []
  for (const { tried: cell, from } of cells)
    seeds.push(from === undefined ? cell : { ...cell, full: await inFull(compared, place, from) })
  return {
    row: { text: text.name, format, method, rounding: rounding.name, tried, seeds },
    from: [...all, ...cells].flatMap(({ from }) => from ?? []),
  }
}

/** What is judged, and the beginning of the paths where that is kept. */
interface Kept extends Weights {
  readonly keep: string
}
type Place = Pick<Cell, 'text' | 'format'>

const inFull = ({ judged: tokens, context }: Compared, { text }: Place, { weights, keep }: Kept) =>
  lossesOf({ text, tokens, context, keep: `${keep}-full`, write: (file) => asTheyAre(weights, file) })

async function afterCast(
  { judged: tokens, context }: Compared,
  { text, format }: Place,
  rounding: Rounding,
  from: Kept,
): Promise<Pick<Tried, 'cast'>> {
  if (!rounding.holds(format)) return {}
  const keep = `${from.keep}-${format}${markOf(rounding)}`
  const write = (file: string): Promise<void> => rounding.write(from, format, file)
  return { cast: await lossesOf({ text, tokens, context, keep, write }) }
}

/** Files of the other ways have names of their own. */
const markOf = (rounding: Rounding): string =>
  rounding === ownCast ? '' : `-${rounding.name.replaceAll(/[^A-Za-z0-9]+/g, '-')}`
