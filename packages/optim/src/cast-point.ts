// Where a method's gradient is taken: at casts of the quantized weights. Comes in: what each parameter is
// trained for. Goes out: a function from weights to the point of a step.
// Source: docs/design/03-formats-and-methods.md.

import { layoutOf, leafOf, type Executor, type Quantized, type Shape, type Tree } from '@lotion/core'
import { castEach, type CastMoment, type ParameterCast } from './cast-tree.js'

/** The point of a gradient, as an updater knows it; randomized points are drawn by seed and step. */
export interface CastPoint<A> {
  /** The methods that ask for it. */
  readonly method: string
  /** Parameters that are cast there; the others stay as they are. */
  readonly names: readonly string[]
  /**
   * Cast the weights; parameters that are not cast are the same arrays as before.
   * @param params All parameters by name, one value a weight.
   * @param moment Seed and step that draws are keyed by; arrays to write to.
   * @throws if a parameter is missing.
   */
  at(params: Tree<A>, moment: CastMoment<A>): Tree<A>
}

/**
 * Make the point of these parameters; undefined if it is the weights themselves.
 * @param input What runs the casts, extents by name, and what each parameter is trained for
 * (`Updater.quantized`).
 */
export function castPoint<A>({
  executor,
  shapes,
  quantized,
}: {
  readonly executor: Executor<A>
  readonly shapes: Tree<Shape>
  readonly quantized: Tree<Quantized | null>
}): CastPoint<A> | undefined {
  const casts = Object.entries(quantized).flatMap(([name, how]): readonly ParameterCast[] => {
    if (!how?.point) return []
    const shape = leafOf(shapes, name, 'shapes')
    return [{ name, shape, fn: how.point, layout: layoutOf(shape, how.format.block, how.axis) }]
  })
  if (casts.length === 0) return undefined
  return Object.freeze({
    method: [...new Set(Object.values(quantized).flatMap((how) => (how?.point ? how.method : [])))].join(
      ', ',
    ),
    names: casts.map(({ name }) => name),
    at: (params, moment) => castEach(executor, casts, params, moment),
  } satisfies CastPoint<A>)
}
