// Lines, bands, bars and intervals as SVG. Comes in: series of numbers. Goes out: a drawing whose colours are
// the page's classes, so that light, dark and print are the style's matter alone.
// Source: docs/design/04-bench.md. Ticks at 1, 2 or 5 times a power of ten, as is usual.

import { significant } from '@lotion/cli/internal'
import { markup, type Markup, type Piece } from './markup.js'

/** A point; gaps are left out by `null`. */
export type Place = readonly [x: number, y: number | null]

/** One series of a plot. */
export interface Series {
  readonly name: string
  /** Decides the colour: `c0` … `c5` of the style. */
  readonly order: number
  /** How it is drawn. */
  readonly as: 'line' | 'dashed' | 'points' | 'area' | 'steps'
  readonly points: readonly Place[]
  /** Lower and upper edge of a band, for `area`. */
  readonly upper?: readonly Place[]
  /** What is said of each point, for `points`. Default: the name and y. */
  readonly hints?: readonly string[]
  /** Written at its end. */
  readonly label?: string
}

/** A drawing. */
export interface Plot {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  /** Vertical marks, such as the points of a grid. */
  readonly marks?: readonly number[]
  readonly width?: number
  readonly height?: number
}

/** An axis. */
export interface Axis {
  readonly name: string
  /** Default: what the series need. */
  readonly range?: readonly [number, number]
  readonly log?: boolean
  /** Texts instead of numbers. */
  readonly ticks?: readonly (readonly [number, string])[]
}

const edges = { left: 70, right: 16, top: 12, bottom: 40 } as const

/** Room for names at the ends of curves, and for ticks that are words, a letter. */
const LETTER = 7.6
const TICK_LETTER = 6.6

/** Letters of a name in a drawing: what is longer loses its middle. */
const LONGEST_NAME = 18

const SMALL = 1e-300

/** Draw a plot. */
export function svgPlot(plot: Plot): Markup {
  const { width = 720, height = 320, marks = [], title } = plot
  const series = plot.series.map(({ label, ...rest }) => ({
    ...rest,
    ...(label === undefined ? {} : { label: shortName(label) }),
  }))
  const longest = Math.max(0, ...series.map(({ label = '' }) => label.length))
  const tickLetters = Math.max(0, ...(plot.y.ticks ?? []).map(([, text]) => shortName(text).length))
  const left = Math.max(edges.left, 30 + tickLetters * TICK_LETTER)
  const right = width - edges.right - longest * LETTER
  const { top } = edges
  const bottom = height - edges.bottom
  const x = scaleOf(
    plot.x,
    series.flatMap(({ points }) => points.map(([at]) => at)),
    [left, right],
  )
  const values = series.flatMap(({ points, upper = [] }) => [...points, ...upper].flatMap(([, y]) => y ?? []))
  const y = scaleOf(plot.y, values, [bottom, top])
  const vertical = (name: string, at: number, from: number, to: number): Markup =>
    markup`<line class="${name}" x1="${short(at)}" x2="${short(at)}" y1="${from}" y2="${to}"/>`
  const horizontal = (name: string, at: number): Markup =>
    markup`<line class="${name}" x1="${short(left)}" x2="${short(right)}" y1="${short(at)}" y2="${short(at)}"/>`
  const grid = y.ticks.map(
    ([at, text]) =>
      markup`${horizontal('grid', y.at(at))}<text class="tick end" x="${short(left - 8)}" y="${short(y.at(at) + 4)}">${shortName(text)}</text>`,
  )
  const below = x.ticks.map(
    ([at, text]) =>
      markup`${vertical('grid', x.at(at), bottom, bottom + 4)}<text class="tick middle" x="${short(x.at(at))}" y="${bottom + 17}">${text}</text>`,
  )
  const lines = marks.map((at) => vertical('mark', x.at(at), top, bottom))
  // A drawing in the drawing cuts off what is beyond its edges.
  const [w, h] = [short(right - left + 4), bottom - top + 8]
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}" class="plot" xmlns="http://www.w3.org/2000/svg"><title>${title}</title>${[grid, below, lines]}${horizontal('axis', bottom)}<svg x="${short(left)}" y="${top - 4}" width="${w}" height="${h}" viewBox="${short(left)} ${top - 4} ${w} ${h}">${series.map((each) => drawn(each, x.at, y.at))}</svg>${labels(series, x.at, y.at, right, [top, bottom])}<text class="name middle" x="${short((left + right) / 2)}" y="${height - 6}">${plot.x.name}</text><text class="name middle" transform="translate(13 ${short((bottom + top) / 2)}) rotate(-90)">${plot.y.name}</text></svg>`
}

