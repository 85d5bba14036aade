import { defineLanes, evaluate, nearestPoint } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { bf16, e2m1, e4m3, e5m2, f16, largestOf, magnitudesOf, type Minifloat } from './minifloat.js'
import { minifloatGrid } from './minifloat-grid.js'

describe('minifloat', () => {
  it.each<[Minifloat, number, number]>([
    [e2m1, 6, 8],
    [e4m3, 448, 127],
    [e5m2, 57344, 124],
    [f16, 65504, 31744],
    [bf16, 3.3895313892515355e38, 32640],
  ])('$name reaches its largest value with its finite codes', (float, largest, count) => {
    expect([largestOf(float), magnitudesOf(float).length]).toEqual([largest, count])
  })

  it('nearest points of its grid are those of its magnitudes', () => {
    const fn = defineLanes({
      name: 'n',
      inputs: ['x'],
      outputs: ['q'],
      body: ({ x }) => ({ q: nearestPoint(minifloatGrid(e2m1).around(x)) }),
    })
    const [out] = evaluate([{ fn, inputs: { x: [0.25, 0.75, 2.5, 5, -5, 7] } }])
    expect([...out!['q']!]).toEqual([0, 1, 2, 4, -4, 6])
  })
})
