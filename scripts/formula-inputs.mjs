// Ordinary numbers for the inputs of a formula: those of weights in training. Comes in: a lane function. Goes
// out: a number or an array for each of its inputs, that belong together: points that lie beside x.
import { blockOf, defineLanes, evaluate, layoutOf, locate, normals, uniforms } from '@lotion/core'
import { int4 } from '@lotion/formats'

/**
 * @typedef {import('@lotion/core').Lane} Lane
 * @typedef {Readonly<Record<string, ArrayLike<number> | number>>} Inputs
 */

const size = 16
const blocks = 384
const count = blocks * size

/** Blocks of the weights that `ordinaryCases` gives. */
export const ordinaryLayout = layoutOf([count], blockOf(size))

/** Names of a weight's place on a grid. */
export const place = Object.freeze(['below', 'lo', 'hi', 'above', 'even'])

/**
 * A weight on a point of int4 or halfway between two, the first of a block the largest.
 * @param {number} i
 */
const halves = (i) => (i % size === 0 ? 7 : ((i * 5) % 29) / 2 - 7)

/**
 * Gaussian blocks of many sizes, and blocks whose weights lie on points of a grid and halfway between them.
 * @param {number} seed
 */
function mixed(seed) {
  const gaussian = normals({ seed, stream: 'weights' }, count)
  return Float64Array.from(gaussian, (value, i) => {
    const block = Math.floor(i / size)
    return 2 ** ((block % 21) - 10) * (block % 3 === 0 ? halves(i) : value)
  })
}

/** Weights that are points, with scales that are numbers of any type: what is rounded stays as it is. */
const exact = () =>
  Float64Array.from({ length: count }, (_, i) =>
    i === 0 ? 448 * 7 : 2 ** ((Math.floor(i / size) % 19) - 10) * halves(i),
  )

/** How much smaller a scale is than the largest weight asks: some weights lie beyond the last point. */
const tightness = 0.875

/** Where weights lie on the grid of int4. `tight`: with a scale that some are too large for. */
const placed = [false, true].map((tight) =>
  defineLanes({
    name: 'place',
    inputs: ['w'],
    outputs: ['x', 'scale', ...place],
    body: ({ w }) => {
      const { site, scale } = locate(int4, w)
      const own = scale.mul(tight ? tightness : 1).add(w.mul(0))
      const { cell: _, ...at } = tight ? int4.grid.around(w.div(own)) : site
      return { ...at, scale: own }
    },
  }),
)

/** Of either sign. */
const signed = new Set(['gradient', 'update', 'm', 'sample'])

/** What `scaled` and `points` tell of a grid, of that of int4. */
const ofGrid = { bottom: -7, top: 7, gap: 1 }

/** What tells the first and the last step of a run, in its middle. */
const ofRun = { isFirst: 0, isLast: 0 }

/**
 * Two cases: weights that are rounded, and weights that are points.
 * @param {import('@lotion/core').LaneFn} fn @param {number} seed
 * @param {Readonly<Record<string, number>>} [numbers] of scalars that are known
 * @returns {readonly Inputs[]}
 */
export const ordinaryCases = (fn, seed, numbers) =>
  [mixed(seed), exact()].map((w) => inputsOf(fn, w, seed, numbers))

/**
 * @param {import('@lotion/core').LaneFn} fn @param {Float64Array} w @param {number} seed
 * @param {Readonly<Record<string, number>>} [numbers]
 * @returns {Inputs}
 */
function inputsOf({ inputs, scalars }, w, seed, numbers = {}) {
  // Where neither x nor its scale is an input they come of w alone, and no weight is too large.
  const isTight = inputs.includes('x') || inputs.includes('scale')
  const fn = /** @type {import('@lotion/core').LaneFn} */ (placed[isTight ? 1 : 0])
  const [known = {}] = evaluate([{ fn, inputs: { w }, layout: ordinaryLayout }])
  const arrays = inputs.map((name) => {
    const from = { seed, stream: name }
    const own = name === 'w' ? w : known[name]
    return [name, own ?? (signed.has(name) ? normals(from, count) : uniforms(from, count))]
  })
  const draws = uniforms({ seed, stream: 'scalars' }, scalars.length)
  const single = scalars.map((name, i) => [
    name,
    /** @type {Record<string, number>} */ ({ ...ofGrid, ...ofRun })[name] ??
      numbers[name] ??
      0.1 + 0.8 * (draws[i] ?? 0),
  ])
  return Object.fromEntries([...arrays, ...single])
}
