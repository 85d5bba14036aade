// Lane functions made to be written down. Comes in: a body, of which outputs are known when it has run. Goes
// out: a lane function; those of its outputs that only name a value between are left out if not needed.
import { defineLanes, trace } from '@lotion/core'
import { reachable } from '@lotion/core/internal'

/**
 * @typedef {import('@lotion/core').Lane} Lane
 * @typedef {import('@lotion/core').LaneFn} LaneFn
 * @typedef {Readonly<Record<string, Lane>>} Lanes
 */

/**
 * @param {string} name @param {readonly string[]} inputs @param {readonly string[]} scalars
 * @param {(x: Lanes) => Lanes} body
 * @returns {LaneFn}
 */
export function lanesOf(name, inputs, scalars, body) {
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

/** Outputs that only give a value between a name. */
const between = new Set(['amax', 'tensorMax', 'scale', 'x', 'lo', 'hi', 'weightVariance'])

/**
 * Leave out the names of values that the others do not need, or that are inputs anyway.
 * @param {LaneFn} fn @param {readonly string[]} [results] what is a result in this formula, whatever its name
 * @returns {LaneFn}
 */
export function withoutNeedless(fn, results = []) {
  const { outputs } = trace(fn)
  const kept = fn.outputs.filter((name) => !between.has(name) || results.includes(name))
  const roots = kept.map((name) => /** @type {import('@lotion/core').LaneNode} */ (outputs[name]))
  const needs = new Set(reachable(roots))
  const named = fn.outputs.filter((name) => {
    const node = outputs[name]
    if (!node || (node.kind === 'input' && (node.name === name || !kept.includes(name)))) return false
    return kept.includes(name) || needs.has(node)
  })
  const body = (/** @type {Lanes} */ x) => {
    const made = fn.body(x)
    return Object.fromEntries(named.map((name) => [name, /** @type {Lane} */ (made[name])]))
  }
  return defineLanes({ ...fn, outputs: named, body })
}
