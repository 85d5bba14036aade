// Where `fit` takes the gradient of a step: casts in arrays that are kept for the whole run, or the weights
// themselves. Comes in: an updater and its run. Goes out: the point of a step.
// Source: docs/design/03-formats-and-methods.md.

import { leafOf, mapTree, type Tree } from '@lotion/core'
import type { FitOptions } from './fit.js'
import type { OptimizerState, Updater } from './updater.js'

/** Where a step's gradient is taken. */
export interface GradientPoint<A> {
  at(step: number): Tree<A>
  /** Give back the arrays made for it. */
  free(): void
}

/** Make the point of a run. */
export function gradientPoint<A>(
  options: FitOptions<A>,
  { point }: Updater<A>,
  state: OptimizerState<A>,
): GradientPoint<A> {
  const { params, shapes, executor, seed, allocate } = options
  if (!point) return { at: () => params, free: () => {} }
  const cast = Object.fromEntries(point.names.map((name) => [name, leafOf(shapes, name, 'shapes')]))
  const into = allocate
    ? allocate(cast, params)
    : mapTree(cast, (shape, name) => executor.zeros(shape, params[name]))
  return {
    at: (step) => point.at(params, { into, seed, step, state }),
    free: () => {
      // What the engine allocated is its own to free.
      if (!allocate) for (const array of Object.values(into)) executor.free?.(array)
    },
  }
}
