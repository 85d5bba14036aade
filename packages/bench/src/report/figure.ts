// A figure of the report: drawing, what it shows in words, its numbers, and both as files. Comes in: a plot.
// Goes out: markup.
// Source: docs/design/04-bench.md. The links hold their files, so that the page needs no network.

import { markup, type Markup } from './markup.js'
import { svgPlot, type Plot } from './svg-plot.js'

/** A figure. */
export interface Figure extends Plot {
  /** One sentence under it: what is to be seen. */
  readonly caption: string
  /** Its numbers as a table with a head, where those of the drawing are not what they stand for. */
  readonly numbers?: readonly (readonly (string | number | null)[])[]
  /** Over the whole width of the page, and drawn a second time for narrow ones. */
  readonly wide?: boolean
}

/** Widths and heights of drawings. */
const sizes = {
  wide: { width: 920, height: 400 },
  small: { width: 440, height: 280 },
} as const

/** A field. What a spreadsheet would run as a formula is text: behind an apostrophe, as OWASP advises. */
const csvCell = (value: string | number | null): string =>
  value === null
    ? ''
    : typeof value === 'number'
      ? String(value)
      : `"${value.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`

/** The numbers of a plot, a line each: series, x, y, and of bands the upper edge. */
export function plotCsv({ x, y, series, numbers }: Plot & Pick<Figure, 'numbers'>): string {
  if (numbers) return [...numbers.map((row) => row.map(csvCell).join(',')), ''].join('\n')
  const lines = series.flatMap(({ name, points, upper }) =>
    points.map(([at, value], i) => [name, at, value, upper?.[i]?.[1] ?? null].map(csvCell).join(',')),
  )
  return [['series', x.name, y.name, 'upper'].map(csvCell).join(','), ...lines, ''].join('\n')
}

/** Draw a figure with its caption; its numbers can be saved without a script, its drawing with one. */
export function figureHtml(figure: Figure): Markup {
  const { title, caption, wide = false } = figure
  const name = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
  // Through bytes: half a pair of UTF-16 cannot be encoded.
  const csv = `data:text/csv;charset=utf-8,${encodeURIComponent(Buffer.from(plotCsv(figure)).toString())}`
  const small = svgPlot({ ...figure, ...sizes.small })
  const drawings = wide
    ? markup`<div class="for-wide">${svgPlot({ ...figure, ...sizes.wide })}</div><div class="for-narrow">${small}</div>`
    : small
  return markup`<figure${wide ? markup` class="wide"` : undefined}><h3>${title}</h3>${drawings}<figcaption>${caption} <span class="save">Save: <a download="${name}.csv" href="${csv}">CSV<span class="unseen"> of ${title}</span></a> <a download="${name}.svg" class="svg-link" hidden href="#">SVG<span class="unseen"> of ${title}</span></a></span></figcaption></figure>
`
}
