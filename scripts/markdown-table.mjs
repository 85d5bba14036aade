// Tables in Markdown. Comes in: cells. Goes out: the table, as the formatter would write it.

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows @returns {string} */
export function markdownTable(head, rows) {
  const width = head.map((_, i) => Math.max(3, ...[head, ...rows].map((row) => row[i]?.length ?? 0)))
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${row.map((text, i) => text.padEnd(width[i] ?? 0)).join(' | ')} |`
  return [line(head), line(width.map((n) => '-'.repeat(n))), ...rows.map(line)].join('\n')
}
