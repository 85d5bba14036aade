import { castNearest, evaluate, layoutOf } from '@lotion/core'
import { expect, it } from 'vitest'
import { builtInFormats } from './by-name.js'
import { castStatistics } from './cast-statistics.js'
import { e8m0Floor } from './e8m0-floor.js'
import { fixedScale } from './fixed-scale.js'
import { withScale } from './format.js'
import { int4 } from './int4.js'
import { mxfp4 } from './mxfp4.js'
import { q4_0 } from './q4-0.js'
import { clippedWeights, refuseClipped } from './reach.js'

const LARGEST = (2 - 2 ** -23) * 2 ** 127

it('counts what f16 scales do not cover', () => {
  const w = Float32Array.from({ length: 32 }, (_, i) =>
    i === 0 ? 1e6 : i === 1 ? -5e5 : i === 2 ? 458528 : 1,
  )
  expect(clippedWeights(q4_0, w)).toEqual({ count: 2, reach: 7 * 65504 })
  const [out] = evaluate(
    [{ fn: castNearest(q4_0), inputs: { w }, layout: layoutOf([32], q4_0.block) }],
    'f32',
  )
  expect(Array.from(out!['w']!.slice(0, 3))).toEqual([458528, -458528, 458528])
  const [{ saturated }] = evaluate(
    [{ fn: castStatistics(q4_0), inputs: { w }, layout: layoutOf([32], q4_0.block) }],
    'f32',
  ) as [{ saturated: Float64Array }]
  expect(Array.from(saturated)).toEqual([1])
})

it('refuses them by name', () => {
  expect(() => refuseClipped('a.weight', q4_0, [1, 1e6, -5e5])).toThrow(
    "'a.weight': expected weights of at most 458528, the largest that q4_0 with the scale rule absmax-f16 covers, found 2 beyond it",
  )
  for (const format of builtInFormats) refuseClipped('a.weight', format, [4e5, -4e5])
})

it('knows the limit of a fixed scale, and none of a rule that clips by choice', () => {
  expect(clippedWeights(withScale(int4, fixedScale(0.5)), [3.5, -3.6, 4])).toEqual({ count: 2, reach: 3.5 })
  expect(clippedWeights(withScale(mxfp4, e8m0Floor), [7, 1e38])).toEqual({ count: 0, reach: undefined })
})

it.each(builtInFormats)(
  '$name: a cast is finite up to the largest f32 number, and as large as its reach',
  (format) => {
    const { reach } = clippedWeights(format, [])
    for (const largest of [LARGEST, LARGEST * (1 - 2 ** -24), 2 ** 127, 0.9 * LARGEST, 0.75 * LARGEST].map(
      Math.fround,
    )) {
      const w = Float32Array.from({ length: 64 }, (_, i) =>
        i === 0 ? largest : i === 40 ? -largest : largest / (i + 1),
      )
      const layout = layoutOf([64], format.block)
      const cast = evaluate([{ fn: castNearest(format), inputs: { w }, layout }], 'f32')[0]!['w']!
      expect(cast.findIndex((value) => !Number.isFinite(value))).toBe(-1)
      if (largest > reach!) expect([cast[0], cast[40]]).toEqual([reach, -reach!])
    }
  },
)
