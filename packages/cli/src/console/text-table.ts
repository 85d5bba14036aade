// Tables on a terminal. Comes in: a head and rows of text, of whatever origin. Goes out: lines; without
// colours and frames for files and pipes, folded where the terminal is narrow.
// Source: cli-table3 for the layout, the NO_COLOR convention for when to be plain.

import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import picocolors from 'picocolors'
import { terminalText } from './terminal-text.js'

/** What a table shows, and how. */
export interface TextTableOptions {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns of numbers stand to the right; default: all but the first. */
  readonly align?: readonly ('left' | 'right')[]
  /** Index of rows to stress. */
  readonly strong?: readonly number[]
  /** Neither colours nor frames. */
  readonly plain: boolean
  /**
   * Columns of the terminal: a wider table loses its frame, then each row becomes lines of `head  cell`.
   * Default: those of standard output, none where it is plain.
   */
  readonly width?: number | undefined
}

const noFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Tell whether a stream wants plain text: it is no terminal, or NO_COLOR is set. */
export function wantsPlain(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  return stream.isTTY !== true || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb'
}

/** Lay out a table; ends with a line break. */
export function textTable(options: TextTableOptions): string {
  const { plain, width = plain ? undefined : process.stdout.columns } = options
  const fits = (table: string): boolean =>
    width === undefined || table.split('\n').every((line) => shownLength(line) <= width)
  for (const framed of plain ? [false] : [true, false]) {
    const table = laidOut(options, framed)
    if (fits(table)) return table
  }
  return folded(options)
}

/** Characters that are seen. */
function shownLength(line: string): number {
  return stripVTControlCharacters(line).length
}

/** A block of lines a row: what does not fit side by side stands one below the other. */
function folded({ head, rows, strong = [], plain }: TextTableOptions): string {
  const colors = picocolors.createColors(!plain)
  const widest = Math.max(...head.map(({ length }) => length))
  const blocks = rows.map((row, i) =>
    row.map((text, j) => {
      const line = `${(head[j] ?? '').padEnd(widest)}  ${terminalText(text)}`.trimEnd()
      return j === 0 || strong.includes(i) ? colors.bold(line) : line
    }),
  )
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function laidOut({ head, rows, align, strong = [], plain }: TextTableOptions, framed: boolean): string {
  const colors = picocolors.createColors(!plain)
  const table = new Table({
    head: head.map((text) => colors.bold(text)),
    colAligns: head.map((_, i) => align?.[i] ?? (i === 0 ? 'left' : 'right')),
    style: {
      compact: true,
      head: [],
      border: framed ? ['gray'] : [],
      ...(framed ? {} : { 'padding-left': 0, 'padding-right': 0 }),
    },
    ...(framed ? {} : { chars: noFrame }),
  })
  rows.forEach((row, i) => {
    const cells = row.map((text) => terminalText(text))
    table.push(strong.includes(i) ? cells.map((text) => colors.bold(text)) : cells)
  })
  const lines = table.toString().split('\n')
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
