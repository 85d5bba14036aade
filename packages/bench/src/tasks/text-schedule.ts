// Schedules of the learning rate by name. Comes in: a name, shares of the run. Goes out: a schedule for every
// peak.
// Source: docs/design/03-formats-and-methods.md (schedules).

import { constant, cosine, linear, warmUp, warmupStableDecay, type Schedule } from '@lotion/optim'

/** By name: how the rate runs after its warm-up. */
export const schedules = ['cosine', 'wsd', 'linear', 'constant'] as const

/** What is chosen. */
export interface ScheduleChoice {
  readonly schedule: (typeof schedules)[number]
  /** Part of the run over which the rate rises. */
  readonly warmup: number
  /** Part of the run over which it falls, of `wsd`. Default: 0.2. */
  readonly decay?: number | undefined
}

/** Part of a run of `wsd` over which the rate falls. */
const USUAL_DECAY = 0.2

/** Make the schedule of a choice, for every peak. @throws RangeError if the values do not go together. */
export function scheduleOfChoice({ schedule, warmup, decay }: ScheduleChoice): (peak: number) => Schedule {
  if (decay !== undefined && schedule !== 'wsd')
    throw new RangeError(
      `decay: expected --schedule wsd, which it is for, found ${decay} with ${schedule}; leave it out`,
    )
  const made = {
    cosine: (peak: number) => cosine(peak, { warmup }),
    wsd: (peak: number) => warmupStableDecay(peak, { warmup, decay: decay ?? USUAL_DECAY }),
    linear: (peak: number) => warmUp(warmup, linear(peak, 0)),
    constant: (peak: number) => warmUp(warmup, constant(peak)),
  }[schedule]
  // Shares that are too large together are refused before anything is read.
  made(1)
  return made
}

/** What records say of a choice. */
export const scheduleConfig = ({
  schedule,
  warmup,
  decay,
}: ScheduleChoice): Readonly<Record<string, string | number>> => ({
  schedule,
  warmup,
  ...(schedule === 'wsd' ? { decay: decay ?? USUAL_DECAY } : {}),
})
