import { defineLanes, evaluate } from '@lotion/core'
import { intGrid } from '@lotion/formats'
import { expect, it } from 'vitest'
import { smoothstep } from './smoothstep.js'

it('differs from x in the mean by up to √3 / 18 of a cell, where t = (3 + √3) / 6', () => {
  const fn = defineLanes({
    name: 'mean',
    inputs: ['x'],
    outputs: ['mean'],
    body: ({ x }) => ({
      mean: smoothstep.atoms!(intGrid(4).around(x))
        .map(({ value, mass }) => value.mul(mass))
        .reduce((sum, part) => sum.add(part)),
    }),
  })
  const x = Array.from({ length: 1001 }, (_, j) => 2 + j / 1000)
  const bias = Array.from(evaluate([{ fn, inputs: { x } }])[0]!.mean!, (mean, j) => mean - x[j]!)
  const largest = bias.indexOf(Math.max(...bias))
  // The places are a thousandth of a cell apart, and the bias is flat at its maximum.
  expect(bias[largest]).toBeCloseTo(Math.sqrt(3) / 18, 6)
  expect(x[largest]).toBeCloseTo(2 + (3 + Math.sqrt(3)) / 6, 3)
})
