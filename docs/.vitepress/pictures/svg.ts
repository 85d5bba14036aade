// Pieces of pictures. Comes in: numbers and words. Goes out: SVG that is readable in light and dark.

/** Colours of both schemes; pictures in a README cannot ask the page. */
const style = `<style>
text{font:14px system-ui,sans-serif;fill:#24292f}.plain{stroke:#6e7781}.cast{stroke:#a3301d}.smooth{stroke:#1f5fbf}.grid{stroke:#afb8c1}
.page{fill:#fff}.bar{fill:#1f5fbf;opacity:.6}.curve{fill:none;stroke-width:2.5}.loud{font-weight:600}
@media (prefers-color-scheme:dark){.page{fill:#1b1b1f}text{fill:#e6edf3}.plain{stroke:#9198a1}.cast{stroke:#ff9c86}.smooth{stroke:#8ab4f8}.grid{stroke:#3d444d}.bar{fill:#8ab4f8}}
</style>`

/** Write text as XML. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** A picture: its size, what it shows in words, its parts. */
export function picture(width: number, height: number, words: string, parts: readonly string[]): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`
  return [
    open,
    `<title>${escaped(words)}</title>`,
    style,
    `<rect width="${width}" height="${height}" rx="8" class="page"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

/** A word at a place. */
export const word = (x: number, y: number, text: string, kind = ''): string =>
  `<text x="${x}" y="${y}"${kind ? ` class="${kind}"` : ''}>${escaped(text)}</text>`

/** A straight line. */
export const line = (x1: number, y1: number, x2: number, y2: number, kind: string, width = 1): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" class="${kind}" stroke-width="${width}"/>`

/** A curve through points. */
export const path = (points: readonly (readonly [number, number])[], kind: string): string =>
  `<path d="${points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')}" class="curve ${kind}"/>`
