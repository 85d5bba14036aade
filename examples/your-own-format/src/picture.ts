// Draws the variance of randomized rounding on the grid, and a loss smoothed by it, into roots.svg: npm run
// picture
import { writeFileSync } from 'node:fs'
import { defineLanes, evaluate } from '@lotion/core'
import { roots } from './roots.js'

const loss = (q: number): number => (q - 3.3) ** 2 / 12
const x = Array.from({ length: 401 }, (_, i) => i / 50)
const fn = defineLanes({
  name: 'cell',
  inputs: ['x'],
  outputs: ['lo', 'hi'],
  body: (v) => roots.grid.around(v.x),
})
const [out] = evaluate([{ fn, inputs: { x } }])
const cells = x.map((at, i) => ({ at, lo: out!['lo']![i]!, hi: out!['hi']![i]! }))
const variance = cells.map(({ at, lo, hi }) => (at - lo) * (hi - at))
const smoothed = cells.map(
  ({ at, lo, hi }) => loss(lo) + (lo < hi ? (at - lo) / (hi - lo) : 0) * (loss(hi) - loss(lo)),
)

const line = (y: readonly number[], colour: string, left: number): string => {
  const points = y.map((value, i) => `${(left + 40 * x[i]!).toFixed(1)},${(200 - 90 * value).toFixed(1)}`)
  return `<polyline fill="none" stroke="${colour}" points="${points.join(' ')}"/>`
}
const labels = '<text x="10" y="18">variance</text><text x="370" y="18">smoothed loss</text>'
const curves = [
  line(variance, '#1f5fbf', 10),
  line(x.map(loss), '#999999', 370),
  line(smoothed, '#b3341f', 370),
]
const head =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 710 210" font-family="sans-serif" font-size="12">'
const white = '<rect width="100%" height="100%" fill="#ffffff"/>'
writeFileSync(
  new URL('../roots.svg', import.meta.url),
  [head, white, labels, ...curves, '</svg>', ''].join('\n'),
)
