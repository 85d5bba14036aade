// Formulas of what packages export, as TeX. Comes in: an export. Goes out: its formula and what its symbols
// mean, or nothing if it has none. A new plug-in has its formula by being exported. What it does not say
// itself stands as a symbol: to a noise the grid is two points a and b, to a scale rule its largest point Q.
import { fisherDiagonal, observedSlots, scalarNames, texOf, trace } from '@lotion/core'
import { isFamily, isFisher, isFormat, isNoise, isTransformation, updateLanes } from '@lotion/core/internal'
import { int4 } from '@lotion/formats'
import { isMethod, resolved } from '@lotion/optim/internal'
import { withoutGuards } from './formula-graph.mjs'
import { ordinaryCases, place } from './formula-inputs.mjs'
import { lanesOf, withoutNeedless } from './formula-lanes.mjs'
import { matrix, methodLanes, readBy } from './formula-methods.mjs'
import { legendOf, symbols } from './formula-names.mjs'
import { namedNumbers, numbersBack, variantsOf } from './formula-numbers.mjs'
import {
  anyFormat,
  anyNoise,
  fixedGrids,
  gridQuantities,
  grids,
  siteOf,
  unevenGrids,
  unknown,
} from './formula-stand-ins.mjs'

/**
 * @typedef {import('@lotion/core').Lane} Lane
 * @typedef {import('@lotion/core').LaneFn} LaneFn
 * @typedef {import('@lotion/core').Grid} Grid
 * @typedef {import('@lotion/core').NumberFormat} NumberFormat
 * @typedef {Readonly<Record<string, Lane>>} Lanes
 * @typedef {Readonly<Record<string, number>>} Numbers
 * @typedef {{ readonly fn: LaneFn, readonly results?: readonly string[],
 * readonly isThroughScale?: boolean }} Made
 * @typedef {{ readonly fn: LaneFn, readonly real: LaneFn, readonly numbers: Numbers, readonly tex: string,
 * readonly lines: number, readonly where: readonly string[], readonly notes: readonly string[] }} Formula
 * `fn`: what `tex` says; `real`: what runs
 */

/** @param {import('@lotion/core').Transformation} transformation */
function transformationLanes(transformation) {
  const part = resolved(transformation, matrix)
  if (!part) return undefined
  const inputs = [...new Set(['w', 'update', ...readBy(part)])]
  return { fn: lanesOf(part.name, inputs, scalarNames(part), (x) => updateLanes(part, x)) }
}

/** @param {import('@lotion/core').FisherEstimator} fisher */
const fisherLanes = (fisher) =>
  lanesOf(fisher.name, readBy(fisher), scalarNames(fisher), (x) => {
    const known = { ...x, ...observedSlots(fisher, x) }
    return { ...observedSlots(fisher, x), diagonal: fisherDiagonal(fisher, known) }
  })

/** @param {unknown} made @returns {import('@lotion/optim').Method} */
function asMethod(made) {
  if (!isMethod(made)) throw new TypeError('make: expected a method for every format')
  return made
}

/** What a scale rule says of w. @param {import('@lotion/core').Scaled} scaled */
const scaledLanes = ({ x, scale, statistics: [amax, tensorMax] }) => ({
  ...(amax && { amax }),
  ...(tensorMax && { tensorMax }),
  scale,
  x,
})

/**
 * Find the formula of a plug-in, or of a member of a family.
 * @param {unknown} value @param {Numbers} numbers @param {Grid} grid
 * @returns {Made | undefined}
 */
