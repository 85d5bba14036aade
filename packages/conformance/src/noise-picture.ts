// A picture of a noise: its variance and a smoothed loss over three cells. Comes in: a noise. Goes out: SVG
// text.
// Source: docs/design/05-smooth-noises.md; for the page of a noise.

import type { Noise } from '@lotion/core'
import { strata } from '@lotion/noise/internal'
import { draw, tabulate, type NoiseRow } from './noise-values.js'
import { gridOf } from './probe-grids.js'

const grid = gridOf('integers to 3', [-3, -2, -1, 0, 1, 2, 3])
const [FROM, TO, PARTS] = [-1, 2, 150]
const [WIDTH, HEIGHT, MARGIN] = [360, 220, 34]

/** The loss that is smoothed: its least value on the grid is at 1, its least value at all between 0 and 1. */
const loss = (q: number): number => 0.5 * (q - 0.7) ** 2

/**
 * Draw two panels over −1 ≤ x ≤ 2 on the integers: the variance E[(q − x)²], and the smoothed loss E[f(q)] of
 * f(q) = ½ (q − 0.7)² between f itself and its values at grid points. The same noise gives the same text.
 * @param noise Its outcomes on the integers are drawn.
 */
export function noisePicture(noise: Noise): string {
  const places = Array.from({ length: PARTS + 1 }, (_, i) => FROM + ((TO - FROM) * i) / PARTS)
  const rows = tabulate(noise, grid, places)
  const samples = noise.atoms ? undefined : draw(noise, grid, places, strata(64))
  const expected = ({ atoms }: NoiseRow, i: number): number =>
    samples
      ? samples[i]!.reduce((sum, q) => sum + loss(q) / 64, 0)
      : atoms.reduce((sum, { value, mass }) => sum + mass * loss(value), 0)
  const dots = grid.points.filter((point) => point >= FROM && point <= TO)
  const panels = [
    panel('variance', places, [{ colour: '#1f5fbf', y: rows.map((row) => row.variance) }], []),
    panel(
      'smoothed loss',
      places,
      [
        { colour: '#999999', y: places.map(loss) },
        { colour: '#b3341f', y: rows.map(expected) },
      ],
      dots.map((x) => [x, loss(x)] as const),
    ),
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * WIDTH}" height="${HEIGHT}" viewBox="0 0 ${2 * WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escaped(noise.name)}: variance and smoothed loss</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...panels.map(
      (content, i) =>
        `<g transform="translate(${i * WIDTH} 0)" font-family="sans-serif" font-size="11" fill="#333333">${content}</g>`,
    ),
    '</svg>',
    '',
  ].join('\n')
}

interface Curve {
  readonly colour: string
  readonly y: readonly number[]
}

function panel(
  title: string,
  x: readonly number[],
  curves: readonly Curve[],
  dots: readonly (readonly [number, number])[],
): string {
  const most = Math.max(1e-9, ...curves.flatMap(({ y }) => y)) * 1.05
  const left = (value: number): string =>
    (MARGIN + ((value - FROM) / (TO - FROM)) * (WIDTH - 2 * MARGIN)).toFixed(1)
  const up = (value: number): string => (HEIGHT - MARGIN - (value / most) * (HEIGHT - 2 * MARGIN)).toFixed(1)
  const ticks = grid.points.filter((point) => point >= FROM && point <= TO)
  return [
    `<text x="${MARGIN}" y="18" font-weight="bold">${title}</text>`,
    ...ticks.map(
      (tick) =>
        `<path d="M${left(tick)} ${MARGIN}V${HEIGHT - MARGIN}" stroke="#e2e2e2"/><text x="${left(tick)}" y="${HEIGHT - 16}" text-anchor="middle">${tick}</text>`,
    ),
    `<path d="M${MARGIN} ${up(0)}H${WIDTH - MARGIN}" stroke="#777777"/>`,
    `<text x="${MARGIN - 4}" y="${Number(up(most / 1.05)) + 4}" text-anchor="end">${Number((most / 1.05).toPrecision(2))}</text>`,
    ...curves.map(
      ({ colour, y }) =>
        `<polyline fill="none" stroke="${colour}" stroke-width="1.6" points="${y.map((value, i) => `${left(x[i]!)},${up(value)}`).join(' ')}"/>`,
    ),
    ...dots.map(([at, value]) => `<circle cx="${left(at)}" cy="${up(value)}" r="3" fill="#333333"/>`),
  ].join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
