// Whether two ways took the same step. Comes in: what they wrote. Goes out: their distance, or an error.
// Source: docs/design/12-speed-tests.md. A comparison of speeds means nothing between different computations.

import { leafOf, type Tree } from '@lotion/core'
import type { StepArray } from './kernel-case.js'
import { END_LENGTH, endsOf, fillFromStart } from './kernel-competitor.js'

/**
 * Distance of two f32 evaluations of one step, relative to the largest change: rounding gives 1e-5, a missing
 * term 1e-2 and more.
 */
const TOLERANCE = 1e-4

/** A weight within rounding of a cell's edge may be put into the next cell, of another slope: 1 in 10⁶. */
const EDGE_SHARE = 1e-4

/** How far a way is from the reference. */
export interface KernelAgreement {
  /** Largest distance, in units of the array's largest change, over all values but those at edges. */
  readonly largest: number
  /** Values farther off than the tolerance: weights at the edge of a cell. */
  readonly atEdges: number
  readonly values: number
}

/** Refuse a way that differs in a bit. @throws naming the first value that does. */
export function checkBits(what: string, found: Tree<Float32Array>, expected: Tree<Float32Array>): null {
  for (const [name, array] of Object.entries(expected)) {
    const other = leafOf(found, name, what)
    const at = array.findIndex((value, i) => !Object.is(value, other[i]))
    if (at >= 0)
      throw new Error(`${what}: expected ${name}[${at}] = ${array[at]}, found ${other[at]}; please report it`)
  }
  return null
}

/** Measure the distance. @throws if more than a few values are off. */
export function checkDistance(
  what: string,
  found: Tree<Float32Array>,
  expected: Tree<Float32Array>,
  weights: number,
): KernelAgreement {
  let [largest, atEdges, values] = [0, 0, 0]
  for (const [name, array] of Object.entries(expected)) {
    const other = leafOf(found, name, what)
    const start = startEnds(name as StepArray, weights)
    const change = array.reduce((most, value, i) => Math.max(most, Math.abs(value - start[i]!)), 0)
    for (let i = 0; i < array.length; i++) {
      const distance = Math.abs(other[i]! - array[i]!) / change
      if (distance <= TOLERANCE) largest = Math.max(largest, distance)
      else atEdges++
    }
    values += array.length
  }
  if (atEdges > EDGE_SHARE * values) {
    throw new Error(
      `${what}: expected the step of the first way to ${TOLERANCE} of the largest change, found ${atEdges} of ${values} values ` +
        `farther off; the ways do not compute the same, so their times are not compared`,
    )
  }
  return { largest, atEdges, values }
}

/** What the ends of an array hold at the start. Values repeat: a shorter array of the same end tells. */
function startEnds(name: StepArray, weights: number): Float32Array {
  const start = new Float32Array(Math.min(weights, 2 * END_LENGTH + (weights % END_LENGTH)))
  fillFromStart(start, name)
  return endsOf(start)
}
