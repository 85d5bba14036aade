import { describe, expect, it } from 'vitest'
import { defineLanes, evaluate, nearestPoint, uniforms, type Grid } from '@lotion/core'
import { builtInFormats } from './by-name.js'
import { binaryGrid } from './binary-grid.js'
import { e2m1Grid } from './e2m1-grid.js'
import { gridFromPoints } from './grid-from-points.js'
import { intGrid } from './int-grid.js'
import { e3m0, minifloat } from './minifloat.js'
import { minifloatGrid } from './minifloat-grid.js'
import { nf4Grid } from './nf4.js'
import { scaledGrid } from './scaled-grid.js'
import { ternaryGrid } from './ternary-grid.js'

const others = [
  ...[5, 6, 7].map(intGrid),
  // The built-in lists by formula, and formulas of their kind: IEEE specials, another bias, no mantissa with
  // each parity.
  ...[e3m0, minifloat({ ...e3m0, name: 'e3m0, bias 2', bias: 2 })].map(minifloatGrid),
  minifloatGrid(minifloat({ name: 'e3m4', exponentBits: 3, mantissaBits: 4, reserved: 16 })),
  gridFromPoints('e2m1 as a list', e2m1Grid.points),
  gridFromPoints('lopsided', [-3, -0.1, 0.7, 0.75, 1e5]),
  binaryGrid,
  ternaryGrid,
]
const GRIDS: readonly Grid[] = [
  ...new Map(
    [...builtInFormats.map((format) => format.grid), ...others].map((grid) => [grid.name, grid]),
  ).values(),
]
const FIELDS = ['below', 'lo', 'hi', 'above', 'even', 'nearest'] as const

/** The f32 numbers just below and above one that is not 0. */
function neighbours(x: number): readonly [number, number] {
  const bits = new Int32Array(Float32Array.of(x).buffer)
  const step = (by: number): number => new Float32Array(Int32Array.of(bits[0]! + by).buffer)[0]!
  return x > 0 ? [step(-1), step(1)] : [step(1), step(-1)]
}

/**
 * Every point and midpoint with its f32 neighbours, both zeros, the smallest numbers, beyond the ends, and in
 * between.
 */
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

/**
 * The sites that differ from a search's. One comparison for all: an `expect` for each of half a million took
 * 15 s.
 */
const wrongSites = (grid: Grid, x: Float32Array, found: Readonly<Record<string, Float64Array>>) =>
  [...x].flatMap((value, i) => {
    const expected = siteOf(grid, value)
    const got = Object.fromEntries(FIELDS.map((field) => [field, found[field]![i]! + 0]))
    return FIELDS.every((field) => Object.is(got[field], expected[field]))
      ? []
      : [{ x: value, got, expected }]
  })

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
    expect(wrongSites(grid, x, found!)).toEqual([])
    expect(found!['x']).toEqual(Float64Array.from(x))
  })

  it('gives the same cell as lo and hi, and the same site where |x| is known to be on the grid', () => {
    const top = grid.points.at(-1)!
    const inside = probes(grid).filter((value) => Math.abs(value) <= top && value >= grid.points[0]!)
    for (const isBounded of [false, true]) {
      // Larger numbers overflow in the units of a scaled grid.
      const x = isBounded ? inside : probes(grid).filter((value) => Math.abs(value) <= 1e6)
      const bounded = defineLanes({
        name: grid.name,
        inputs: ['x'],
        outputs: [...FIELDS, 'offset', 'gap'],
        body: (lanes) => {
          const { cell, ...site } = grid.around(lanes.x, isBounded)
          const { offset, gap } = cell ?? { offset: lanes.x.sub(site.lo), gap: site.hi.sub(site.lo) }
          return { ...site, nearest: nearestPoint(site), offset, gap }
        },
      })
      const [found] = evaluate([{ fn: bounded, inputs: { x } }], 'f32')
      expect(wrongSites(grid, x, found!)).toEqual([])
      const { lo, hi, gap, offset } = found!
      const distances = (value: number, i: number) => [value - lo![i]!, hi![i]! - value].map(Math.fround)
      expect(x.filter((_, i) => gap![i] !== Math.fround(hi![i]! - lo![i]!))).toHaveLength(0)
      expect(x.filter((value, i) => !distances(value, i).includes(offset![i]!))).toHaveLength(0)
    }
  })

  it('stays on its points where a division was some bits off, although |x| counted as known', () => {
    const bounded = defineLanes({
      name: grid.name,
      inputs: ['x'],
      outputs: FIELDS,
      body: ({ x }) => {
        const site = grid.around(x, true)
        return { ...site, nearest: nearestPoint(site) }
      },
    })
    const ends = [grid.points[0]!, grid.points.at(-1)!].map(Math.fround)
    const x = ends.map((end) => end * (1 + 3 * 2 ** -23))
    const [found] = evaluate([{ fn: bounded, inputs: { x } }], 'f32')
    const points = grid.points.map(Math.fround)
    for (const field of FIELDS) for (const value of found![field]!) expect(points).toContain(value + 0)
    expect([...found!['nearest']!]).toEqual(ends)
  })

  it('lists its points in ascending order, formulas symmetric about 0', () => {
    const { points } = grid
    expect([...points].sort((a, b) => a - b)).toEqual(points)
    if (!['nf4', 'lopsided', 'int4-full'].includes(grid.name))
      expect(points.map((point) => 0 - point).reverse()).toEqual(points)
    expect(points.some((point) => Object.is(point, -0))).toBe(false)
    expect(Object.isFrozen(grid) && Object.isFrozen(points)).toBe(true)
  })

  it('keeps NaN', () => {
    const [found] = evaluate([{ fn, inputs: { x: [NaN] } }])
    for (const field of FIELDS) expect(found![field]![0]).toBeNaN()
  })
})

describe('gridFromPoints', () => {
  it('names what is wrong with a list', () => {
    const found = (points: readonly number[]) => () => gridFromPoints('g', points)
    const wanted = 'g: points: expected at least 2 finite numbers, ascending and different in f32, found '
    expect(found([1])).toThrow(`${wanted}1`)
    expect(found([0, 2, 1])).toThrow(`${wanted}1 at position 2`)
    expect(found([0, 1, 1 + 1e-9])).toThrow(`${wanted}1.000000001 at position 2`)
    expect(found([0, NaN])).toThrow(`${wanted}NaN at position 1`)
  })

  it('rounds points to f32, and a midpoint between them is a tie', () => {
    expect(nf4Grid.points.map(Math.fround)).toEqual(nf4Grid.points)
    expect(Object.is(gridFromPoints('g', [-0, 1]).points[0], 0)).toBe(true)
  })
})

it('scaledGrid needs a power of two', () => {
  expect(scaledGrid(intGrid(3), 0.25).points).toEqual([-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75])
  for (const unit of [3, 0, -1, NaN])
    expect(() => scaledGrid(intGrid(3), unit)).toThrow(/expected a power of two/)
})

describe('intGrid', () => {
  it('reaches ±(2^(bits − 1) − 1)', () => {
    expect([2, 3, 4, 8].map((bits) => intGrid(bits).points.at(-1))).toEqual([1, 3, 7, 127])
  })

  it.each([1, 9, 3.5, NaN])('refuses %d bits', (bits) => {
    expect(() => intGrid(bits)).toThrow(`bits: expected a whole number from 2 to 8, found ${bits}`)
  })
})
