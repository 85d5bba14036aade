// The step size that a part borrows, found for each parameter: groups of parameters have an optimizer each. A
// correction borrows that of the optimizer before it, a penalty that of the one behind it.
// Comes in: what is left of a chain for a parameter. Goes out: parts that borrow by name.
// Source: docs/design/03-formats-and-methods.md.

import { mapTree, type ParameterInfo, type Transformation } from '@lotion/core'

/** Borrowed, it is the step size of the parameter's own optimizer. No part's slot is called so. */
export const OWN_STEP_SIZE = '.stepSize'

/**
 * Let a part borrow the step size of the last part before it that declares one.
 * @throws naming the parameter, if there is none.
 */
export function borrowingStepSize(
  part: Transformation,
  before: readonly Transformation[],
  parameter: Pick<ParameterInfo, 'name'>,
): Transformation {
  if (!Object.values(part.borrows).includes(OWN_STEP_SIZE)) return part
  const stepping = before.findLast(({ stepSize }) => stepSize !== undefined)
  if (!stepping)
    throw new TypeError(
      `${part.name}: '${parameter.name}': needs the step size of the optimizer, which '${before.map(({ name }) => name).join(' · ')}' ` +
        "does not declare; name the scalar that holds its learning rate, such as stepSize: 'rate'",
    )
  const found = `${stepping.name}.${stepping.stepSize}`
  return { ...part, borrows: mapTree(part.borrows, (from) => (from === OWN_STEP_SIZE ? found : from)) }
}

/** Borrowed, it is the step size of the optimizer behind a part, where what is added to its gradient moves
 * the weight by as much; absent where it rescales gradients, or is not told. */
export const LINEAR_STEP_SIZE = '.linearStepSize'

/** Tell whether a part asks for the step size of the optimizer behind it. */
export const asksBehind = ({ borrows }: Transformation): boolean =>
  Object.values(borrows).includes(LINEAR_STEP_SIZE)

/** Let a part borrow the step size of the next part behind it, if that is linear in the gradient. */
export function borrowingLinearStep(part: Transformation, behind: readonly Transformation[]): Transformation {
  if (!asksBehind(part)) return part
  const stepping = behind.find(({ stepSize }) => stepSize !== undefined)
  const found = stepping?.linear ? [`${stepping.name}.${stepping.stepSize}`] : []
  const borrows = Object.entries(part.borrows).flatMap(([local, from]) =>
    (from === LINEAR_STEP_SIZE ? found : [from]).map((lent) => [local, lent] as const),
  )
  return { ...part, borrows: Object.fromEntries(borrows) }
}
