// The front page's picture. Comes in: nothing. Goes out: parts of an SVG that take their colours from the page:
// the loss of one weight in 3 bits, the staircase that the cast makes of it, what LOTION descends.

import { castCurves, opening, places, pointsOf, smoothedCurves } from '../theme/staircase.js'
import { formats, noises, oneWeight } from '../theme/one-weight.js'
import { line, path, word } from './svg.js'

const [width, height, floor] = [520, 400, 320]
const px = (w: number): number => width / 2 + w * 290
const py = (loss: number): number => floor - loss * 215

/** Draw the picture. */
export function hero(): string {
  const format = formats[opening.format]!
  const found = oneWeight({ ...opening, format, noise: noises[opening.noise]! }, places)
  const seen = places.flatMap((place, i) => (Math.abs(place) < 0.82 ? [i] : []))
  const curves = [...castCurves(found), ...smoothedCurves(found)].map(({ kind, y }) =>
    path(
      seen.filter((i) => py(y[i]!) > 46).map((i) => [px(places[i]!), py(y[i]!)]),
      kind,
    ),
  )
  const points = pointsOf(format, opening.neighbour / 3).marks.filter((point) => Math.abs(point) < 0.8)
  const at = oneWeight({ ...opening, format, noise: noises[opening.noise]! }, [opening.place])
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>The loss of one weight, the staircase that the cast makes of it, and the smoothed loss that LOTION descends</title>',
    word(20, 32, 'one weight of 3 bits', 'loud'),
    line(20, floor, width - 20, floor, 'axis'),
    ...points.map((point) => line(px(point), floor - 5, px(point), floor + 5, 'mark', 2)),
    word(20, floor + 26, 'points of the format'),
    ...curves,
    `<circle cx="${px(opening.place)}" cy="${py(at.smoothed[0]!).toFixed(1)}" r="6" class="dot"/>`,
    ...key(20, 'plain', 'loss'),
    ...key(110, 'cast', 'after the cast'),
    ...key(270, 'smooth', 'what LOTION descends'),
    '</svg>',
  ].join('')
}

const key = (x: number, kind: string, text: string): readonly string[] => [
  `<path d="M${x} ${height - 21}h22" class="curve ${kind}"/>`,
  word(x + 29, height - 16, text),
]
