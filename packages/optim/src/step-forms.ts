// The lane functions of one parameter's step: its formula and its penalty, for each set of signals that
// comes. Comes in: what is left of a transformation for the parameter. Goes out: functions from weight,
// gradient, signals, slots and scalars to weight and slots.
// Source: docs/design/03-formats-and-methods.md.

import {
  defineLanes,
  leafOf,
  scalarNames,
  trace,
  type LaneFn,
  type Signal,
  type Transformation,
} from '@lotion/core'
import { isDue, penaltyLane, updateLanes } from '@lotion/core/internal'

/** A part's step and penalty for the signals that come at a step: one lane function for each set of them. */
export function formsOf(part: Transformation): {
  readonly formAt: (step: number) => LaneFn
  readonly penaltyAt: (step: number, of?: 'cells' | 'weights') => LaneFn
} {
  const remembered = (make: (due: readonly Signal[]) => LaneFn): ((step: number) => LaneFn) => {
    const forms = new Map<string, LaneFn>()
    return (step) => {
      const due = part.needs.filter((need) => isDue(need, step))
      const key = due.map(({ name }) => name).join()
      const form = forms.get(key) ?? make(due)
      forms.set(key, form)
      return form
    }
  }
  const formAt = remembered((due) => stepLanes(part, due))
  // A part that forgets a slot, or reads what it has not, is refused here and not at the first step; with and
  // without rare signals.
  const penalties = {
    cells: remembered((due) => penaltyLanes(part, due, 'cells')),
    weights: remembered((due) => penaltyLanes(part, due, 'weights')),
  }
  const penaltyAt = (step: number, of: 'cells' | 'weights' = 'cells'): LaneFn => penalties[of](step)
  for (const step of [0, 1]) for (const at of [formAt, ...(part.penalty ? [penaltyAt] : [])]) trace(at(step))
  return { formAt, penaltyAt }
}

/**
 * The whole step of one parameter as one lane function: w, gradient, signals that are due (all), slots,
 * scalars → w, slots.
 */
export function stepLanes(part: Transformation, due: readonly Signal[] = part.needs): LaneFn {
  return defineLanes({
    ...readBy(part, due),
    name: part.name,
    outputs: ['w', ...part.slots],
    body: (x) => {
      const w = leafOf(x, 'w', part.name)
      const { update, ...slots } = updateLanes(part, { ...x, update: leafOf(x, 'gradient', part.name) })
      return { ...x, ...slots, w: w.add(update) }
    },
  })
}

/** What the step of one parameter reads: one value a weight, and one a parameter. */
function readBy(part: Transformation, due: readonly Signal[]): Pick<LaneFn, 'inputs' | 'scalars'> {
  const signals = (per: Signal['per']): readonly string[] =>
    due.flatMap((signal) =>
      (signal.per ?? 'weight') === per && signal.name !== 'gradient' ? signal.name : [],
    )
  return {
    inputs: ['w', 'gradient', ...signals('weight'), ...part.slots],
    scalars: [...scalarNames(part), ...signals('parameter')],
  }
}

/** The penalty of one parameter as a lane function of a step's reads → `penalty`, summed over parameters. */
function penaltyLanes(part: Transformation, due: readonly Signal[], of: 'cells' | 'weights'): LaneFn {
  return defineLanes({
    ...readBy(part, due),
    name: `penalty of ${part.name}${of === 'cells' ? '' : ', as the weights stand'}`,
    outputs: ['penalty'],
    body: (x) => {
      const term = penaltyLane(part, { ...x, update: leafOf(x, 'gradient', part.name) }, of)
      return term ? { penalty: term.total('penalty') } : {}
    },
  })
}
