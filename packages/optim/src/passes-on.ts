// Parts of a chain that change no update, such as averages of the weights; and parts behind which nothing
// else may stand. Comes in: parts. Goes out: which is which, or an error by name.
// Source: docs/design/03-formats-and-methods.md, "Trained values" and "Optimizers and schedules".

import { defineLanes, scalarNames, trace, type Transformation } from '@lotion/core'
import { updateLanes } from '@lotion/core/internal'

/** Tell whether the update goes out as it came in. */
export function passesOn(part: Transformation): boolean {
  const signals = part.needs.flatMap(({ name }) => (name === 'gradient' ? [] : [name]))
  const { outputs } = trace(
    defineLanes({
      name: part.name,
      inputs: ['w', 'update', 'gradient', ...signals, ...part.slots, ...Object.keys(part.borrows)],
      scalars: scalarNames(part),
      outputs: ['update'],
      body: (x) => ({ update: updateLanes(part, x).update }),
    }),
  )
  const { update } = outputs
  return update?.kind === 'input' && update.name === 'update'
}

/**
 * Refuse what changes the update of an optimizer that must have the last word.
 * @param name Of the optimizer.
 * @param behind What stands behind it, for one parameter.
 * @param parameter Its name.
 * @throws TypeError naming all three.
 */
export function refuseChanged(name: string, behind: readonly Transformation[], parameter: string): void {
  const changing = behind.find((part) => !passesOn(part))
  if (changing)
    throw new TypeError(
      `${changing.name}: '${parameter}': expected nothing behind '${name}' that changes its update, found ${changing.name}: the state of ${name} holds ` +
        'where the weights belong, and would know nothing of it; put it before the optimizer, or use adamw',
    )
}
