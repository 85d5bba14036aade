// A figure of the report: drawing, what it shows in words, its numbers, and both as files. Comes in: a plot.
// Goes out: HTML.
// Source: docs/design/04-bench.md. The links hold their files, so that the page needs no network.

import { escapeHtml } from './html-text.js'
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

const csvCell = (value: string | number | null): string =>
  value === null ? '' : typeof value === 'number' ? String(value) : `"${value.replaceAll('"', '""')}"`

/** The numbers of a plot, a line each: series, x, y, and of bands the upper edge. */
export function plotCsv({ x, y, series, numbers }: Plot & Pick<Figure, 'numbers'>): string {
  if (numbers) return [...numbers.map((row) => row.map(csvCell).join(',')), ''].join('\n')
  const lines = series.flatMap(({ name, points, upper }) =>
    points.map(([at, value], i) => [name, at, value, upper?.[i]?.[1] ?? null].map(csvCell).join(',')),
  )
  return [['series', x.name, y.name, 'upper'].map(csvCell).join(','), ...lines, ''].join('\n')
}

/** Draw a figure with its caption; its numbers can be saved without a script, its drawing with one. */
export function figureHtml(figure: Figure): string {
  const { title, caption, wide = false } = figure
  const name = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  const csv = `data:text/csv;charset=utf-8,${encodeURIComponent(plotCsv(figure))}`
  const small = svgPlot({ ...figure, ...sizes.small })
  const drawings = wide
    ? `<div class="for-wide">${svgPlot({ ...figure, ...sizes.wide })}</div><div class="for-narrow">${small}</div>`
    : small
  return [
    `<figure${wide ? ' class="wide"' : ''}>`,
    `<h3>${escapeHtml(title)}</h3>`,
    drawings,
    `<figcaption>${escapeHtml(caption)} <span class="save">Save: <a download="${name}.csv" href="${escapeHtml(csv)}">CSV<span class="unseen"> of ${escapeHtml(title)}</span></a> <a download="${name}.svg" class="svg-link" hidden href="#">SVG<span class="unseen"> of ${escapeHtml(title)}</span></a></span></figcaption>`,
    '</figure>',
  ].join('')
}
