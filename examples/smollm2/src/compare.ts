// The comparison. Comes in: texts, formats, rates, seeds. Goes out: losses of each method after the cast, by
// llama.cpp, on text that none of them saw.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diverged, runOf, trained, type Cell, type Compared } from './cells.js'
import { lossOf } from './judge.js'
import { lotion } from './lotion.js'
import { absmaxCast, llamaCppRule, roundings, type Rounding } from './roundings.js'

/** A row of the table: one a text, format and method, with a loss a seed. */
export interface Row {
  readonly text: string
  readonly format: string
  /** A method, or that the checkpoint was not trained. */
  readonly method: string
  /** How the weights were rounded. */
  readonly rounding: string
  /** The rate that was best on what was held back; absent without training. */
  readonly rate?: number
  /** Of the trained weights in F32, a seed each. */
  readonly full: readonly number[]
  /** After the cast. */
  readonly cast: readonly number[]
}

/** All rows, each told as soon as it is there. */
export async function compare(compared: Compared, onRow: (row: Row) => void): Promise<readonly Row[]> {
  mkdirSync(compared.folder, { recursive: true })
  refuseOthers(compared)
  const rows: Row[] = []
  const add = (row: Row): void => {
    rows.push(row)
    onRow(row)
  }
  for (const format of compared.formats)
    for (const text of compared.texts) {
      for (const row of await untrained(compared, text, format)) add(row)
      for (const method of compared.methods) {
        const cells = await trained(compared, { text, format, method })
        // Training for a cast is training for that of training.
        for (const rounding of method === 'PTQ' ? roundings : [absmaxCast]) {
          if (!rounding.holds(format)) continue
          const losses = []
          for (const cell of cells) losses.push(await lossesOf(compared, cell, rounding))
          add({
            text: text.name,
            format,
            method,
            rounding: rounding.name,
            rate: cells[0]!.rate,
            full: losses.map(({ full }) => full),
            cast: losses.map(({ cast }) => cast),
          })
        }
      }
    }
  return rows
}

/** What is kept belongs to these settings. @throws Error where the folder has results of others. */
function refuseOthers({ folder, model, texts, steps, batch, context, judged, formats }: Compared): void {
  const files = [model, ...texts.flatMap(({ train, test }) => [train, test])]
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
  const at = (name: string): string => join(compared.folder, `${text.name}-${name}`)
  const common = { ...measured(compared, text), model: compared.model }
  const full = [await lossOf({ ...common, keep: at('start.json'), write: inFloats })]
  const rows: Row[] = []
  const eight = format === compared.formats[0] ? [{ to: 'q8_0', rounding: llamaCppRule }] : []
  for (const { to, rounding } of [...eight, ...roundings.map((each) => ({ to: format, rounding: each }))]) {
    if (!rounding.holds(to)) continue
    const keep = at(`start-${to}${markOf(rounding)}.json`)
    const write = (model: string, file: string): Promise<void> => rounding.write(model, to, file)
    const cast = [await lossOf({ ...common, keep, write })]
    rows.push({ text: text.name, format: to, method: 'no training', rounding: rounding.name, full, cast })
  }
  return rows
}

async function lossesOf(
  compared: Compared,
  cell: Cell,
  rounding: Rounding,
): Promise<{ readonly full: number; readonly cast: number }> {
  if (diverged(compared, cell)) return { full: Infinity, cast: Infinity }
  const run = runOf(compared, cell)
  const [weights, common] = [beforeCast(run), measured(compared, cell.text)]
  const full = await lossOf({ ...common, model: weights, keep: `${run}-full.json`, write: inFloats })
  const cast = await lossOf({
    ...common,
    // A run is exported by its own rules.
    model: rounding === absmaxCast ? run : weights,
    keep: `${run}-${cell.format}${markOf(rounding)}.json`,
    write: (model, file) => rounding.write(model, cell.format, file),
  })
  return { full, cast }
}

/** Files of the other ways have names of their own. */
const markOf = (rounding: Rounding): string =>
  rounding === absmaxCast ? '' : `-${rounding.name.replaceAll(/[^A-Za-z0-9]+/g, '-')}`

async function inFloats(model: string, file: string): Promise<void> {
  await lotion('export', model, '--to', 'gguf', '--out', file)
}

const measured = ({ judged, context }: Compared, { test }: Compared['texts'][number]) => ({
  text: test,
  tokens: judged,
  context,
})

/** The weights of a run before they were cast. */
function beforeCast(run: string): string {
  const names = readdirSync(join(run, 'weights')).filter((name) => !/\.(cast|last)\.safetensors$/.test(name))
  return join(run, 'weights', names[0]!)
}
