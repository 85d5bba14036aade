// What a noise says at given places, as numbers. Comes in: a noise, a grid, places. Goes out: rows.
// Source: the contract `Noise` of @lotion/core, evaluated in f64, or as the f32 twin that executors must
// equal.

import {
  defineLanes,
  evaluate,
  gradient,
  type Arithmetic,
  type Grid,
  type LaneFn,
  type Noise,
} from '@lotion/core'
import { strata } from '@lotion/noise/internal'

/** One outcome with its chance. */
export interface Outcome {
  readonly value: number
  readonly mass: number
}

/** What a noise says at one place. */
export interface NoiseRow {
  readonly x: number
  readonly lo: number
  readonly hi: number
  readonly variance: number
  /** ∂ variance / ∂ x. */
  readonly slope: number
  /** The exact law, ascending; empty for a noise without atoms. */
  readonly atoms: readonly Outcome[]
}

/** A noise's formulas on a grid; made once, so that they are traced once. */
interface Formulas {
  readonly table: LaneFn
  readonly atoms: readonly (readonly [value: string, mass: string])[]
  readonly sample: LaneFn
}

const made = new WeakMap<Noise, Map<Grid, Formulas>>()

function formulasOf(noise: Noise, grid: Grid): Formulas {
  const mine = made.get(noise) ?? new Map<Grid, Formulas>()
  made.set(noise, mine)
  const found = mine.get(grid) ?? formulas(noise, grid)
  mine.set(grid, found)
  return found
}

function formulas(noise: Noise, grid: Grid): Formulas {
  const atoms = Array.from({ length: atomCount(noise, grid) }, (_, j) => [`value ${j}`, `mass ${j}`] as const)
  const table = defineLanes({
    name: noise.name,
    inputs: ['x'],
    outputs: ['lo', 'hi', 'variance', 'slope', ...atoms.flat()],
    body: ({ x }) => {
      const site = grid.around(x)
      const variance = noise.variance(site)
      const law = noise.atoms?.(site) ?? []
      return {
        lo: site.lo,
        hi: site.hi,
        variance,
        slope: gradient(variance, x),
        ...Object.fromEntries(
          atoms.flatMap(
            ([value, mass], j) =>
              [
                [value, law[j]!.value],
                [mass, law[j]!.mass],
              ] as const,
          ),
        ),
      }
    },
  })
  const sample = defineLanes({
    name: `${noise.name} sample`,
    inputs: ['x', 'u'],
    outputs: ['q'],
    body: ({ x, u }) => ({ q: noise.sample(grid.around(x), u) }),
  })
  return { table, atoms, sample }
}

/** Evaluate variance, slope and law at many places of a grid. */
export function tabulate(
  noise: Noise,
  grid: Grid,
  places: readonly number[],
  arithmetic: Arithmetic = 'f64',
): readonly NoiseRow[] {
  const { table, atoms } = formulasOf(noise, grid)
  const out = evaluate([{ fn: table, inputs: { x: places } }], arithmetic)[0]!
  // An output that does not depend on x is a single value.
  const read = (name: string, i: number): number =>
    out[name]!.length === 1 ? out[name]![0]! : out[name]![i]!
  return places.map((x, i) => ({
    x,
    lo: read('lo', i),
    hi: read('hi', i),
    variance: read('variance', i),
    slope: read('slope', i),
    atoms: atoms.map(([value, mass]) => ({ value: read(value, i), mass: read(mass, i) })),
  }))
}

/** Evaluate samples: for every place a list, one for each uniform. */
export function draw(
  noise: Noise,
  grid: Grid,
  places: readonly number[],
  uniforms: readonly number[],
  arithmetic: Arithmetic = 'f64',
): readonly (readonly number[])[] {
  const { sample } = formulasOf(noise, grid)
  const x = places.flatMap((place) => uniforms.map(() => place))
  const u = places.flatMap(() => uniforms)
  const q = evaluate([{ fn: sample, inputs: { x, u } }], arithmetic)[0]!['q']!
  return places.map((_, i) => uniforms.map((_, j) => (q.length === 1 ? q[0]! : q[i * uniforms.length + j]!)))
}

/** A law's outcomes at a place, and how far sums over them may err: rounding, or the strata's width. */
export interface Distribution {
  readonly x: number
  readonly outcomes: readonly Outcome[]
  /** Bound on the error of a mean, relative to the outcomes' range. */
  readonly error: number
}

/** Uniforms that sample a law without atoms, and how many of the simplest places take so many samples. */
const STRATA = 512
const SAMPLED = 40

const known = new WeakMap<Noise, Map<string, readonly Distribution[]>>()

/**
 * The law at many places: its atoms, or, at the simplest 40 places, its samples at the middle of 512 strata.
 * For a sampler that is monotone in u a mean over n strata is within range / n of the expectation. Remembered
 * for each noise.
 */
export function distributions(
  noise: Noise,
  grid: Grid,
  places: readonly number[],
  arithmetic: Arithmetic,
): readonly Distribution[] {
  const mine = known.get(noise) ?? new Map<string, readonly Distribution[]>()
  known.set(noise, mine)
  const key = `${arithmetic};${grid.points.join()};${places.join()}`
  const found = mine.get(key) ?? computed(noise, grid, places, arithmetic)
  mine.set(key, found)
  return found
}

function computed(
  noise: Noise,
  grid: Grid,
  all: readonly number[],
  arithmetic: Arithmetic,
): readonly Distribution[] {
  if (noise.atoms)
    return tabulate(noise, grid, all, arithmetic).map(({ x, atoms }) => ({ x, outcomes: atoms, error: 0 }))
  const places = all.slice(0, SAMPLED)
  // The ends of u carry no mass here, but the range: an outcome rarer than a stratum shows there alone.
  const samples = draw(noise, grid, places, [0, ...strata(STRATA), 1 - 2 ** -24], arithmetic)
  return places.map((x, i) => ({
    x,
    outcomes: samples[i]!.map((value, j) => ({ value, mass: j === 0 || j > STRATA ? 0 : 1 / STRATA })),
    error: 1 / STRATA,
  }))
}

function atomCount(noise: Noise, grid: Grid): number {
  let count = 0
  const fn = defineLanes({
    name: 'count',
    inputs: ['x'],
    outputs: ['x'],
    body: ({ x }) => {
      count = noise.atoms?.(grid.around(x)).length ?? 0
      return { x }
    },
  })
  evaluate([{ fn, inputs: { x: [0] } }])
  return count
}
