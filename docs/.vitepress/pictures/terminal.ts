// A picture of a terminal. Comes in: a command and what it printed. Goes out: SVG.

import { escaped } from './svg.js'

/** Draw a terminal in which a command ran. */
export function terminal(command: string, printed: string): string {
  const lines = printed.trimEnd().split('\n')
  const columns = Math.max(command.length + 2, ...lines.map((each) => each.length))
  const [width, height] = [Math.ceil(columns * 7.85) + 36, (lines.length + 1) * 18 + 52]
  const row = (text: string, i: number, kind: string): string =>
    `<text x="18" y="${50 + i * 18}" class="${kind}" xml:space="preserve">${escaped(text)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(`A terminal: ${command}`)}</title>`,
    '<style>text{font:13px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6dde6}.typed{fill:#9fd3a8}</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#1c2128"/>`,
    ...['#e5675e', '#e0b040', '#57b25f'].map(
      (fill, i) => `<circle cx="${22 + 18 * i}" cy="20" r="5.5" fill="${fill}"/>`,
    ),
    row(`$ ${command}`, 0, 'typed'),
    ...lines.map((text, i) => row(text, i + 1, 'told')),
    '</svg>',
    '',
  ].join('\n')
}
