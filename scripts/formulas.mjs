// Formulas of what packages export, as TeX. Comes in: an export. Goes out: its formula and what its symbols
// mean, or nothing if it has none. A new plug-in has its formula by being exported. What it does not say
// itself stands as a symbol: to a noise the grid is two points a and b, to a method the format is a scale.
import {
  defineLanes,
  fisherDiagonal,
  membersOf,
  observedSlots,
  scalarNames,
  texOf,
  trace,
} from '@lotion/core'
import { isFamily, isFisher, isFormat, isNoise, isTransformation, updateLanes } from '@lotion/core/internal'
import { int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { isMethod, resolved } from '@lotion/optim/internal'

/**
 * @typedef {import('@lotion/core').Lane} Lane
 * @typedef {import('@lotion/core').LaneFn} LaneFn
 * @typedef {Readonly<Record<string, Lane>>} Lanes
 * @typedef {{ readonly tex: string, readonly lines: number, readonly where: readonly string[],
 * readonly given: readonly string[] }} Formula
 */

/**
 * Symbols and meanings by name; a name that is missing stands as it is.
 * @type {Record<string, [string, string]>}
 */
const names = {
  w: ['w', 'the weight'],
  x: ['x', 'the weight in units of its scale'],
  scale: ['s', "the block's scale"],
  lo: ['a', 'the point of the grid at or below x'],
  hi: ['b', 'the point at or above x'],
  below: ['a_{-}', 'the point below a'],
  above: ['b_{+}', 'the point above b'],
  even: ['e', 'the one of a and b with the even code'],
  u: ['u', 'a uniform number in [0, 1)'],
  sample: ['q', 'the rounded x'],
  variance: ['\\sigma^2', 'the mean of (q − x)²'],
  fisher: ['F', 'the curvature'],
  diagonal: ['F', 'the curvature'],
  gradient: ['g', 'the gradient of the loss'],
  update: ['\\Delta', 'the update; the gradient, in the first part of a chain'],
  point: ['\\hat{w}', 'where the gradient is taken'],
  penalty: ['\\Omega', 'the term that is added to the loss'],
  lambda: ['\\lambda', 'the strength of the penalty'],
  rate: ['\\eta', 'the learning rate'],
  terms: ['n', 'loss terms averaged in the gradient'],
}
const symbols = Object.fromEntries(Object.entries(names).map(([name, [tex]]) => [name, tex]))

/** Names of a weight's place on a grid. */
const place = ['below', 'lo', 'hi', 'above', 'even']

/** @param {Lanes} x @param {Lane} [at] @returns {import('@lotion/core').Site} */
const siteOf = (x, at = x['x']) =>
  /** @type {any} */ ({ ...Object.fromEntries(place.map((name) => [name, x[name]])), x: at })

/**
 * A format of which nothing is known but a scale and the points beside x.
 * @param {Lanes} x
 */
const anyFormat = (x) => ({
  ...int4,
  scale: {
    ...int4.scale,
    scaled: (/** @type {Lane} */ w) => ({
      x: w.div(/** @type {Lane} */ (x['scale'])),
      scale: /** @type {Lane} */ (x['scale']),
      statistics: [/** @type {Lane} */ (x['scale'])],
    }),
  },
  grid: { ...int4.grid, around: (/** @type {Lane} */ at) => siteOf(x, at) },
})

/**
 * @param {string} name @param {readonly string[]} inputs @param {readonly string[]} scalars
 * @param {(x: Lanes) => Lanes} body
 * @returns {LaneFn}
 */
function lanesOf(name, inputs, scalars, body) {
  // What a body returns is known when it has run: once to be asked, then for the formula.
  /** @type {string[]} */
  let outputs = []
  trace(
    defineLanes({
      name,
      inputs,
      scalars,
      outputs: ['asked'],
      body: (x) => {
        const made = body(x)
        outputs = Object.keys(made)
        return { asked: /** @type {Lane} */ (Object.values(made)[0]) }
      },
    }),
  )
  return defineLanes({ name, inputs, scalars, outputs, body })
}

/** @param {import('@lotion/core').Transformation | import('@lotion/core').FisherEstimator} part */
const readBy = ({ needs, slots, borrows }) => [
  ...needs.map(({ name }) => name),
  ...slots,
  ...Object.keys(borrows),
]

const matrix = { name: 'w', shape: [4, 4] }

/** @param {import('@lotion/core').Transformation} transformation @param {readonly string[]} [more] */
function transformationLanes(transformation, more = []) {
  const part = resolved(transformation, matrix)
  if (!part) return undefined
  const inputs = [...new Set(['w', 'update', ...readBy(part), ...more])]
  return lanesOf(part.name, inputs, scalarNames(part), (x) => updateLanes(part, x))
}

/** @param {import('@lotion/core').FisherEstimator} fisher */
const fisherLanes = (fisher) =>
  lanesOf(fisher.name, readBy(fisher), scalarNames(fisher), (x) => {
    const known = { ...x, ...observedSlots(fisher, x) }
    return { ...observedSlots(fisher, x), diagonal: fisherDiagonal(fisher, known) }
  })

/** A noise of which nothing is known but its variance and what it draws. @param {Lanes} x */
const anyNoise = (x) => ({
  ...randomizedRounding,
  variance: () => /** @type {Lane} */ (x['variance']),
  sample: () => /** @type {Lane} */ (x['sample']),
})

/** What a format that is not known stands for. */
const unknown = [...place, 'scale']

/**
 * Where a method takes the gradient, and what it adds to the gradient or to the update.
 * @param {(format: import('@lotion/core').NumberFormat) => import('@lotion/optim').Method} make
 */
function methodLanes(make) {
  const usual = make(int4)
  const added = (/** @type {import('@lotion/optim').Method} */ { penalty, correction }) => {
    const part = penalty ?? correction?.({ stepSize: 'optimizer.rate' })
    return part && (resolved(part, matrix) ?? undefined)
  }
  const part = added(usual)
  if (!part && !usual.point) return undefined
  const inputs = new Set(['w', 'u', 'update', ...unknown, ...(part ? readBy(part) : [])])
  return lanesOf(usual.name, [...inputs], part ? scalarNames(part) : [], (x) => {
    const method = make(anyFormat(x))
    const own = added(method)
    const point = method.point && /** @type {LaneFn} */ (method.point).body(x)['w']
    return { ...(point && { point }), ...(own && updateLanes(own, x)) }
  })
}

const context = { format: int4, learningRate: 0.01 }

/**
 * Find the formula of a plug-in, or of the default member of a family.
 * @param {unknown} value
 * @returns {LaneFn | undefined}
 */
function lanesOfPlugin(value) {
  if (isFamily(value)) {
    const make = (/** @type {object} */ other) => membersOf(value, { ...context, ...other })[0]
    const usual = make({})
    return isMethod(usual) ? methodLanes((format) => make({ format })) : lanesOfPlugin(usual)
  }
  if (isNoise(value))
    return lanesOf(value.name, ['x', ...place, 'u'], [], (x) => {
      const at = siteOf(x)
      return { variance: value.variance(at), sample: value.sample(at, /** @type {Lane} */ (x['u'])) }
    })
  if (isFormat(value))
    return lanesOf(value.name, ['w'], [], ({ w }) => {
      const { x, scale, isBounded } = value.scale.scaled(/** @type {Lane} */ (w), value.grid)
      const { lo, hi } = value.grid.around(x, isBounded)
      return { scale, x, lo, hi }
    })
  if (isFisher(value)) return fisherLanes(value)
  if (isTransformation(value)) return transformationLanes(value)
  const { around, scaled } = Object(value)
  if (typeof around === 'function')
    return lanesOf('grid', ['x'], [], ({ x }) => {
      const { lo, hi } = around.call(value, x)
      return { lo, hi }
    })
  if (typeof scaled === 'function')
    return lanesOf('scale', ['w'], [], ({ w }) => {
      const { scale, x } = scaled.call(value, w, int4.grid)
      return { scale, x }
    })
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
  NumberFormat: anyFormat,
  Noise: anyNoise,
}

/**
 * @typedef {{ readonly parameters: readonly { readonly name: string, readonly type: string }[],
 * readonly returns: string }} Signature
 */

/**
 * Find the formula that a function from lanes to a lane computes, or that it makes.
 * @param {string} name @param {Function} value @param {Signature} signature
 */
function lanesOfFunction(name, value, { parameters, returns }) {
  if (!['Lane', 'LaneFn'].includes(returns) || !parameters.every(({ type }) => type in stands))
    return undefined
  const lanes = parameters.filter(({ type }) => type === 'Lane' || type === 'Operand')
  const inputs = new Set([
    'w',
    'x',
    'u',
    'fisher',
    'variance',
    'sample',
    ...unknown,
    ...lanes.map((each) => each.name),
  ])
  return lanesOf(name, [...inputs], [], (x) => {
    const made = value(...parameters.map((each) => stands[each.type]?.(x, each.name)))
    return returns === 'Lane' ? { [name]: made } : made.body(x)
  })
}

/**
 * Write the formula of an export. A function with a family of its name beside it, `spread` and
 * `spreadFamily`, has the formula of the family's default member.
 * @param {string} name @param {Readonly<Record<string, unknown>>} exports its package's
 * @param {Signature} [signature] if it is a function
 * @returns {Formula | undefined}
 */
export function formulaOf(name, exports, signature) {
  const value = exports[name]
  const family = exports[`${name}Family`]
  const fn =
    typeof value !== 'function'
      ? isFamily(value)
        ? undefined
        : lanesOfPlugin(value)
      : isFamily(family)
        ? lanesOfPlugin(family)
        : signature && lanesOfFunction(name, value, signature)
  if (!fn) return undefined
  const tex = texOf(fn, { symbols })
  const { nodes, outputs } = trace(fn)
  const used = nodes.flatMap((node) => (node.kind === 'input' ? [node.name] : []))
  const where = [...new Set([...used, ...Object.keys(outputs)])].flatMap((each) =>
    names[each] ? [`$${names[each][0]}$ is ${names[each][1]}`] : [],
  )
  const given = isFamily(family)
    ? Object.entries(family.numbers).map(([of, { default: usual }]) => `${of} = ${usual}`)
    : []
  return { tex, lines: tex.split(' \\\\\n').length, where: [...new Set(where)], given }
}
