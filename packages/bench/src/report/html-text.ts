// Text in HTML. Comes in: any text. Goes out: markup in which it can do no harm.
// Source: the HTML standard, sections "Escapable raw text" and "script data".

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escape text for content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!)
}

/** Lay out a table; every cell is escaped. The first column heads its row. */
export function htmlTable(options: {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly className?: string
  /** Which row is marked. Default: none. */
  readonly strong?: number
}): string {
  const { caption, head, rows, className = '', strong } = options
  const cells = (row: readonly string[]): string =>
    row
      .map((text, i) =>
        i === 0 ? `<th scope="row">${escapeHtml(text)}</th>` : `<td>${escapeHtml(text)}</td>`,
      )
      .join('')
  const headCells = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')
  return [
    `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(caption)}"><table class="${escapeHtml(className)}"><caption>${escapeHtml(caption)}</caption>`,
    headCells === '' ? '' : `<thead><tr>${headCells}</tr></thead>`,
    `<tbody>${rows.map((row, i) => `<tr${i === strong ? ' class="best"' : ''}>${cells(row)}</tr>`).join('\n')}</tbody></table></div>`,
  ].join('')
}
