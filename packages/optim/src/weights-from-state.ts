// Weights that an optimizer's state tells besides those that are trained: averages. Comes in: a part of the
// chain, weights and state of one moment. Goes out: other weights, in new arrays.
// Source: docs/design/03-formats-and-methods.md (phases and averages).

import { leafOf, type Executor, type LaneFn, type Transformation, type Tree } from '@lotion/core'
import type { OptimizerState } from './updater.js'

/** Where weights are read. */
export interface StateMoment<A> {
  /** Makes the arrays of the weights. */
  readonly executor: Executor<A>
  /** The weights now. */
  readonly params: Tree<A>
  /** The state that belongs to them. */
  readonly state: OptimizerState<A>
  /** Updates so far: steps without those that were skipped. */
  readonly updates: number
}

/** From which part, and how. */
export interface StateFormula {
  /** The very part of the chain: it knows the numbers. */
  readonly part: Transformation
  /** Its slot, by its local name. */
  readonly slot: string
  /** From `w`, the slot and scalars of the part to `w`. */
  readonly fn: LaneFn
  /** What is expected of the state, and who makes it: for the error. */
  readonly expected: string
}

/**
 * Read the weights of all parameters that have the slot; the others, since they are frozen, are the same
 * arrays as before.
 * @throws TypeError if no parameter has it, or a part of that name twice over has it for others.
 */
export function weightsFromState<A>(
  { executor, params, state, updates }: StateMoment<A>,
  { part, slot, fn, expected }: StateFormula,
): Tree<A> {
  const scalars = part.scalars({ step: updates, steps: updates + 1, terms: 1, updates })
  const stored = `${part.name}.${slot}`
  const names = Object.keys(params).filter((name) => state[name]?.[stored] !== undefined)
  if (names.length === 0 || fn.scalars.some((name) => scalars[name] === undefined))
    throw new TypeError(`state: expected slots '${stored}' of ${expected}`)
  const isOther = (key: string): boolean => key.startsWith(`${part.name}#`) && key.endsWith(`.${slot}`)
  for (const [name, slots] of Object.entries(state)) {
    const other = Object.keys(slots).find(isOther)
    if (other !== undefined)
      throw new TypeError(
        `state: expected '${stored}' of every parameter, found '${other}' of '${name}', which another part with other numbers made; train all with one`,
      )
  }
  const numbers = Object.fromEntries(fn.scalars.map((name) => [name, leafOf(scalars, name, 'scalars')]))
  const results = executor.lanes(
    names.map((name) => ({
      fn,
      inputs: { w: leafOf(params, name, 'params'), [slot]: state[name]![stored]!, ...numbers },
    })),
  )
  return { ...params, ...Object.fromEntries(names.map((name, i) => [name, results[i]!['w']!])) }
}