/** A name as drawings have room for it; the whole one stands in the table and in what a pointer is told. */
const shortName = (name: string): string =>
  name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 9)}…${name.slice(-8)}`

/** Coordinates with a tenth of a pixel. */
const short = (value: number): string => String(Math.round(value * 10) / 10)

type At = (value: number) => number

function drawn({ as, order, points, upper = [], name, hints }: Series, x: At, y: At): Piece {
  const c = `c${order % 6}`
  const hint = markup`<title>${name}</title>`
  if (as === 'points')
    return points.flatMap(([px, py], i) =>
      py === null
        ? []
        : [
            markup`<circle class="${c} dot" cx="${short(x(px))}" cy="${short(y(py))}" r="3"><title>${hints?.[i] ?? `${name}: ${significant(py, 4)}`}</title></circle>`,
          ],
    )
  if (as === 'area') {
    const there = points.flatMap(([px, py], i) => {
      const top = upper[i]?.[1]
      return py === null || top === null || top === undefined ? [] : [{ px, py, top }]
    })
    if (there.length === 0) return undefined
    const edge = [
      ...there.map(({ px, py }) => `${short(x(px))} ${short(y(py))}`),
      ...there.toReversed().map(({ px, top }) => `${short(x(px))} ${short(y(top))}`),
    ]
    return markup`<path class="${c} band" d="M${edge.join('L')}Z">${hint}</path>`
  }
  const found = points.filter((point): point is readonly [number, number] => point[1] !== null)
  if (found.length === 0) return undefined
  const path =
    as === 'steps'
      ? found.map(([px, py], i) => {
          const next = found[i + 1]?.[0] ?? px + (px - (found[i - 1]?.[0] ?? px))
          return `${short(x(px))} ${short(y(py))}L${short(x(next))} ${short(y(py))}`
        })
      : found.map(([px, py]) => `${short(x(px))} ${short(y(py))}`)
  return markup`<path class="${c} line ${as === 'dashed' ? 'dashed' : ''}${as === 'steps' ? 'thin' : ''}" d="M${path.join('L')}">${hint}</path>`
}

/** Names at the ends of curves, moved apart where curves end close together. */
function labels(
  series: readonly Series[],
  x: At,
  y: At,
  right: number,
  [top, bottom]: readonly [number, number],
): readonly Markup[] {
  const ends = series
    .flatMap(({ label, order, points }) => {
      const last = points.findLast(([px, py]) => py !== null && x(px) <= right + 1)
      return label === undefined || !last ? [] : [{ label, order, y: y(last[1]!) }]
    })
    .sort((a, b) => a.y - b.y)
  ends.forEach((end, i) => {
    end.y = Math.max(top + 4, Math.min(bottom, end.y), i > 0 ? ends[i - 1]!.y + 15 : 0)
  })
  for (let i = ends.length - 1, limit = bottom + 2; i >= 0; i--, limit -= 15)
    ends[i]!.y = Math.min(ends[i]!.y, limit)
  return ends.map(
    ({ label, order, y: at }) =>
      markup`<text class="c${order % 6} label" x="${short(right + 7)}" y="${short(at + 4)}">${label}</text>`,
  )
}

function scaleOf(
  { range, log = false, ticks }: Axis,
  values: readonly number[],
  [from, to]: readonly [number, number],
): { readonly at: At; readonly ticks: readonly (readonly [number, string])[] } {
  const usable = values.filter((value) => Number.isFinite(value) && (!log || value > SMALL))
  const [low, high] = range ?? spread(usable, log)
  const f = log ? Math.log10 : (value: number) => value
  const [a, b] = [f(low), f(high)]
  const at: At = (value) =>
    from + ((f(Math.max(value, log ? low : -Infinity)) - a) / (b - a || 1)) * (to - from)
  return {
    at,
    ticks: ticks ?? (log ? decades(low, high) : ticksOf(low, high)).map((tick) => [tick, tickText(tick)]),
  }
}

function spread(values: readonly number[], log: boolean): readonly [number, number] {
  if (values.length === 0) return log ? [0.1, 1] : [0, 1]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (log) return low === high ? [low / 2, high * 2] : [low / 1.15, high * 1.15]
  const margin = 0.06 * (high - low) || Math.abs(low) * 0.1 || 1
  return [low >= 0 && low - margin < 0 ? 0 : low - margin, high + margin]
}

/** Ticks at 1, 2 or 5 times a power of ten, about five of them. */
export function ticksOf(low: number, high: number): readonly number[] {
  const rough = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].find((each) => each * power >= rough)! * power
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  // Products and not sums: the tick at 0 is 0.
  return Array.from({ length: count }, (_, i) => (first + i) * step)
}

function decades(low: number, high: number): readonly number[] {
  const [a, b] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)]
  const every = Math.max(1, Math.ceil((b - a) / 5))
  const powers = Array.from({ length: Math.max(0, b - a + 1) }, (_, i) => 10 ** (a + i)).filter(
    (_, i) => i % every === 0,
  )
  return powers.length >= 2 ? powers : ticksOf(low, high).filter((tick) => tick > 0)
}

function tickText(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`
  const [digits, power] = value.toExponential(2).split('e')
  if (size !== 0 && size < 1e-3) return `${Number(digits)}e${power}`.replaceAll('-', '−')
  return String(Number(value.toPrecision(4))).replace('-', '−')
}
