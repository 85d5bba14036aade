// Where formulas find the values that a method trains beside the weights. Comes in: parts of a chain, a
// state. Goes out: arrays.
// Source: docs/design/03-formats-and-methods.md, "Trained values".

import { leafOf, type Transformation, type Tree } from '@lotion/core'
import type { OptimizerState } from './updater.js'

/** Name the slots of trained values: value → `part.value`. */
export type SlotOf = (parameter: string, value: string) => string

/** Find them among the parts of each parameter's chain. */
export const slotOfValues =
  (plans: Tree<{ readonly part: Transformation }>): SlotOf =>
  (parameter, value) => {
    const { part } = leafOf(plans, parameter, 'shapes')
    const owner = part.parts?.find(({ begin }) => begin?.outputs.includes(value))
    return `${owner?.name}.${value}`
  }

/**
 * Add to what is known of a formula's inputs the trained values that it reads.
 * @throws TypeError if there is no state to read them from.
 */
export function valueInputs<A>(
  inputs: readonly string[],
  name: string,
  slotOf: SlotOf,
  known: Tree<A>,
  state: OptimizerState<A> | undefined,
): Tree<A> {
  const values = inputs.filter((input) => !Object.hasOwn(known, input))
  return {
    ...known,
    ...Object.fromEntries(
      values.map((value) => {
        const found = state?.[name]?.[slotOf(name, value)]
        if (found !== undefined) return [value, found]
        throw new TypeError(
          `point: '${name}': expected the state with '${slotOf(name, value)}', found none; give updater.point.at(params, { seed, step, state })`,
        )
      }),
    ),
  }
}
