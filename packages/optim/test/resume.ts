// Interrupted after every step and continued from what JSON keeps of it: the same bits as undisturbed.
// Comes in: how a run is made. Goes out: the bits of all continued runs, and those of the undisturbed one.

import { mapTree, type Tree } from '@lotion/core'
import type { CallbackEvent } from '../src/callback.js'
import type { ResumePoint, StepEvent } from '../src/fit.js'
import type { OptimizerState } from '../src/updater.js'
import { bitsOf, start } from './bowl.js'

/** What changes between the runs. */
export interface RunMoment {
  readonly params: Tree<Float32Array>
  readonly from?: ResumePoint<Float32Array>
  /** Must see every step. */
  readonly onStep: (event: StepEvent<Float32Array> & Partial<CallbackEvent<Float32Array>>) => void
}

/** Weights and state of a run's end, as bits. */
export interface Ended {
  readonly params: Tree<readonly number[]>
  readonly state: Tree<Tree<readonly number[]>>
}

/**
 * Run once as a whole, then from after each of its steps; `run` returns the state.
 */
export async function continuedEverywhere(
  run: (moment: RunMoment) => Promise<OptimizerState<Float32Array>>,
): Promise<{ readonly whole: Ended; readonly continued: readonly Ended[] }> {
  const stored: string[] = []
  const params = start()
  const state = await run({ params, onStep: (event) => void stored.push(textOf(event)) })
  const whole = ended(params, state)
  const continued: Ended[] = []
  for (const text of stored) {
    const moment = readMoment(text)
    continued.push(ended(moment.params, await run({ ...moment, onStep: () => {} })))
  }
  return { whole, continued }
}

const ended = (params: Tree<Float32Array>, state: OptimizerState<Float32Array>): Ended => ({
  params: mapTree(params, bitsOf),
  state: mapTree(state, (slots) => mapTree(slots, bitsOf)),
})

/** As a file would hold it: arrays as numbers, −0 as text since JSON has none. */
function textOf({
  params,
  state,
  step,
  skipped,
  callbacks,
  stopped,
}: Partial<CallbackEvent<Float32Array>>): string {
  return JSON.stringify({ params, state, step, skipped, callbacks, stopped }, (_, value: unknown) =>
    value instanceof Float32Array ? { bits: bitsOf(value) } : value,
  )
}

function readMoment(text: string): { params: Tree<Float32Array>; from: ResumePoint<Float32Array> } {
  const { params, ...from } = JSON.parse(text, (_, value: { readonly bits?: readonly number[] } | null) =>
    value?.bits ? new Float32Array(Uint32Array.from(value.bits).buffer) : value,
  ) as { params: Tree<Float32Array> } & ResumePoint<Float32Array>
  return { params, from }
}
