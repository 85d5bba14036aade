// The table of the comparison. Comes in: rows. Goes out: Markdown.

import type { Row } from './compare.js'

/** A table of a text and a format after the other; the lowest loss after the cast is bold. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const rivals = rows.filter(({ text, format }) => text === row.text && format === row.format)
    const best = Math.min(...rivals.map(({ cast }) => mean(cast))) === mean(row.cast)
    const cast = mean(row.cast).toFixed(4)
    return [
      row.text,
      row.format,
      row.method,
      row.rounding,
      row.rate === undefined ? '' : String(row.rate),
      mean(row.full).toFixed(4),
      best ? `**${cast}**` : cast,
      row.cast.length > 1 ? row.cast.map((loss) => loss.toFixed(4)).join(', ') : '',
    ]
  })
  const head = ['text', 'format', 'method', 'rounding', 'rate', 'in F32', 'after the cast', 'of each seed']
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
