// Tables on a terminal. Comes in: a head and rows of text, of whatever origin. Goes out: lines; without colours and frames for files and pipes.
// Source: cli-table3 for the layout, the NO_COLOR convention for when to be plain.

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
}

const frame = {
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
export function textTable({ head, rows, align, strong = [], plain }: TextTableOptions): string {
  const colors = picocolors.createColors(!plain)
  const table = new Table({
    head: head.map((text) => colors.bold(text)),
    colAligns: head.map((_, i) => align?.[i] ?? (i === 0 ? 'left' : 'right')),
    style: {
      compact: true,
      head: [],
      border: plain ? [] : ['gray'],
      ...(plain ? { 'padding-left': 0, 'padding-right': 0 } : {}),
    },
    ...(plain ? { chars: frame } : {}),
  })
  rows.forEach((row, i) => {
    const cells = row.map((text) => terminalText(text))
    table.push(strong.includes(i) ? cells.map((text) => colors.bold(text)) : cells)
  })
  const lines = table.toString().split('\n')
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
