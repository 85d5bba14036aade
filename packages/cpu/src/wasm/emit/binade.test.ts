import { defineLanes } from '@lotion/core'
import { binade } from '@lotion/core/internal'
import { expect, it } from 'vitest'
import { cpuExecutor } from '../../cpu-executor.js'

it('binade equals its definition: every exponent, subnormal numbers, infinities, NaN', () => {
  const words = Int32Array.from({ length: 2 ** 17 }, (_, i) => (i << 15) ^ (i % 7))
  const x = new Float32Array(words.buffer)
  const fn = defineLanes({
    name: 'binade',
    inputs: ['x'],
    outputs: ['y'],
    body: (v) => ({ y: v.x.binade() }),
  })
  const executor = cpuExecutor({ threads: 1 })
  const y = executor.lanes([{ fn, inputs: { x } }])[0]!.y!
  expect(executor.report().formulas).toMatchObject([{ backend: 'wasm' }])
  expect(y.findIndex((value, i) => !Object.is(value, binade(x[i]!)))).toBe(-1)
  expect([...x.subarray(0, 8)].some((value) => value > 0 && value < 2 ** -126)).toBe(true)
})
