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

/**
 * Write a value as JSON that may stand inside a script element: no `<`, and no line ends that JavaScript
 * knows and JSON does not.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Lay out a table; every cell is escaped. The first column heads its row. */
export function htmlTable(options: {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly className?: string
}): string {
  const { caption, head, rows, className = '' } = options
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
    `<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}</tbody></table></div>`,
  ].join('')
}
