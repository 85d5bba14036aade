// Weights of a stored moment as its run would end with them, where no step is left that would tell. Comes in:
// methods of a run, a state. Goes out: a function from weights to weights.
// Source: docs/design/03-formats-and-methods.md, "Trained values".

import type { Tree } from '@lotion/core'
import { createUpdater, sgd, withMethod, type Method, type OptimizerState } from '@lotion/optim'
import type { OpenWorkload, Workload } from '../tasks/task.js'

/** What the state belongs to. */
export interface SettledBy {
  /** Of all phases. */
  readonly methods: readonly Method[]
  readonly workload: Pick<Workload, 'quantize' | 'shapes' | 'trained'>
  readonly opened: Pick<OpenWorkload, 'executor'>
}

/** Settle by the method whose values the state has; weights stay as they are where it has none. */
export function settledBy(
  { methods, workload, opened: { executor } }: SettledBy,
  state: OptimizerState<Float32Array>,
): (weights: Tree<Float32Array>) => Tree<Float32Array> {
  const has = ({ name, trains }: Method): boolean =>
    trains !== undefined &&
    Object.values(state).some((slots) =>
      Object.keys(trains.values).every((value) => Object.hasOwn(slots, `${name}.${value}`)),
    )
  const method = methods.findLast(has)
  if (!method) return (weights) => weights
  // How values are stepped does not matter any more.
  const transformation = withMethod(method, sgd({ learningRate: 1 }), workload.quantize)
  const shapes = workload.trained ?? workload.shapes
  const { settled } = createUpdater({ transformation, shapes, executor })
  return (weights) => settled?.(weights, state) ?? weights
}
