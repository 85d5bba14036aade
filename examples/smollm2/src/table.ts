// The tables of the comparison. Comes in: rows. Goes out: Markdown.

import type { Row, Tried } from './compare.js'

/** The losses at the chosen rates, and beneath them those at all rates. */
export const tablesOf = (rows: readonly Row[]): string => `${chosen(rows)}\n${tried(rows)}`

const marks = ['<!-- tables of examples/smollm2 -->', '<!-- end of the tables -->'] as const

/** Put the tables into a page, between two marks. @throws Error if they are not there. */
export function withTables(page: string, rows: readonly Row[]): string {
  const [from, to] = marks.map((mark) => page.indexOf(mark)) as [number, number]
  if (from < 0 || to < from) throw new Error(`page: expected the lines ${marks.join(' and ')}, found none`)
  return `${page.slice(0, from + marks[0].length)}\n\n${tablesOf(rows)}\n${page.slice(to)}`
}

/** One text and format after the other; the lowest loss after the cast is bold. */
function chosen(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const rivals = rows.filter(({ text, format }) => text === row.text && format === row.format)
    const lowest = Math.min(
      ...rivals.map((each) => mean(each.seeds.map(castOf))).filter((loss) => !Number.isNaN(loss)),
    )
    const cast = mean(row.seeds.map(castOf))
    const shown = lossText(cast)
    return [
      row.text,
      row.format,
      row.method,
      row.rounding,
      String(row.seeds[0]!.rate ?? ''),
      lossText(mean(row.seeds.map(({ full }) => full!.test))),
      rivals.length > 1 && cast === lowest ? `**${shown}**` : shown,
      row.seeds.length > 1 ? row.seeds.map((seed) => lossText(castOf(seed))).join(', ') : '',
    ]
  })
  return markdown(
    ['text', 'format', 'method', 'rounding', 'rate', 'in F32', 'after the cast', 'of each seed'],
    lines,
  )
}

/** What each rate came to after the cast with the first seed, on the text to choose by. */
function tried(rows: readonly Row[]): string {
  const trained = rows.filter(({ tried: all }) => all.length > 0)
  const rates = trained[0]?.tried.map(({ rate }) => String(rate)) ?? []
  return markdown(
    ['text', 'format', 'method', 'rounding', ...rates],
    trained.map(({ text, format, method, rounding, tried: all }) => [
      text,
      format,
      method,
      rounding,
      ...all.map(({ cast }) => lossText(cast?.choose ?? NaN)),
    ]),
  )
}

const markdown = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('')

/** Without a file there is no loss. */
const castOf = ({ cast }: Tried): number => cast?.test ?? NaN
const lossText = (loss: number): string =>
  Number.isNaN(loss) ? 'no such file' : loss === Infinity ? 'diverged' : loss.toFixed(4)

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
