// A run that ends worse than it began is told. Comes in: losses of steps. Goes out: a message, once.
// Source: docs/design/03-formats-and-methods.md (bound of the penalty).

import type { FitOptions } from './fit.js'
import { warnOnce } from './warn-once.js'

/** The last so many-th of a run is compared with its beginning. */
const PARTS = 16

/** Fewer losses say nothing: a batch's loss may be twice another's. */
const FEWEST = 4

/** Losses of the beginning at most: more may be of a run that has come down already. */
const FIRST = 16

/** A last loss so many times the first ones is told. */
const TIMES = 1.5

/** Watches the losses of a run, through all of its phases. */
export interface LossWatch {
  /**
   * A method begins: losses at its point are others than those before, whose phase is judged now.
   * @param method Its name.
   * @param step Steps before it.
   */
  begin(method: string, step: number): void
  /** A step was taken. @param loss At the method's point, before the update. */
  see(loss: number): void
  /** The run is over, at its length or before. */
  end(): void
}

/**
 * Watch a run's losses. The median of the last sixteenth, of the run and of each phase that ends, is
 * compared with the largest of the first sixteenth, of 16 steps at most, of the run and of the phase: one
 * loss may be high by its batch, and a method that looks at casts sees a higher loss than the one before it
 * from its first step on, without any harm. Of a run that goes on the steps before are not known.
 */
export function lossWatch<A>({
  steps,
  onWarning = warnOnce,
}: Pick<FitOptions<A>, 'steps' | 'onWarning'>): LossWatch {
  const length = Math.ceil(steps / PARTS)
  const count = Math.min(length, FIRST)
  const names: string[] = []
  const ofRun: number[] = []
  let ofPhase: number[] = []
  let last: number[] = []
  let place = 0
  let since: number | undefined
  let told = false
  const judge = (): void => {
    if (told || length < FEWEST || last.length < FEWEST) return
    const before = Math.max(...ofRun, ...ofPhase)
    const after = last.sort((a, b) => a - b)[(last.length - 1) >> 1]!
    told = before > 0 && after > TIMES * before
    if (told)
      onWarning(
        `${names.join('+')}: the loss rose from ${before.toPrecision(3)} (the largest of the first ${count} steps${since ? ` after step ${since}` : ''}) to ${after.toPrecision(3)} ` +
          `(median of the last ${last.length}): it ended worse than it began; lower the learning rate or λ, or clip gradients`,
      )
  }
  return {
    begin: (method, step) => {
      judge()
      since ??= step
      names.push(method)
      ofPhase = []
      last = []
      place = 0
    },
    see: (loss) => {
      if (ofRun.length < count) ofRun.push(loss)
      if (ofPhase.length < count) ofPhase.push(loss)
      else last[place++ % length] = loss
    },
    end: judge,
  }
}
