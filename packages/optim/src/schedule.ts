// Schedules: a number for every step of a run. Comes in: where the run stands. Goes out: a learning rate or λ.
// Source: Loshchilov & Hutter, "SGDR" (cosine); docs/design/03-formats-and-methods.md.

/** A number that depends on how far the run is. Steps count from 0. */
export type Schedule = (at: { readonly step: number; readonly steps: number }) => number

/** Accept a number where a schedule is expected. */
export function scheduleOf(value: number | Schedule): Schedule {
  return typeof value === 'number' ? constant(value) : value
}

/** The same value throughout. */
export function constant(value: number): Schedule {
  return () => value
}

/** From `from` at the first step to `to` at the last, in a straight line. */
export function linear(from: number, to: number): Schedule {
  return ({ step, steps }) => from + (to - from) * (steps > 1 ? step / (steps - 1) : 1)
}

export interface CosineOptions {
  /** Value at the end, as a fraction of the peak. Default 0. */
  readonly end?: number
  /** Fraction of the run spent rising linearly to the peak. Default 0. */
  readonly warmup?: number
}

/**
 * Half a cosine from `peak` down to `end · peak` at the end of the run, after a linear warm-up.
 * Weights land on the grid only if the learning rate goes to about 0.
 */
export function cosine(peak: number, { end = 0, warmup = 0 }: CosineOptions = {}): Schedule {
  return warmUp(warmup, ({ step, steps }) => {
    const along = steps > 0 ? step / steps : 1
    return peak * (end + (1 - end) * 0.5 * (1 + Math.cos(Math.PI * along)))
  })
}

/**
 * Rise linearly over the first `fraction` of the run, then follow `then` over what is left of it.
 * @throws unless 0 ≤ fraction < 1.
 */
export function warmUp(fraction: number, then: Schedule): Schedule {
  if (!(fraction >= 0 && fraction < 1)) throw new RangeError(`warmup: expected a fraction in [0, 1), found ${fraction}`)
  return ({ step, steps }) => {
    const rise = Math.round(fraction * steps)
    if (step < rise) return (then({ step: 0, steps: steps - rise }) * (step + 1)) / (rise + 1)
    return then({ step: step - rise, steps: steps - rise })
  }
}
