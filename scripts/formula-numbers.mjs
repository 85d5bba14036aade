// Numbers in a formula by their names: 0.1 is 1 − β₁. Comes in: the same formula made from several values of
// the numbers that it is made from. Goes out: the formula with lanes in place of numbers: what differs as a
// number does is a multiple of it.
import { trace } from '@lotion/core'
import { builderOf } from '@lotion/core/internal'
import { remade } from './formula-graph.mjs'

/**
 * @typedef {import('@lotion/core').Lane} Lane
 * @typedef {import('@lotion/core').LaneFn} LaneFn
 * @typedef {Readonly<Record<string, number>>} Numbers
 * @typedef {{ readonly fn: LaneFn, readonly numbers: Numbers }} Variant
 * @typedef {Readonly<Record<string, Lane>>} Lanes
 * @typedef {{ readonly of: readonly string[], readonly value: (numbers: Numbers) => number,
 * readonly lane: (x: Lanes) => Lane }} Quantity
 */

/**
 * Numbers that no choice of values makes equal by chance, the usual ones first.
 * @param {Readonly<Record<string, number>>} usual by name
 * @returns {readonly Numbers[]}
 */
export const variantsOf = (usual) =>
  [0, 1, 2, 3].map((variant) =>
    Object.fromEntries(
      Object.entries(usual).map(([name, value], i) => [
        name,
        value * (variant === 0 ? 1 : 1 - 0.4 * (((i + 1) * variant * 0.6180339887) % 1)),
      ]),
    ),
  )

/** A number, and what is left of 1. @param {string} name @returns {readonly Quantity[]} */
const quantitiesOf = (name) => [
  { of: [name], value: (numbers) => numbers[name] ?? NaN, lane: (x) => /** @type {Lane} */ (x[name]) },
  {
    of: [name],
    value: (numbers) => 1 - (numbers[name] ?? NaN),
    lane: (x) => literal(x, 1).sub(/** @type {Lane} */ (x[name])),
  },
]

/** @param {Lanes} x @param {number} value */
const literal = (x, value) => builderOf(/** @type {Lane} */ (Object.values(x)[0])).literal(value)

/**
 * What number a formula's number is: a multiple of a quantity, or of its inverse.
 * @param {readonly number[]} values by variant @param {readonly Variant[]} made
 * @param {readonly Quantity[]} quantities
 * @returns {Pick<Quantity, 'of' | 'lane'> | undefined}
 */
function meaningOf(values, made, quantities) {
  for (const { of, value, lane } of quantities) {
    const own = made.map(({ numbers }) => value(numbers))
    const ratio = constant(values.map((found, i) => found / (own[i] ?? NaN)))
    if (ratio !== undefined) return { of, lane: (x) => lane(x).mul(ratio) }
    const product = constant(values.map((found, i) => found * (own[i] ?? NaN)))
    if (product !== undefined) return { of, lane: (x) => literal(x, product).div(lane(x)) }
  }
  return undefined
}

/** The one number that all are, but for rounding. @param {readonly number[]} values */
function constant(values) {
  const first = values[0] ?? NaN
  // What was computed in f64 from a short number is that number.
  const short = Number(first.toPrecision(12))
  const isClose = (/** @type {number} */ value) => Math.abs(value - first) <= 1e-15 * Math.abs(first)
  return values.every(isClose) ? (isClose(short) ? short : first) : undefined
}

/** Prefix of the scalars that stand for numbers which depend on those of a formula in another way. */
const OTHER = 'other number '

/**
 * @param {import('@lotion/core').LaneNode} node
 * @returns {node is Extract<import('@lotion/core').LaneNode, { kind: 'input' }>}
 */
const isOther = (node) => node.kind === 'input' && node.name.startsWith(OTHER)

/**
 * @param {readonly Variant[]} made the first is the usual one
 * @param {readonly string[]} names of the numbers @param {readonly Quantity[]} [more]
 * @returns {{ readonly fn: LaneFn, readonly numbers: Numbers }} `numbers`: values of the scalars that stand
 * for numbers now
 */
export function namedNumbers(made, names, more = []) {
  const [usual, ...others] = /** @type {[Variant, ...Variant[]]} */ (made)
  const nodes = trace(usual.fn).nodes
  const graphs = others.map(({ fn }) => trace(fn).nodes)
  const isSame = graphs.every(
    (graph) => graph.length === nodes.length && graph.every(({ kind }, i) => kind === nodes[i]?.kind),
  )
  if (!isSame) return { fn: usual.fn, numbers: { [OTHER]: NaN } }
  const quantities = [...names.flatMap(quantitiesOf), ...more]
  /** @type {Record<string, number>} */
  const unnamed = {}
  /** @type {Set<string>} */
  const used = new Set()
  /** @type {Map<import('@lotion/core').LaneNode, (x: Lanes) => Lane>} */
  const named = new Map()
  nodes.forEach((node, i) => {
    if (node.kind !== 'literal') return
    const values = [node, ...graphs.map((graph) => graph[i])].map((each) =>
      each?.kind === 'literal' ? each.value : NaN,
    )
    if (values.every((value) => value === values[0])) return
    const meaning = meaningOf(values, made, quantities)
    const name = `${OTHER}${i}`
    if (!meaning) unnamed[name] = node.value
    for (const each of meaning?.of ?? []) used.add(each)
    named.set(node, meaning?.lane ?? ((x) => /** @type {Lane} */ (x[name])))
  })
  return {
    fn: remade(usual.fn, (node, _, x) => named.get(node)?.(x), [...used, ...Object.keys(unnamed)]),
    numbers: { ...usual.numbers, ...unnamed },
  }
}

/**
 * Put numbers back that have no name.
 * @param {{ readonly fn: LaneFn, readonly numbers: Numbers }} formula
 * @returns {{ readonly fn: LaneFn, readonly isWhole: boolean }} `isWhole`: there was none
 */
export function numbersBack({ fn, numbers }) {
  if (Number.isNaN(numbers[OTHER])) return { fn, isWhole: false }
  const back = remade(fn, (node, _, x) => (isOther(node) ? literal(x, numbers[node.name] ?? NaN) : undefined))
  return { fn: back, isWhole: !trace(fn).nodes.some(isOther) }
}
