// The best weights of a run in the file from which it goes on, so that both are written in one piece. Comes
// in: the optimizer's slots and the best weights. Goes out: slots that hold both; and the two apart again.
// Source: docs/design/04-bench.md, "Which weights are taken".

import { leafOf, mapTree, type Tree } from '@lotion/core'
import type { OptimizerState, ResumePoint } from '@lotion/optim'
import { z } from 'zod'
import type { BestWeights, RunSnapshot } from './run-options.js'

/** What the best weights are called beside the optimizer's slots, which are as long as they are. */
const BEST = 'run.best'

type State = OptimizerState<Float32Array>

/** NaN and the infinities are among a run's numbers: `exactJson` keeps them, `z.number()` refuses them. */
export const anyNumber = z.custom<number>((value) => typeof value === 'number', 'expected a number')

/** What is stored of the best weights as JSON. */
export const bestSchema = z.object({
  step: z.number(),
  fullPrecision: anyNumber,
  nearest: anyNumber,
  /** Parameters with a state of their own: frozen ones have none. */
  trained: z.array(z.string()),
})

/** The part of the best weights that is JSON. */
export const lossesOf = (
  { step, fullPrecision, nearest }: BestWeights,
  state: State,
): z.infer<typeof bestSchema> => ({ step, fullPrecision, nearest, trained: Object.keys(state) })

/** The slots, with the best weights as one more of every parameter. */
export const together = (state: State, weights: Tree<Float32Array>): State =>
  mapTree(weights, (best, name) => ({ ...state[name], [BEST]: best }))

/** The slots and the best weights, apart. */
export function apart(
  { params, from }: { readonly params: Tree<Float32Array>; readonly from: ResumePoint<Float32Array> },
  { trained, ...losses }: z.infer<typeof bestSchema>,
): Pick<RunSnapshot, 'from'> & { readonly best: BestWeights } {
  const weights = mapTree(params, (_, name) => leafOf(leafOf(from.state, name, 'state'), BEST, name))
  const slotsOf = (slots: Tree<Float32Array>): Tree<Float32Array> =>
    Object.fromEntries(Object.entries(slots).filter(([slot]) => slot !== BEST))
  const state = trained.map((name) => [name, slotsOf(leafOf(from.state, name, 'state'))] as const)
  return { from: { ...from, state: Object.fromEntries(state) }, best: { ...losses, weights } }
}
