// What a run is watched for. Comes in: steps of a run. Goes out: messages, each at most once.
// Source: the watches themselves.

import type { GradientResult } from '@lotion/core'
import type { FitOptions } from './fit.js'
import { lossWatch } from './loss-watch.js'
import { penaltyWatch } from './penalty-watch.js'
import type { OptimizerState, StepMoment, Updater } from './updater.js'

/** Watch a run. @returns what is called after every step that was taken, with its number from 0. */
export function runWatch<A>(
  options: FitOptions<A>,
  updater: Updater<A>,
  state: OptimizerState<A>,
): (step: number, result: GradientResult<A>, at: StepMoment) => Promise<void> {
  const [penalty, loss] = [penaltyWatch(options, updater, state), lossWatch(options)]
  return async (step, result, at) => {
    await penalty(step, result, at)
    loss(step, result)
  }
}
