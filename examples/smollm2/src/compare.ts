// The comparison. Comes in: texts, formats, rates, seeds. Goes out: losses of each method after the cast, by
// llama.cpp, on text that none of them saw.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diverged, runOf, trained, type Cell, type Compared } from './cells.js'
import { lossOf } from './judge.js'

/** A row of the table: one a text, format and method, with a loss a seed. */
export interface Row {
  readonly text: string
  readonly format: string
  /** A method, or what the checkpoint was cast with before any training. */
  readonly method: string
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
      add(await start(compared, text, format))
      for (const method of compared.methods) {
        const cells = await trained(compared, { text, format, method })
        const losses = []
        for (const cell of cells) losses.push(await lossesOf(compared, cell))
        add({
          text: text.name,
          format,
          method,
          rate: cells[0]!.rate,
          full: losses.map(({ full }) => full),
          cast: losses.map(({ cast }) => cast),
        })
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

/** The checkpoint as it is, and cast without training. */
async function start(compared: Compared, text: Compared['texts'][number], format: string): Promise<Row> {
  const at = (name: string): string => join(compared.folder, `${text.name}-${name}`)
  const common = { ...measured(compared, text), model: compared.model }
  const full = await lossOf({ ...common, keep: at('start.json') })
  const options = ['--format', format]
  const cast = await lossOf({ ...common, keep: at(`start-${format}.json`), options })
  return { text: text.name, format, method: 'no training', full: [full], cast: [cast] }
}

async function lossesOf(
  compared: Compared,
  cell: Cell,
): Promise<{ readonly full: number; readonly cast: number }> {
  if (diverged(compared, cell)) return { full: Infinity, cast: Infinity }
  const run = runOf(compared, cell)
  const common = measured(compared, cell.text)
  const full = await lossOf({ ...common, model: beforeCast(run), keep: `${run}-full.json` })
  const options = ['--format', cell.format]
  const cast = await lossOf({ ...common, model: run, keep: `${run}-${cell.format}.json`, options })
  return { full, cast }
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
