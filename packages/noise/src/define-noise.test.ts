import { describe, expect, it } from 'vitest'
import { defineLanes, evaluate, gradient, type Noise, type Site } from '@lotion/core'
import { builtInFormats } from '@lotion/formats'
import { defineNoise } from './define-noise.js'
import { nearest } from './nearest.js'
import { randomizedRounding } from './randomized-rounding.js'

const GRIDS = builtInFormats.map((format) => format.grid)

/** Every grid point and midpoint, their surroundings, in between, and beyond the ends. */
function probesOf(points: readonly number[]): number[] {
  const top = points.at(-1)!
  const near = points.flatMap((point, i) => [
    point,
    point - 1e-7,
    point + 1e-7,
    (point + (points[i + 1] ?? point)) / 2,
  ])
  const spread = Array.from({ length: 499 }, (_, i) => top * (2.5 * ((i * 0.6180339887) % 1) - 1.25))
  return [...near, ...spread, -0, 2 ** -149, top + 0.5, -top - 0.5, 3 * top, -3 * top, 1e6, -1e6]
}

/** As a stranger writes it, from the design's example: no guard against hi = lo. */
const unguarded = defineNoise({
  name: 'unguarded',
  claims: { unbiased: true, continuous: true, preserving: true },
  atoms: ({ x, lo, hi }) => {
    const up = x.sub(lo).div(hi.sub(lo))
    return [
      { value: lo, mass: up.mul(-1).add(1) },
      { value: hi, mass: up },
    ]
  },
})

/** A law that leaves grid points: 1/8 of the mass goes to either side of the cell. */
const wide = defineNoise({
  name: 'wide',
  claims: { unbiased: false, continuous: false, preserving: false },
  atoms: ({ x, below, lo, hi, above }) => {
    const up = x.sub(lo).div(hi.sub(lo)).mul(0.75)
    const eighth = x.less(x, 0, 0.125)
    return [
      { value: below, mass: eighth },
      { value: lo, mass: up.mul(-1).add(0.75) },
      { value: hi, mass: up },
      { value: above, mass: eighth },
    ]
  },
})

/** What a law says at one x. */
interface Found {
  readonly x: number
  readonly lo: number
  readonly hi: number
  readonly variance: number
  readonly slope: number
  readonly sample: number
  readonly atoms: readonly { readonly value: number; readonly mass: number }[]
}

/**
 * Evaluate parts of a law at many x: `site` values, variance, its slope by x, a sample for u, and the atoms.
 */
function lawAt(
  noise: Noise,
  around: (typeof GRIDS)[number]['around'],
  x: readonly number[],
  u: number | readonly number[] = 0,
  arithmetic: 'f64' | 'f32' = 'f64',
): readonly Found[] {
  const atoms = ['0', '1', '2', '3']
  const fn = defineLanes({
    name: noise.name,
    inputs: ['x', 'u'],
    outputs: ['lo', 'hi', 'variance', 'slope', 'sample', ...atoms.flatMap((j) => [`value${j}`, `mass${j}`])],
    body: ({ x, u }) => {
      const site: Site = around(x)
      const variance = noise.variance(site)
      const law = noise.atoms?.(site) ?? []
      const zero = u.sub(u)
      const listed = atoms.flatMap(
        (j) =>
          [
            [`value${j}`, law[Number(j)]?.value ?? zero],
            [`mass${j}`, law[Number(j)]?.mass ?? zero],
          ] as const,
      )
      return {
        lo: site.lo,
        hi: site.hi,
        variance,
        slope: gradient(variance, x).add(zero),
        sample: noise.sample(site, u),
        ...Object.fromEntries(listed),
      }
    },
  })
  const out = evaluate([{ fn, inputs: { x, u } }], arithmetic)[0]!
  // A literal mass is one value for all: spread it.
  const column = (name: string) =>
    out[name]!.length === x.length ? out[name]! : new Float64Array(x.length).fill(out[name]![0]!)
  const columns = new Map(Object.keys(out).map((name) => [name, column(name)]))
  return x.map((at, i) => {
    const read = (name: string): number => columns.get(name)![i]!
    return {
      x: at,
      lo: read('lo'),
      hi: read('hi'),
      variance: read('variance'),
      slope: read('slope'),
      sample: read('sample'),
      atoms: atoms
        .slice(0, noise === wide ? 4 : noise.atoms ? 2 : 0)
        .map((j) => ({ value: read(`value${j}`), mass: read(`mass${j}`) })),
    }
  })
}

/** 2^-50 of the largest value: a few roundings of f64. */
const close = (found: number, expected: number, size: number): boolean =>
  Math.abs(found - expected) <= 2 ** -50 * size