function lanesOfPlugin(value, numbers, grid) {
  if (isFamily(value)) {
    const make = (/** @type {NumberFormat} */ format) => value.make(numbers, { format, learningRate: 0.01 })
    const usual = make(int4)
    return isMethod(usual)
      ? methodLanes((format) => asMethod(make(format)), grid)
      : lanesOfPlugin(usual, numbers, grid)
  }
  if (isNoise(value)) {
    const body = (/** @type {Lanes} */ x) => {
      const at = siteOf(x)
      return { variance: value.variance(at), sample: value.sample(at, /** @type {Lane} */ (x['u'])) }
    }
    return { fn: lanesOf(value.name, ['x', ...place, 'u'], [], body) }
  }
  if (isFormat(value)) {
    const fn = lanesOf(value.name, ['w'], [], ({ w }) => {
      const scaled = value.scale.scaled(/** @type {Lane} */ (w), value.grid)
      const { lo, hi } = value.grid.around(scaled.x, scaled.isBounded)
      return { ...scaledLanes(scaled), lo, hi }
    })
    return { fn, results: ['scale', 'x', 'lo', 'hi'] }
  }
  if (isFisher(value)) return { fn: fisherLanes(value) }
  if (isTransformation(value)) return transformationLanes(value)
  const { around, scaled } = Object(value)
  if (typeof around === 'function') {
    const fn = lanesOf('grid', ['x'], [], ({ x }) => {
      const { lo, hi } = around.call(value, x)
      return { lo, hi }
    })
    return { fn, results: ['lo', 'hi'] }
  }
  if (typeof scaled === 'function') {
    const fn = lanesOf('scale', ['w'], [], ({ w }) => scaledLanes(scaled.call(value, w, grid)))
    return { fn, results: ['scale', 'x'] }
  }
  return undefined
}

/**
 * What stands for an argument of a function whose formula is asked for, by its type.
 * @type {Readonly<Record<string, (x: Lanes, name: string) => unknown>>}
 */
const stands = {
  Lane: (x, name) => x[name],
  Operand: (x, name) => x[name],
  Site: (x) => siteOf(x),
  Located: (x) => ({ site: siteOf(x), scale: x['scale'], statistics: [] }),
  Noise: anyNoise,
}

/** The type of a format, which is made anew for each grid. */
const FORMAT = 'NumberFormat'

/**
 * @typedef {{ readonly parameters: readonly { readonly name: string, readonly type: string }[],
 * readonly returns: string }} Signature
 */

/**
 * Find the formula that a function from lanes to a lane computes, or that it makes.
 * @param {string} name @param {Function} value @param {Signature} signature @param {Grid} grid
 * @returns {Made | undefined}
 */
function lanesOfFunction(name, value, { parameters, returns }, grid) {
  const takesFormat = parameters.some(({ type }) => type === FORMAT)
  const isKnown = parameters.every(({ type }) => type === FORMAT || type in stands)
  if (!['Lane', 'LaneFn'].includes(returns) || !isKnown) return undefined
  const lanes = parameters.filter(({ type }) => type === 'Lane' || type === 'Operand')
  const own = lanes.map((each) => each.name)
  const inputs = new Set(['w', 'x', 'u', 'fisher', 'variance', 'sample', ...unknown, ...own])
  // Where w lies on a format's grid is computed, and has a name.
  if (takesFormat) inputs.delete('x')
  const fn = lanesOf(name, [...inputs], [], (x) => {
    /** @type {Lane | undefined} */
    let at
    const format = anyFormat(x, grid, (place) => {
      at = place
    })
    const given = parameters.map(({ name: of, type }) => (type === FORMAT ? format : stands[type]?.(x, of)))
    const made = value(...given)
    const found = returns === 'Lane' ? { [name]: made } : made.body(x)
    return at && takesFormat ? { x: at, ...found } : found
  })
  return { fn, results: fn.outputs.filter((output) => !takesFormat || output !== 'x') }
}

/**
 * Numbers of a family that show all of its formula: none is 0, which turns something off, or 1, which leaves
 * no trace, or another number that stands in a formula by itself.
 * @param {import('@lotion/core').Family<unknown, any>} family
 * @returns {Numbers}
 */
const telling = (family) =>
  Object.fromEntries(
    Object.entries(family.numbers).map(([name, { default: usual }]) => [
      name,
      usual === 0 ? 0.1 : usual * 0.93,
    ]),
  )

/**
 * A formula with names for the numbers that it is made from, as far as they can be told.
 * @param {(numbers: Numbers, grid: Grid) => Made | undefined} make
 * @param {Numbers} usual @param {typeof grids | typeof unevenGrids | typeof fixedGrids} places
 */
