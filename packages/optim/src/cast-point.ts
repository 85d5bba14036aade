// Where a method's gradient is taken: at casts of the quantized weights. Comes in: what each parameter is
// trained for. Goes out: a function from weights to the point of a step.
// Source: docs/design/03-formats-and-methods.md.

import { layoutOf, leafOf, type Executor, type Quantized, type Shape, type Tree } from '@lotion/core'
import { castEach, type CastMoment, type ParameterCast } from './cast-tree.js'
import type { Updater } from './updater.js'
import type { SlotOf } from './value-slots.js'

/** The point of a gradient, as an updater knows it; randomized points are drawn by seed and step. */
export interface CastPoint<A> {
  /** The methods that ask for it. */
  readonly method: string
  /** Parameters that are cast there; the others stay as they are. */
  readonly names: readonly string[]
  /**
   * Cast the weights; parameters that are not cast are the same arrays as before.
   * @param params All parameters by name, one value a weight.
   * @param moment Seed and step that draws are keyed by; the state, of a method that trains values; arrays to
   * write to.
   * @throws if a parameter is missing, or the state of trained values.
   */
  at(params: Tree<A>, moment: CastMoment<A>): Tree<A>
}

/** What formulas of quantized weights are run over. */
interface Over<A> {
  readonly executor: Executor<A>
  readonly shapes: Tree<Shape>
  /** What each parameter is trained for. */
  readonly quantized: Tree<Quantized | null>
  readonly slotOf: SlotOf
}

/** Run a formula that some methods have: `point`, or `settled`. */
function castsOf<A>(
  { shapes, quantized, slotOf }: Over<A>,
  formula: 'point' | 'settled',
): readonly ParameterCast[] {
  return Object.entries(quantized).flatMap(([name, how]): readonly ParameterCast[] => {
    const fn = how?.[formula]
    if (!fn) return []
    const shape = leafOf(shapes, name, 'shapes')
    return [{ name, shape, fn, layout: layoutOf(shape, how.format.block, how.axis), slotOf }]
  })
}

/**
 * Make the point of these parameters; undefined if it is the weights themselves.
 * @param over What runs the casts, extents by name, and what each parameter is trained for
 * (`Updater.quantized`).
 */
export function castPoint<A>(over: Over<A>): CastPoint<A> | undefined {
  const { executor, quantized } = over
  const casts = castsOf(over, 'point')
  if (casts.length === 0) return undefined
  return Object.freeze({
    method: [...new Set(Object.values(quantized).flatMap((how) => (how?.point ? how.method : [])))].join(
      ', ',
    ),
    names: casts.map(({ name }) => name),
    at: (params, moment) => castEach(executor, casts, params, moment),
  } satisfies CastPoint<A>)
}

/** Make the weights that a run ends with; undefined if no method trains values. */
export function settling<A>(over: Over<A>): Updater<A>['settled'] {
  const casts = castsOf(over, 'settled')
  if (casts.length === 0) return undefined
  return (params, state, into) =>
    castEach(over.executor, casts, params, { seed: 0, step: 0, state, ...(into ? { into } : {}) })
}
