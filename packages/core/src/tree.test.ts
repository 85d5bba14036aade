import { expect, it } from 'vitest'
import { leafOf, mapTree } from './tree.js'

it('maps leaves with their names, in the order of the keys', () => {
  const seen: string[] = []
  expect(mapTree({ b: 1, a: 2 }, (leaf, name) => (seen.push(name), leaf * 10))).toEqual({ b: 10, a: 20 })
  expect(seen).toEqual(['b', 'a'])
})

it('names a missing leaf and those present', () => {
  expect(leafOf({ a: 0 }, 'a', 'params')).toBe(0)
  expect(() => leafOf({ a: 0, b: 1 }, 'c', 'params')).toThrow("params: 'c' is missing; present: a, b")
  expect(() => leafOf({}, 'constructor', 'params')).toThrow(
    "params: 'constructor' is missing; present: nothing",
  )
})
