// The formula of a method: where it takes the gradient, and what it adds to the gradient or to the update.
// Comes in: what makes the method for a format. Goes out: a lane function. The scale is a symbol where the
// method asks no more of it; where a slope goes through it, it is made from the weights, by `absmax`.
import { scalarNames, trace } from '@lotion/core'
import { reachable, updateLanes } from '@lotion/core/internal'
import { int4 } from '@lotion/formats'
import { resolved } from '@lotion/optim/internal'
import { place } from './formula-inputs.mjs'
import { lanesOf } from './formula-lanes.mjs'
import { anyFormat, anyGrid } from './formula-stand-ins.mjs'

/**
 * @typedef {import('@lotion/core').Lane} Lane
 * @typedef {import('@lotion/core').LaneFn} LaneFn
 * @typedef {import('@lotion/core').NumberFormat} NumberFormat
 * @typedef {Readonly<Record<string, Lane>>} Lanes
 */

/** The parameter that a formula is made for. */
export const matrix = { name: 'w', shape: [4, 4] }

/**
 * What begins with a point is told by an optimizer behind the part, if there is one: here there is none.
 * @param {import('@lotion/core').Transformation | import('@lotion/core').FisherEstimator} part
 */
export const readBy = ({ needs, slots, borrows }) => [
  ...needs.map(({ name }) => name),
  ...slots,
  ...Object.keys(borrows).filter((name) => !name.startsWith('.')),
]

/** @param {import('@lotion/optim').Method} method */
function added({ penalty, correction }) {
  const part = penalty ?? correction?.({ stepSize: 'optimizer.rate' })
  return part && (resolved(part, matrix) ?? undefined)
}

/**
 * @param {(format: NumberFormat) => import('@lotion/optim').Method} make
 * @param {import('@lotion/core').Grid} grid
 * @returns {{ readonly fn: LaneFn, readonly isThroughScale: boolean } | undefined}
 */
export function methodLanes(make, grid) {
  const usual = make(int4)
  const part = added(usual)
  if (!part && !usual.point) return undefined
  const values = Object.keys(usual.trains?.values ?? {})
  const inputs = ['w', 'u', 'update', ...place, ...values, ...(part ? readBy(part) : [])]
  const scalars = part ? scalarNames(part) : []
  const lanes = (/** @type {(x: Lanes) => NumberFormat} */ formatOf, /** @type {string[]} */ ...more) =>
    lanesOf(usual.name, [...new Set([...inputs, ...more])], scalars, (x) => {
      const format = formatOf(x)
      const method = make(format)
      const own = added(method)
      // What trained values leave of the weight is what is cast.
      const weight = method.trains ? method.trains.settled(x) : /** @type {Lane} */ (x['w'])
      const { scale, x: at, statistics } = format.scale.scaled(weight, format.grid)
      return {
        amax: /** @type {Lane} */ (statistics[0]),
        scale,
        x: at,
        ...(method.point && { point: method.point.body(x)['w'] }),
        ...(own && updateLanes(own, x)),
      }
    })
  const whole = lanes((x) => anyGrid(x, grid))
  return asksOfScale(whole)
    ? { fn: whole, isThroughScale: true }
    : { fn: lanes(anyFormat, 'scale'), isThroughScale: false }
}

/**
 * Whether results need the largest weight of the block otherwise than through x and its scale.
 * @param {LaneFn} fn
 */
function asksOfScale(fn) {
  const { amax, scale, x, ...results } = trace(fn).outputs
  const needs = reachable(Object.values(results), (node) => node === scale || node === x)
  return amax !== undefined && needs.includes(amax)
}
