// Numerical gradients, the yardstick of every gradient here. Comes in: a scalar function of named arrays, a
// point, which elements. Goes out: slopes by extrapolated central differences.

import { leafOf, type Tree } from '@lotion/core'

/** Say where a slope is wanted. */
export interface Element {
  readonly name: string
  readonly index: number
}

/**
 * Estimate ∂f/∂w at chosen elements, in f64: (4 D(h) − D(2h)) / 3 with D(h) = (f(w + h) − f(w − h)) / 2h.
 * The error is O(h⁴) + O(10⁻¹⁶ f / h): about 10⁻¹² for the default h = 10⁻³ and smooth losses of order 1.
 */
export function centralDifferences(
  f: (weights: Tree<Float64Array>) => number,
  at: Tree<ArrayLike<number>>,
  elements: readonly Element[],
  h = 1e-3,
): number[] {
  const point: Tree<Float64Array> = Object.fromEntries(
    Object.entries(at).map(([name, values]) => [name, Float64Array.from(values)]),
  )
  return elements.map(({ name, index }) => {
    const values = leafOf(point, name, 'point')
    const centre = values[index]
    if (centre === undefined) {
      throw new RangeError(`index: expected 0 … ${values.length - 1} for '${name}', found ${index}`)
    }
    const moved = (step: number) => {
      values[index] = centre + step
      const result = f(point)
      values[index] = centre
      return result
    }
    const slope = (step: number) => (moved(step) - moved(-step)) / (2 * step)
    return (4 * slope(h) - slope(2 * h)) / 3
  })
}
