// A step of the penalty ends at the nearest grid point at the latest, where the optimizer's step size is
// known.

import { castNearest, defineLanes, evaluate, layoutOf, locate, normals, perTensor } from '@lotion/core'
import { exact } from '@lotion/fisher'
import { int4, q4_0, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { base, curvedBowl, format } from '../test/bowl.js'
import { adamw } from './adamw.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { withinCell } from './penalty-reach.js'
import { constant } from './schedule.js'
import { sgd } from './sgd.js'
import { smoothing } from './smoothing.js'
import { stepLanes } from './step-forms.js'
import { chain, resolved } from './transformation.js'

const whole = withBlock(int4, perTensor)
const layout = layoutOf([9], perTensor)
// The largest stands on the grid's last point; the cell of another is a seventh of it.
const w = [7, ...Array.from(normals({ seed: 3, stream: 'w' }, 8), (z) => z * 2.1)]

/** Weights after one step along the penalty alone, of a Fisher that is 1 everywhere. */
function after(lambda: number, optimizer = sgd({ learningRate: constant(1) })): ArrayLike<number> {
  const penalty = smoothing({ format: whole, noise: randomizedRounding, fisher: exact(), lambda })
  const part = resolved(chain(penalty, optimizer), { name: 'w', shape: [9] })!
  const zeros = w.map(() => 0)
  const inputs = {
    w,
    gradient: zeros,
    curvature: zeros.map(() => 1),
    ...Object.fromEntries(part.slots.map((slot) => [slot, zeros])),
    ...part.scalars({ step: 0, steps: 1, terms: 1 }),
  }
  return evaluate([{ fn: stepLanes(part), inputs, layout }])[0]!['w']!
}

describe('one step', () => {
  it('lets the largest weight of a block carry the slope of a scale that is rounded up', () => {
    const grid = withBlock(q4_0, perTensor)
    // Twice 3.4999: the f16 scale above it puts the largest just inside the last point.
    const values = [6.9998, ...w.slice(1)]
    const at = evaluate([
      {
        fn: defineLanes({
          name: 'bound',
          inputs: ['w', 'slope', 'rate'],
          outputs: ['bounded'],
          body: ({ w: lane, slope, rate }) => ({
            bounded: withinCell(slope!, lane!, locate(grid, lane!), rate!),
          }),
        }),
        inputs: { w: values, slope: values.map(() => 1e6), rate: values.map(() => 1) },
        layout,
      },
    ])[0]!['bounded']!
    const cell = 6.9998 / 7
    expect(at[0]! / cell).toBeGreaterThan(0.249)
    expect(at[0]! / cell).toBeLessThan(0.251)
    for (let i = 1; i < values.length; i++) expect(at[i]! / cell).toBeLessThan(0.501)
  })

  it('of a strong penalty lands on the nearest points, of a weak one on the way to them', () => {
    const nearest = evaluate([{ fn: castNearest(whole), inputs: { w }, layout }])[0]!['w']!
    const strong = after(1000)
    // The largest weight shares its scale with all: it comes down by a quarter of its last cell.
    expect(strong[0]).toBeCloseTo(6.75, 12)
    for (let i = 1; i < w.length; i++) expect(strong[i]).toBeCloseTo(nearest[i]!, 12)
    const [weak, half] = [after(0.002), after(0.001)]
    for (let i = 0; i < w.length; i++) expect(weak[i]! - w[i]!).toBeCloseTo(2 * (half[i]! - w[i]!), 12)
  })

  it('of an optimizer that rescales gradients is not bounded: its steps are', () => {
    const part = resolved(
      chain(
        smoothing({ format: whole, noise: randomizedRounding, fisher: exact(), lambda: 1 }),
        adamw({ learningRate: 1 }),
      ),
      { name: 'w', shape: [9] },
    )!
    expect(Object.values(part.parts![0]!.borrows)).toEqual([])
    expect(
      Math.max(...Array.from(after(1000, adamw({ learningRate: 1e-3 })), (v, i) => Math.abs(v - w[i]!))),
    ).toBeLessThan(2e-3)
  })
})

describe('a run whose penalty is far too strong for the rate', () => {
  it('carries no weight past the nearest grid point', async () => {
    const messages: string[] = []
    const options = base({
      // A curvature that is 100 times too large.
      gradientStep: curvedBowl(100),
      method: lotion({ format, fisher: exact(), lambda: 30 }),
      before: [],
      optimizer: sgd({ learningRate: constant(0.5) }),
      steps: 64,
      onWarning: (message) => void messages.push(message),
    })
    const largest = Math.max(...options.params['matrix']!.map(Math.abs))
    await fit(options)
    // Unbounded, weights overflow within 20 steps: 0.5 · 30 · 100 is 1500 cells.
    expect(Math.max(...options.params['matrix']!.map(Math.abs))).toBeLessThan(largest)
    expect(messages).toEqual([])
  })
})
