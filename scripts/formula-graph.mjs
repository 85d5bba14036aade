// A formula's graph made simpler to read. Comes in: a lane function, ordinary numbers for its inputs. Goes
// out: the same formula without the choices that none of these numbers takes, such as a guard against a block
// of zeros; or with lanes in place of some of its numbers.
import { defineLanes, evaluate, trace } from '@lotion/core'
import { builderOf } from '@lotion/core/internal'
import { ordinaryLayout } from './formula-inputs.mjs'

/**
 * @typedef {import('@lotion/core').Lane} Lane
 * @typedef {import('@lotion/core').LaneFn} LaneFn
 * @typedef {import('@lotion/core').LaneNode} LaneNode
 * @typedef {Readonly<Record<string, ArrayLike<number> | number>>} Inputs
 */

/**
 * Make a formula again, node by node.
 * @param {LaneFn} fn
 * @param {(node: LaneNode, of: (node: LaneNode) => Lane, x: Readonly<Record<string, Lane>>) => Lane |
 * undefined} instead what stands in place of a node; nothing: the same operation
 * @param {readonly string[]} [scalars] names of further scalars
 * @returns {LaneFn}
 */
export function remade(fn, instead, scalars = []) {
  const { nodes, outputs } = trace(fn)
  return defineLanes({
    ...fn,
    scalars: [...fn.scalars, ...scalars],
    body: (x) => {
      /** @type {Map<LaneNode, Lane>} */
      const made = new Map()
      const of = (/** @type {LaneNode} */ node) => /** @type {Lane} */ (made.get(node))
      const source = builderOf(/** @type {Lane} */ (Object.values(x)[0]))
      for (const node of nodes) made.set(node, instead(node, of, x) ?? same(node, of, x, source))
      return Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, of(node)]))
    },
  })
}

/**
 * @param {LaneNode} node @param {(node: LaneNode) => Lane} of @param {Readonly<Record<string, Lane>>} x
 * @param {import('@lotion/core/internal').LaneSource} source
 * @returns {Lane}
 */
function same(node, of, x, source) {
  switch (node.kind) {
    case 'input':
      return /** @type {Lane} */ (x[node.name])
    case 'literal':
      return source.literal(node.value)
    case 'unary':
      return of(node.a)[node.op]()
    case 'binary':
      return of(node.a)[node.op](of(node.b))
    case 'less':
      return of(node.a).less(of(node.b), of(node.yes), of(node.no))
    case 'reduce':
      return node.how === 'total' ? of(node.of).total(node.name) : of(node.of)[node.how]()
  }
}

/** @param {Lane} lane */
const isZero = ({ node }) => node.kind === 'literal' && node.value === 0

/** What a node chooses between: where `a < b` it is `yes`. @param {LaneNode} node */
function choiceOf(node) {
  if (node.kind === 'less') return node
  if (node.kind !== 'binary') return undefined
  if (node.op === 'max') return { a: node.a, b: node.b, yes: node.b, no: node.a }
  return node.op === 'min' ? { a: node.b, b: node.a, yes: node.b, no: node.a } : undefined
}

/**
 * Leave out the choices that go one way for all of the given numbers.
 * @param {LaneFn} fn @param {readonly Inputs[]} cases
 * @returns {{ readonly fn: LaneFn, readonly left: number }} `left`: how many were left out
 */
export function withoutGuards(fn, cases) {
  const choices = trace(fn).nodes.filter((node) => choiceOf(node))
  if (choices.length === 0) return { fn, left: 0 }
  const taken = decided(fn, choices, cases)
  const simpler = remade(fn, (node, of) => {
    // What is left of a choice may be a sum with 0.
    if (node.kind === 'binary' && node.op === 'add' && isZero(of(node.a))) return of(node.b)
    const choice = choiceOf(node)
    const way = taken.get(node)
    return choice && way !== undefined ? of(way ? choice.yes : choice.no) : undefined
  })
  return { fn: simpler, left: [...taken.values()].filter((way) => way !== undefined).length }
}

/**
 * Which way each choice goes, if always the same.
 * @param {LaneFn} fn @param {readonly LaneNode[]} choices @param {readonly Inputs[]} cases
 * @returns {Map<LaneNode, boolean | undefined>}
 */
function decided(fn, choices, cases) {
  const names = choices.map((_, i) => `choice ${i}`)
  /** @type {Lane[]} */
  let ways = []
  // The nodes of the formula made again, each choice asked beside it.
  const asked = defineLanes({
    ...fn,
    outputs: names,
    body: (x) => {
      ways = []
      const again = remade(fn, (node, of) => {
        const choice = choiceOf(node)
        if (choice) ways.push(of(choice.a).less(of(choice.b), 1, 0))
        return undefined
      })
      again.body(x)
      return Object.fromEntries(names.map((name, i) => [name, /** @type {Lane} */ (ways[i])]))
    },
  })
  const found = cases.map((inputs) => evaluate([{ fn: asked, inputs, layout: ordinaryLayout }])[0] ?? {})
  return new Map(
    choices.map((node, i) => {
      const values = found.map((each) => /** @type {Float64Array} */ (each[`choice ${i}`]))
      const first = values[0]?.[0]
      const isDecided = values.every((each) => each.every((value) => value === first))
      return [node, isDecided ? first === 1 : undefined]
    }),
  )
}
