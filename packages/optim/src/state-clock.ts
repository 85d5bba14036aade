// A state is written over as its run goes on, so that one that was kept may hold a later step than the one it
// was kept for. Comes in: the states that runs hold. Goes out: an error where a run would continue from one
// that has gone on.

import type { OptimizerState } from './updater.js'

/** Where the run that writes a state stands. */
interface Clock {
  step: number
}

/** By the state and by each of its arrays, which a copy of the tree shares. */
const clocks = new WeakMap<object, Clock>()

function parts<A>(state: OptimizerState<A>): object[] {
  const arrays = Object.values(state).flatMap((slots): unknown[] => Object.values(slots))
  return [state, ...arrays.filter((array) => typeof array === 'object' && array !== null)] as object[]
}

/**
 * Refuse a state that a run of this process has written since the step it is said to stand at.
 * @throws telling both steps.
 */
export function refuseMoved<A>(state: OptimizerState<A>, step: number): void {
  const moved = parts(state)
    .map((part) => clocks.get(part)?.step)
    .find((at) => at !== undefined && at !== step)
  if (moved === undefined) return
  throw new RangeError(
    `from: expected the state of step ${step}, found one that a run has taken to step ${moved}: it is written over as the run goes on; ` +
      'copy its arrays in onStep, or load a stored one for each run that continues',
  )
}

/**
 * Hold the state of a run that starts or continues.
 * @returns tells the steps that are done, from before an update on: what is kept of an update that failed is
 * of no step.
 */
export function stateClock<A>(state: OptimizerState<A>, step: number): (step: number) => void {
  const clock: Clock = { step }
  for (const part of parts(state)) clocks.set(part, clock)
  return (done) => {
    clock.step = done
  }
}
