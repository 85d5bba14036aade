// The noise at work, with nothing but the core: ½ (w − w*)ᵀ H (w − w*), H = diag(d) + a aᵀ, weights on the
// integers −7 … 7.
import {
  castVariance,
  defineLanes,
  evaluate,
  gradient,
  locate,
  nearestCast,
  normals,
  perTensor,
  type Lane,
  type NumberFormat,
} from '@lotion/core'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { cautious } from './cautious.js'

const [size, steps, seeds] = [12, 500, 6]

/** The integers −7 … 7 with one scale for all weights: the largest magnitude lands on 7. */
const format: NumberFormat = {
  name: 'integers',
  bits: 4,
  block: perTensor,
  grid: {
    name: 'integers',
    points: Array.from({ length: 15 }, (_, k) => k - 7),
    around: (x) => {
      const lo = x.floor()
      const hi = lo.less(x, lo.add(1), lo)
      return { x, lo, hi, below: lo.sub(1).max(-7), above: hi.add(1).min(7), even: lo }
    },
  },
  scale: {
    name: 'largest',
    claims: { continuous: true, saturates: false },
    bits: 32,
    scaled: (w) => {
      const largest = w.abs().blockMax()
      return { x: w.div(largest).mul(7), scale: largest.div(7), statistics: [largest] }
    },
  },
}

const step = defineLanes({
  name: 'step',
  inputs: ['w', 'target', 'd', 'a'],
  scalars: ['rate', 'lambda'],
  outputs: ['w', 'loss'],
  body: ({ w, target, d, a, rate, lambda }) => {
    const slopeAt = (v: Lane, name: string): Lane =>
      v
        .sub(target)
        .mul(d)
        .add(a.mul(a.mul(v.sub(target)).total(name)))
    const at = locate(format, w)
    const penalty = castVariance(at, cautious)
      .mul(d.add(a.mul(a)))
      .mul(0.5)
    const cast = nearestCast(at)
    const loss = cast.sub(target).mul(slopeAt(cast, 'along the cast')).mul(0.5).total('loss')
    const slope = slopeAt(w, 'along').add(gradient(penalty, w, { hold: [d, a] }).mul(lambda))
    return { w: w.sub(slope.mul(rate)), loss }
  },
})

function lossAfterCast(seed: number, lambda: number): number {
  const [start, target, a] = ['start', 'target', 'a'].map((stream) => normals({ seed, stream }, size))
  const d = start!.map((_, i) => 1 / (i + 1))
  a!.forEach((value, i) => (a![i] = value / 2))
  let [w, loss] = [Float64Array.from(start!, (value) => 0.1 * value), 0]
  for (let t = 0; t < steps; t++) {
    const rate = 0.15 * (1 + Math.cos((Math.PI * t) / steps))
    const [out] = evaluate([
      { fn: step, inputs: { w, target: target!, d, a: a!, rate, lambda: (lambda * t) / steps } },
    ])
    w = out!.w as Float64Array<ArrayBuffer>
    loss = out!.loss![0]!
  }
  return loss
}

it('brings a lower loss after the cast than plain training, on average over seeds', () => {
  const mean = (lambda: number): number =>
    Array.from({ length: seeds }, (_, seed) => lossAfterCast(seed, lambda)).reduce(
      (sum, loss) => sum + loss / seeds,
      0,
    )
  expect(mean(1)).toBeLessThan(0.7 * mean(0))

  // The numbers that the README tells.
  const told = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ')
  const written = (loss: number): string => loss.toFixed(3).slice(1)
  expect(told).toContain(`(${written(mean(1))} against ${written(mean(0))} over six seeds)`)
}, 60_000)