describe.each(GRIDS)('laws on $name', (grid) => {
  const { points } = grid
  const x = probesOf(points)
  const [bottom, top] = [points[0]!, points.at(-1)!]
  const inside = (value: number): boolean => value >= bottom && value <= top

  it.each([randomizedRounding, unguarded, wide])(
    '$name: masses are a law on grid points, in ascending order',
    (noise) => {
      const isLaw = ({ atoms }: Found): boolean =>
        close(
          atoms.reduce((sum, { mass }) => sum + mass, 0),
          1,
          1,
        ) &&
        atoms.every(
          ({ value, mass }, j) =>
            points.includes(value + 0) &&
            mass >= 0 &&
            mass <= 1 &&
            value >= (atoms[j - 1]?.value ?? -Infinity),
        )
      expect(lawAt(noise, grid.around, x).filter((found) => !isLaw(found))).toEqual([])
    },
  )

  it.each([randomizedRounding, unguarded])(
    '$name: unbiased between the ends, certain on grid points and beyond',
    (noise) => {
      const isUnbiased = ({ x: at, lo, atoms }: Found): boolean =>
        close(
          atoms.reduce((sum, { value, mass }) => sum + value * mass, 0),
          inside(at) ? at : lo,
          top,
        )
      const isCertain = ({ lo, atoms }: Found): boolean =>
        atoms.every(({ value, mass }) => mass === (value === lo ? 1 : 0))
      const found = lawAt(noise, grid.around, x)
      expect(found.filter((at) => !isUnbiased(at))).toEqual([])
      expect(found.filter((at) => at.lo === at.hi && !isCertain(at))).toEqual([])
    },
  )

  it.each([randomizedRounding, unguarded, wide])('$name: the variance is that of the atoms', (noise) => {
    const isVariance = ({ x: at, variance, atoms }: Found): boolean => {
      const expected = atoms.reduce((sum, { value, mass }) => sum + mass * (value - at) ** 2, 0)
      return close(variance, expected, top ** 2 + at ** 2)
    }
    expect(lawAt(noise, grid.around, x).filter((found) => !isVariance(found))).toEqual([])
  })

  it.each([randomizedRounding, unguarded])(
    '$name: the slope of the variance is lo + hi − 2x inside, 0 on grid points',
    (noise) => {
      const found = lawAt(noise, grid.around, x)
      // Beyond the ends it is that of the squared clipping error.
      const slopeOf = ({ x: at, lo, hi }: Found): number => (lo === hi ? 2 * (at - lo) : lo + hi - 2 * at)
      // The unguarded law divides by hi − lo and multiplies again: errors of top², 127² for INT8.
      expect(found.filter((at) => !close(at.slope, slopeOf(at), 8 * top ** 2 + Math.abs(at.x)))).toEqual([])
      expect(found.filter((at) => points.includes(at.x) && at.slope !== 0)).toEqual([])
    },
  )

  it.each([randomizedRounding, unguarded, wide])(
    '$name: the sampler is the inverse of the distribution function',
    (noise) => {
      const n = 61
      const u = Array.from({ length: n }, (_, j) => (j + 0.5) / n)
      const some = x.filter((_, i) => i % 17 === 0).concat(bottom, 0, top, top + 0.5, -top - 0.5)
      const drawn = lawAt(
        noise,
        grid.around,
        some.flatMap((at) => u.map(() => at)),
        some.flatMap(() => u),
      )
      const isInverse = (_: number, i: number): boolean => {
        const mine = drawn.slice(i * n, (i + 1) * n)
        return mine.every(({ sample, atoms }, j) => {
          // Σ of the masses below the outcome ≤ u < the same with its own; outcomes of equal value count
          // together.
          const below = atoms.reduce((sum, { value, mass }) => sum + (value < sample ? mass : 0), 0)
          const upTo = atoms.reduce((sum, { value, mass }) => sum + (value <= sample ? mass : 0), 0)
          return (
            below <= u[j]! + 1e-14 && u[j]! < upTo + 1e-14 && sample >= (mine[j - 1]?.sample ?? -Infinity)
          )
        })
      }
      expect(some.filter((at, i) => !isInverse(at, i))).toEqual([])
    },
  )

  it.each(['f64', 'f32'] as const)('no NaN and nothing infinite anywhere, in %s', (arithmetic) => {
    const isFinite = ({ atoms, ...rest }: Found): boolean =>
      Object.values(rest).every(Number.isFinite) &&
      atoms.every(({ value, mass }) => Number.isFinite(value) && Number.isFinite(mass))
    for (const noise of [randomizedRounding, unguarded, wide, nearest]) {
      for (const u of [0, 0.5, 1 - 2 ** -24]) {
        expect(lawAt(noise, grid.around, x, u, arithmetic).filter((found) => !isFinite(found))).toEqual([])
      }
    }
  })

  it('nearest: variance is the squared error, its slope twice the error, its sample ignores u', () => {
    const isNearest = ({ x: at, variance, slope, sample }: Found): boolean =>
      Math.abs(sample - at) === Math.min(...points.map((point) => Math.abs(point - at))) &&
      variance === (sample - at) ** 2 &&
      slope === 2 * (at - sample)
    for (const u of [0, 0.999])
      expect(lawAt(nearest, grid.around, x, u).filter((found) => !isNearest(found))).toEqual([])
  })
})

describe('defineNoise', () => {
  it('keeps formulas that are given, and freezes', () => {
    const noise = defineNoise({
      name: 'none',
      claims: { unbiased: false, continuous: true, preserving: true },
      variance: ({ x }) => x.mul(0),
      sample: ({ x }) => x,
    })
    expect(noise.atoms).toBeUndefined()
    expect(Object.isFrozen(noise) && Object.isFrozen(noise.claims)).toBe(true)
    expect(Object.isFrozen(randomizedRounding) && Object.isFrozen(randomizedRounding.claims)).toBe(true)
  })
})

it('refuses a misspelt claim, which no law would try', () => {
  const { atoms, claims } = unguarded
  const misspelt = { name: 'mine', atoms: atoms!, claims: { ...claims, unbaised: true } }
  expect(() => defineNoise(misspelt)).toThrow(
    "mine: claims: unknown option 'unbaised', did you mean 'unbiased'?",
  )
})
