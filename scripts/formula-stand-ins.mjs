// What stands for a plug-in that a formula takes from others. Comes in: lanes by name. Goes out: formats,
// noises and grids of which nothing is known but these lanes.
import { int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { place } from './formula-inputs.mjs'

/**
 * @typedef {import('@lotion/core').Lane} Lane
 * @typedef {Readonly<Record<string, Lane>>} Lanes
 * @typedef {import('@lotion/core').Grid} Grid
 */

/** What a format that is not known stands for. */
export const unknown = [...place, 'scale']

/** @param {Lanes} x @param {Lane} [at] @returns {import('@lotion/core').Site} */
export const siteOf = (x, at = x['x']) =>
  /** @type {any} */ ({ ...Object.fromEntries(place.map((name) => [name, x[name]])), x: at })

/**
 * A format of which nothing is known but a scale and the points beside x.
 * @param {Lanes} x @param {Grid} [grid] what else is asked of its points
 * @param {(at: Lane) => void} [onPlace] is told x
 */
export const anyFormat = (x, grid = int4.grid, onPlace = () => undefined) => ({
  ...int4,
  scale: {
    ...int4.scale,
    scaled: (/** @type {Lane} */ w) => ({
      x: w.div(/** @type {Lane} */ (x['scale'])),
      scale: /** @type {Lane} */ (x['scale']),
      statistics: [/** @type {Lane} */ (x['scale'])],
    }),
  },
  grid: {
    ...grid,
    around: (/** @type {Lane} */ at) => {
      onPlace(at)
      return siteOf(x, at)
    },
  },
})

/**
 * A format with the scale rule of int4, `absmax`, and a grid of which nothing is known but the points beside
 * x and the largest.
 * @param {Lanes} x @param {Grid} grid
 */
export const anyGrid = (x, grid) => ({
  ...int4,
  grid: { ...grid, around: (/** @type {Lane} */ at) => siteOf(x, at) },
})

/** A noise of which nothing is known but its variance and what it draws. @param {Lanes} x */
export const anyNoise = (x) => ({
  ...randomizedRounding,
  variance: () => /** @type {Lane} */ (x['variance']),
  sample: () => /** @type {Lane} */ (x['sample']),
})

const binadeOf = (/** @type {number} */ value) => 2 ** Math.floor(Math.log2(value))

/**
 * Grids with the largest points and last steps that tell what a number of a scale rule is made from. Their
 * points have four significant bits at most, as those of all built-in formats of few bits.
 */
export const grids = [
  [4, 24],
  [8, 40],
  [8, 88],
  [64, 208],
].map(([gap = 1, top = 1]) => ({
  numbers: { top, gap },
  grid: { ...int4.grid, points: [-top, gap - top, 0, top - gap, top] },
}))

/** Grids whose two ends are told apart. */
export const unevenGrids = grids.map(({ numbers, grid }, i) => {
  const bottom = [-12, -56, -72, -144][i] ?? NaN
  return { numbers: { ...numbers, bottom }, grid: { ...grid, points: [bottom, ...grid.points.slice(2)] } }
})

/** Nothing is told of numbers that are those of `int4`. */
export const fixedGrids = grids.map(() => ({ numbers: {}, grid: int4.grid }))

/**
 * What scale rules make of the points of a grid.
 * @type {readonly import('./formula-numbers.mjs').Quantity[]}
 */
export const gridQuantities = [
  { of: ['top'], value: ({ top = NaN }) => top, lane: ({ top }) => /** @type {Lane} */ (top) },
  {
    of: ['bottom'],
    value: ({ bottom = NaN }) => bottom,
    lane: ({ bottom }) => /** @type {Lane} */ (bottom),
  },
  {
    of: ['top'],
    value: ({ top = NaN }) => binadeOf(top),
    lane: ({ top }) => /** @type {Lane} */ (top).binade(),
  },
  {
    of: ['top', 'gap'],
    value: ({ top = NaN, gap = NaN }) => gap / binadeOf(top),
    lane: ({ top, gap }) => /** @type {Lane} */ (gap).div(/** @type {Lane} */ (top).binade()),
  },
]