function named(make, usual, places) {
  const made = variantsOf(usual).flatMap((numbers, i) => {
    const { grid, numbers: ofGrid } = /** @type {(typeof places)[number]} */ (places[i])
    const found = make(numbers, grid)
    return found ? [{ ...found, numbers: { ...numbers, ...ofGrid } }] : []
  })
  const [first] = made
  if (!first) return undefined
  const whole = namedNumbers(made, Object.keys(usual), gridQuantities)
  const simple = withoutGuards(whole.fn, ordinaryCases(whole.fn, 1, whole.numbers))
  // A formula that is nothing but a guard is shown with it.
  const isGuard = first.results?.length === 1 && isInput(simple.fn, first.results[0])
  const { fn, left } = isGuard && !isInput(whole.fn, first.results?.[0]) ? { ...whole, left: 0 } : simple
  const back = numbersBack({ ...whole, fn })
  return { ...first, real: make(usual, int4.grid)?.fn, ...back, left, numbers: whole.numbers }
}

/** @param {LaneFn} fn @param {string | undefined} output */
const isInput = (fn, output = '') => trace(fn).outputs[output]?.kind === 'input'

/**
 * Write the formula of an export. A function with a family of its name beside it, `spread` and
 * `spreadFamily`, has the formula of the family.
 * @param {string} name @param {Readonly<Record<string, unknown>>} exports its package's
 * @param {Signature} [signature] if it is a function
 * @returns {Formula | undefined}
 */
export function formulaOf(name, exports, signature) {
  const value = exports[name]
  if (isFamily(value)) return undefined
  const beside = exports[`${name}Family`]
  const family = typeof value === 'function' && isFamily(beside) ? beside : undefined
  const make = (/** @type {Numbers} */ numbers, /** @type {Grid} */ grid) =>
    family || typeof value !== 'function'
      ? lanesOfPlugin(family ?? value, numbers, grid)
      : signature && lanesOfFunction(name, value, signature, grid)
  const defaults = Object.fromEntries(
    Object.entries(family?.numbers ?? {}).map(([of, { default: usual }]) => [of, usual]),
  )
  const places = signature && !family ? unevenGrids : grids
  const told = named(make, family ? telling(family) : {}, places)
  // Where a number changes the shape of the formula, or is hidden in others, the usual one is shown.
  const isHidden = told && !told.isWhole
  const found = isHidden ? named(() => make(defaults, int4.grid), {}, fixedGrids) : told
  if (!found?.real) return undefined
  const { real, numbers, left, isThroughScale, results } = found
  const fn = withoutNeedless(found.fn, results)
  const tex = texOf(fn, { symbols })
  const own = [name, ...(signature?.parameters ?? []).map((each) => each.name)]
  const given = Object.entries(defaults).map(([of, usual]) => `${of} = ${written(usual)}`)
  return {
    fn,
    real,
    numbers,
    tex,
    lines: tex.split(' \\\\\n').length,
    where: legendOf(fn, tex, own),
    notes: [
      ...(given.length > 0
        ? [`${isHidden ? 'With the defaults' : 'The defaults'}: ${given.join(', ')}.`]
        : []),
      ...(isThroughScale ? [throughScale] : []),
      ...(isHidden && !family ? ['The grid is that of `int4`.'] : []),
      ...(signature && trace(fn).outputs['tensorScale']?.kind === 'literal' ? [oneScale] : []),
      ...(left > 0 ? [withoutRare] : []),
    ],
  }
}

/** A number of few digits as it is. @param {number} value */
const written = (value) => (String(value).length > 8 ? `${value.toPrecision(4)}…` : `${value}`)

const throughScale =
  'The scale is that of `absmax`, and the slope goes through it: the largest weight of a block has a term for the whole block.'
const oneScale =
  'The format is one without a scale of the tensor; where it has one, both are those that it stores.'
const withoutRare =
  "Left out: what no ordinary weight meets, such as a block of zeros, or numbers at the ends of the range of f32 or of the scale's type."
