// How far several pieces of work are, one after the other. Comes in: steps of each. Goes out: the share that
// is done, and the time that is left. Source: time a step extrapolated over what is left; what an earlier
// process had done is done, but took no time of this one.

/** Follows pieces of work that have the same number of steps each. */
export interface WholeProgress {
  /**
   * Note that the piece under way has come to a step.
   * @param step Of it, from 1; the first that is told of a piece may be later, where it goes on.
   */
  update(step: number): void
  /** Note that the piece under way is done, whatever it told. */
  next(): void
  /** Where all stands: from 0 to 1, and seconds; infinite while nothing is known. */
  state(): { readonly share: number; readonly left: number }
}

/**
 * Follow pieces of work.
 * @param options How many, and the steps of each; `now`: seconds on a clock that never goes back.
 */
export function wholeProgress(options: {
  readonly pieces: number
  readonly steps: number
  readonly now?: () => number
}): WholeProgress {
  const { pieces, steps, now = () => performance.now() / 1000 } = options
  const total = pieces * steps
  const start = now()
  let before = 0
  let step = 0
  // Of this process; all time since the start is theirs, evaluations included.
  let taken = 0
  return {
    update: (reached) => {
      taken += step === 0 ? 1 : reached - step
      step = reached
    },
    next: () => {
      before += steps
      step = 0
    },
    state: () => {
      const done = before + step
      const left = taken > 0 ? ((now() - start) / taken) * (total - done) : Infinity
      return { share: total > 0 ? Math.min(1, done / total) : 1, left: done < total ? left : 0 }
    },
  }
}
