// Tables. Comes in: cells as text. Goes out: markup for wide pages, phones and paper.
// Source: docs/design/04-bench.md. Wide tables scroll by themselves and say so; those of few rows fold, each
// row a list with its heads, where the page is narrow.

import { markup, type Markup } from './markup.js'

/** A table. The first column heads its row. */
export interface TableOptions {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly className?: string
  /** Which row is marked. Default: none. */
  readonly strong?: number
  /** Whether its rows become lists on narrow pages. Default: it scrolls. */
  readonly folds?: boolean
}

/** Columns beyond which paper is too narrow for a table as it stands. */
const PAPER_COLUMNS = 9

/** Lay out a table. */
export function htmlTable(options: TableOptions): Markup {
  const { caption, head, rows, className = '', strong, folds = false } = options
  const isMany = Math.max(head.length, rows[0]?.length ?? 0) > PAPER_COLUMNS
  const classes = [className, folds ? 'folds' : '', isMany ? 'many' : ''].filter((each) => each !== '')
  // Folded, the elements are no table's to a browser any more: they have roles of their own.
  const mayFold = folds || isMany || className === 'pairs'
  const role = (name: string): Markup | undefined => (mayFold ? markup` role="${name}"` : undefined)
  const headed = (i: number): Markup | undefined =>
    folds || isMany ? markup` data-head="${head[i] ?? ''}"` : undefined
  const cells = (row: readonly string[]): readonly Markup[] =>
    row.map((text, i) =>
      i === 0
        ? markup`<th scope="row"${role('rowheader')}>${text}</th>`
        : markup`<td${role('cell')}${headed(i)}>${text}</td>`,
    )
  const heads = head.map((text) => markup`<th scope="col"${role('columnheader')}>${text}</th>`)
  const headRow =
    head.length === 0 ? undefined : markup`<thead${role('rowgroup')}><tr${role('row')}>${heads}</tr></thead>`
  const body = rows.map(
    (row, i) =>
      markup`<tr${role('row')}${i === strong ? markup` class="best"` : undefined}>${cells(row)}</tr>\n`,
  )
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table${role('table')} class="${classes.join(' ')}"><caption>${caption}</caption>${headRow}<tbody${role('rowgroup')}>${body}</tbody></table></div>`
}
