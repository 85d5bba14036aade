// Straight-through training with the mask of the clip, against what it says: g inside, 0 beyond.

import { layoutOf, locate, evaluate, defineLanes, mapTree, type NumberFormat } from '@lotion/core'
import { int3, int4, mseClip, nf4, withScale, fp4 } from '@lotion/formats'
import { expect, it } from 'vitest'
import { base, curvedBowl, start } from '../test/bowl.js'
import { clippedQat } from './clipped-qat.js'
import { fit } from './fit.js'
import { fitPhases } from './phases.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { everything } from './quantize-rule.js'
import { sgd } from './sgd.js'

/** Half of the block's weights are small, so that clipping the largest pays. */
const block = [8, 6.9, -6.6, 0.5, -0.4, 0.3, 0.2, -0.1, 0.45, -0.35, 0.25, 0.15, -0.05, 0.4, -0.3, 0.1]

/** Of a block with one scale: what goes out for a gradient of 1 everywhere, and x. */
function masked(format: NumberFormat, w: readonly number[]) {
  const part = clippedQat({ format }).penalty!
  const fn = defineLanes({
    name: 'mask',
    inputs: ['w', 'update'],
    outputs: ['update', 'x'],
    body: ({ w: weight, update }) => ({
      update: part.update({ w: weight, update }).update,
      x: locate(format, weight).site.x,
    }),
  })
  const layout = layoutOf([w.length], format.block)
  const [out] = evaluate([{ fn, inputs: { w, update: w.map(() => 1) }, layout }], 'f32')
  return { passed: [...out!['update']!], x: [...out!['x']!] }
}

it.each<[string, NumberFormat, number]>([
  ['int4', int4, 7.5],
  ['int3', int3, 3.5],
  // Its last cell is from 4 to 6.
  ['fp4', fp4, 7],
])('gives no gradient to what %s clips', (_, own, limit) => {
  const { passed, x } = masked(withScale(own, mseClip([0.5])), block)
  expect(passed).toEqual(x.map((value) => (Math.abs(value) < limit ? 1 : 0)))
  expect(new Set(passed)).toEqual(new Set([0, 1]))
})

it('takes each end of a grid that is not symmetrical by its own last cell', () => {
  const { points } = nf4.grid
  // Of −1, −.696 … .723, 1 the ends of a clip to the half are ±1 by scale, in units of the grid ±2.
  const format = withScale(nf4, mseClip([0.8]))
  const [low, top] = [(3 * points[0]! - points[1]!) / 2, (3 * points.at(-1)! - points.at(-2)!) / 2]
  const w = [...block, -6.2, 7.2, -7.3, 7.4, -7.45]
  const { passed, x } = masked(format, w)
  expect(passed).toEqual(x.map((value) => (low < value && value < top ? 1 : 0)))
  expect(-low).not.toBeCloseTo(top, 2)
  expect(passed).toContain(0)
})

it('holds a clipped weight where it is; qat moves it', async () => {
  const trained = async (make: typeof qat) => {
    const params = { row: Float32Array.from(block) }
    await fit(
      base({
        params,
        shapes: { row: [block.length] },
        quantize: everything,
        gradientStep: curvedBowl(1),
        method: make({ format: withScale(int4, mseClip([0.5])) }),
        optimizer: sgd({ learningRate: 0.01 }),
        before: [],
        steps: 1,
      }),
    )
    return params.row[0]
  }
  expect(await trained(clippedQat)).toBe(block[0])
  expect(await trained(qat)).not.toBe(block[0])
})

it('is qat bit for bit where the scale covers all weights, from the start and in a phase', async () => {
  const whole = async (make: typeof qat) => {
    const params = start()
    await fit(base({ params, method: make({ format: int4 }) }))
    const phases = start()
    const { method: _, ...rest } = base({ params: phases })
    await fitPhases({ ...rest, phases: [ptq({ format: int4 }), [make({ format: int4 }), 0.5]] })
    return mapTree(params, (w, name) => [...w, ...phases[name]!])
  }
  expect(clippedQat({ format: int4 }).penalty).toBeUndefined()
  expect(await whole(clippedQat)).toEqual(await whole(qat))
})
