// The README's picture. Comes in: nothing. Goes out: SVG: the loss of one weight before and after the cast, the
// smoothed loss, and a block of weights at the end of training with PTQ and with LOTION.

import { perRow } from '@lotion/core'
import { int3, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { trained, type MethodName } from '../theme/bowl-training.js'
import { block } from '../theme/bowls.js'
import { oneWeight } from '../theme/one-weight.js'
import { line, path, picture, word } from './svg.js'

/** Draw the picture. */
export function whatLotionDoes(): string {
  return picture(
    860,
    300,
    'Left: the loss of one weight, the staircase that the cast makes of it, and the smoothed loss, which has a slope. Right: twelve weights of a block after training, with PTQ between the points of the format, with LOTION on them.',
    [...losses(), ...weights('ptq', 450, 'trained by PTQ'), ...weights('lotion', 660, 'trained by LOTION')],
  )
}

function losses(): readonly string[] {
  const places = Array.from({ length: 321 }, (_, i) => (i - 160) / 200)
  const found = oneWeight(
    { format: int3, noise: randomizedRounding, best: 0.18, lambda: 1, neighbour: 1 },
    places,
  )
  const at = (y: readonly number[]): readonly (readonly [number, number])[] =>
    y.map((value, i) => [20 + i * 1.2, 250 - 130 * value] as const).filter(([, top]) => top > 40)
  return [
    word(20, 24, 'one weight, int3: the loss', 'loud'),
    path(at(found.loss), 'plain'),
    path(at(found.castLoss), 'cast'),
    path(at(found.smoothed), 'smooth'),
    line(20, 250, 404, 250, 'grid'),
    ...key(20, 'plain', 'loss'),
    ...key(90, 'cast', 'after the cast'),
    ...key(210, 'smooth', 'what LOTION descends'),
  ]
}

const key = (x: number, kind: string, text: string): readonly string[] => [
  line(x, 279, x + 16, 279, kind, 3),
  word(x + 20, 284, text),
]

function weights(method: MethodName, left: number, title: string): readonly string[] {
  const format = withBlock(int3, perRow)
  const end = trained(block, { format, method, lambda: 1 })
  const largest = Math.max(...end.weights.map(Math.abs))
  const top = Math.max(...format.grid.points)
  const y = (value: number): number => 145 - (95 * value) / largest
  const bars = end.weights.map((value, i) => {
    const x = left + 4 + i * 15
    const [high, low] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))]
    const bar = `<rect x="${x}" y="${high.toFixed(1)}" width="11" height="${(low - high).toFixed(1)}" class="bar"/>`
    return `${bar}${line(x - 1, y(end.cast[i]!), x + 12, y(end.cast[i]!), 'cast', 2.5)}`
  })
  return [
    word(left, 24, title, 'loud'),
    ...format.grid.points.map((point) => {
      const at = y((point / top) * largest)
      return line(left, at, left + 186, at, 'grid')
    }),
    ...bars,
    word(left, 268, `loss ${end.loss.toFixed(3)}`),
    word(left, 288, `after the cast ${end.castLoss.toFixed(3)}`, 'loud'),
  ]
}
