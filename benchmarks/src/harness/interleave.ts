// Measurements that take turns. Comes in: steps of several engines. Goes out: times of each, disturbed alike.
// Source: docs/design/12-speed-tests.md. A machine's speed drifts; within a round all engines meet the same
// machine.

import { setTimeout as pause } from 'node:timers/promises'

/** Something that is measured once a round, in its first `rounds` rounds. */
export interface Measured {
  readonly rounds: number
  /** Take a step and return its milliseconds. */
  run(): Promise<number>
}

export interface InterleaveOptions {
  readonly rounds: number
  /** Steps before the first round, not counted: caches, allocators and kernels settle. */
  readonly warmup: number
  /** Milliseconds between two steps, in which the threads of the last one go to sleep. */
  readonly pause: number
  readonly signal?: AbortSignal
  /** Called after each step, those of the warm-up too. */
  readonly onStep?: (done: number, total: number) => void
}

/**
 * Measure in turns, one step each a round; every round starts with the next one, so that none always follows
 * the same.
 * @returns the milliseconds of each, in the order of the rounds.
 * @throws the signal's reason.
 */
export async function interleave(
  measured: readonly Measured[],
  options: InterleaveOptions,
): Promise<readonly (readonly number[])[]> {
  const { rounds, warmup, signal } = options
  const times = measured.map((): number[] => [])
  // What is measured a few times only, because it is slow, has warmed up in the check of its first step.
  const takesPart = (one: Measured, round: number): boolean =>
    round < 0 ? one.rounds >= rounds : round < one.rounds
  const total = measured.reduce((sum, one) => sum + (one.rounds >= rounds ? warmup + rounds : one.rounds), 0)
  let done = 0
  for (let round = -warmup; round < rounds; round++) {
    for (let turn = 0; turn < measured.length; turn++) {
      const index = (turn + Math.max(round, 0)) % measured.length
      const one = measured[index]!
      if (!takesPart(one, round)) continue
      signal?.throwIfAborted()
      const milliseconds = await one.run()
      if (round >= 0) times[index]!.push(milliseconds)
      await pause(options.pause)
      options.onStep?.(++done, total)
    }
  }
  return times
}
