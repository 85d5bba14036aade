// A noise whose width changes over the run. Comes in: a family of noises and a schedule. Goes out: what
// LOTION takes as a noise.
// Source: docs/design/05-smooth-noises.md, statement 3: a width that goes to 0 restores the quantized minima.

import type { Lane, Noise, StepInfo } from '@lotion/core'
import { scheduleOf, type Schedule } from './schedule.js'

/** A family of noises by width, and the width at every step. */
export interface AnnealedNoise {
  /** Name of the noise at its first width, and `annealed`. */
  readonly name: string
  /** The noise for a width given as a number or as a lane, one value a call. */
  readonly law: (width: Lane | number) => Noise
  /**
   * @param at Step, from 0, and length of the run.
   * @throws if the family refuses the width.
   */
  width(at: Pick<StepInfo, 'step' | 'steps'>): number
}

/**
 * Let a schedule set a noise's width, e.g. `annealed(dithered, linear(1, 0))`.
 * @param law Makes the noise of a width, which comes as a number or as a lane.
 * @param schedule Width at every step, finite and within what the family takes.
 * @throws RangeError if the width at the start is not finite, or the family refuses it; at later steps, as
 * they come.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { dithered } from '@lotion/noise'
 * import { annealed, linear, lotion } from '@lotion/optim'
 *
 * const noise = annealed(dithered, linear(1, 0))
 * console.log(lotion({ format: int4, noise, onWarning: () => {} }).settings)
 * ```
 */
export function annealed(law: (width: Lane | number) => Noise, schedule: Schedule): AnnealedNoise {
  const along = scheduleOf(schedule, { option: 'width' })
  const width = (at: Pick<StepInfo, 'step' | 'steps'>): number => {
    const value = along(at)
    // The family knows its own range, and refuses a number outside it.
    law(value)
    return value
  }
  return Object.freeze({ name: `${law(width({ step: 0, steps: 1 })).name} annealed`, law, width })
}

/** The noise at the start of a run. */
export function initialNoise(noise: Noise | AnnealedNoise): Noise {
  return 'law' in noise ? noise.law(noise.width({ step: 0, steps: 2 })) : noise
}
