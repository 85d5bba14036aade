import { describe, expect, it } from 'vitest'
import { defineLanes, evaluate, nearestPoint, uniforms, type Grid } from '@lotion/core'
import { builtInFormats } from './by-name.js'
import { intGrid } from './int-grid.js'

const GRIDS: readonly Grid[] = [
  ...builtInFormats.map((format) => format.grid),
  intGrid(5),
  intGrid(6),
  intGrid(7),
]
const FIELDS = ['below', 'lo', 'hi', 'above', 'even', 'nearest'] as const

/** The f32 numbers just below and above one that is not 0. */
function neighbours(x: number): readonly [number, number] {
  const bits = new Int32Array(Float32Array.of(x).buffer)
  const step = (by: number): number => new Float32Array(Int32Array.of(bits[0]! + by).buffer)[0]!
  return x > 0 ? [step(-1), step(1)] : [step(1), step(-1)]
}

/** Every point and midpoint with its f32 neighbours, both zeros, the smallest numbers, beyond the ends, and in between. */
function probes({ points }: Grid): Float32Array {
  const top = points.at(-1)!
  const special = points
    .flatMap((point, i) => [point, (point + (points[i + 1] ?? point)) / 2])
    .filter((x) => x !== 0)
  const outside = [top + 0.5, top + 1, 2 * top, 1e6, 3e38, Infinity]
  return Float32Array.from([
    ...special.flatMap((x) => [x, ...neighbours(x)]),
    ...[0, 2 ** -149, 2 ** -126, 1e-20, ...outside].flatMap((x) => [x, -x]),
    ...uniforms({ seed: 1, stream: 'probes' }, 4000).map((u) => (2.2 * u - 1.1) * top),
  ])
}

/** The site by search through the list of points. The code of a point is its distance from 0 in the list. */
function siteOf({ points }: Grid, x: number): Record<(typeof FIELDS)[number], number> {
  const last = points.length - 1
  const zero = points.indexOf(0)
  const low = Math.max(
    points.findLastIndex((point) => point <= x),
    0,
  )
  const exact = points[low] === x || x < points[0]! || x > points[last]!
  const high = exact ? low : low + 1
  const even = (low - zero) % 2 === 0 ? low : high
  const distances = [x - points[low]!, points[high]! - x] as const
  const nearest = distances[0] < distances[1] ? low : distances[1] < distances[0] ? high : even
  const at = (index: number): number => points[Math.min(Math.max(index, 0), last)]!
  return {
    below: at(low - 1),
    lo: at(low),
    hi: at(high),
    above: at(high + 1),
    even: at(even),
    nearest: at(nearest),
  }
}

describe.each(GRIDS)('$name', (grid) => {
  const fn = defineLanes({
    name: grid.name,
    inputs: ['x'],
    outputs: [...FIELDS, 'x'],
    body: ({ x }) => {
      const site = grid.around(x)
      return { ...site, nearest: nearestPoint(site) }
    },
  })

  it.each(['f32', 'f64'] as const)('finds the neighbours that a search finds, in %s', (arithmetic) => {
    const x = probes(grid)
    const [found] = evaluate([{ fn, inputs: { x } }], arithmetic)
    x.forEach((value, i) => {
      const got = Object.fromEntries(FIELDS.map((field) => [field, found![field]![i]! + 0]))
      expect({ x: value, ...got }).toEqual({ x: value, ...siteOf(grid, value) })
    })
    expect(found!['x']).toEqual(Float64Array.from(x))
  })

  it('lists its points in ascending order, symmetric about 0', () => {
    const { points } = grid
    expect([...points].sort((a, b) => a - b)).toEqual(points)
    expect(points.map((point) => 0 - point).reverse()).toEqual(points)
    expect(points.some((point) => Object.is(point, -0))).toBe(false)
    expect(Object.isFrozen(grid) && Object.isFrozen(points)).toBe(true)
  })

  it('keeps NaN', () => {
    const [found] = evaluate([{ fn, inputs: { x: [NaN] } }])
    for (const field of FIELDS) expect(found![field]![0]).toBeNaN()
  })
})

describe('intGrid', () => {
  it('reaches ±(2^(bits − 1) − 1)', () => {
    expect([2, 3, 4, 8].map((bits) => intGrid(bits).points.at(-1))).toEqual([1, 3, 7, 127])
  })

  it.each([1, 9, 3.5, NaN])('refuses %d bits', (bits) => {
    expect(() => intGrid(bits)).toThrow(`bits: expected a whole number from 2 to 8, found ${bits}`)
  })
})
