import { expect, it } from 'vitest'
import { sharedArrays } from './shared-arrays.js'

it('makes zeroed, aligned, disjoint views of one shared memory', () => {
  const arrays = sharedArrays({ a: [3], b: [], c: [17, 2], d: [0] })
  const views = Object.values(arrays)
  expect(views.map(({ length }) => length)).toEqual([3, 1, 34, 0])
  expect(new Set(views.map(({ buffer }) => buffer)).size).toBe(1)
  expect(views[0]?.buffer).toBeInstanceOf(SharedArrayBuffer)
  for (const view of views) expect(view.byteOffset % 64).toBe(0)
  views.forEach((view, i) => view.fill(i + 1))
  expect(views.map((view, i) => view.every((value) => value === i + 1))).toEqual([true, true, true, true])
})

it('refuses more than a WebAssembly memory holds', () => {
  expect(() => sharedArrays({ w: [32768, 32769] })).toThrow(/at most 4 GiB.*allocate them in parts/)
})
