// A run that ends worse than it began is told. Comes in: losses of steps. Goes out: a message, once.
// Source: docs/design/03-formats-and-methods.md (bound of the penalty).

import type { GradientResult } from '@lotion/core'
import type { FitOptions } from './fit.js'
import { warnOnce } from './warn-once.js'

/** Parts of a run: losses of the last are compared with those of the first. */
const PARTS = 16

/** Fewer steps a part say nothing: a batch's loss may be twice another's. */
const FEWEST = 4

/** A mean loss so many times that of the first part is told. */
const TIMES = 1.5

/** Watch a run's losses. @returns what is called after every step that was taken, with its number from 0. */
export function lossWatch<A>({
  steps,
  from,
  method,
  onWarning = warnOnce,
}: FitOptions<A>): (step: number, result: Pick<GradientResult<A>, 'loss'>) => void {
  const [begins, length] = [from?.step ?? 0, Math.ceil(steps / PARTS)]
  const first = { sum: 0, count: 0 }
  const last = { sum: 0, count: 0 }
  const add = (to: typeof first, loss: number): void => {
    to.sum += loss
    to.count++
  }
  return (step, { loss }) => {
    if (step < begins + length) add(first, loss)
    if (step >= steps - length) add(last, loss)
    // What is left of a run that was continued may have parts that overlap.
    if (step + 1 < steps || length < FEWEST || steps - begins < 2 * length) return
    const [before, after] = [first.sum / first.count, last.sum / last.count]
    if (!(before > 0 && after > TIMES * before)) return
    onWarning(
      `${method.name}: the loss rose from ${before.toPrecision(3)} (mean of ${first.count} steps) to ${after.toPrecision(3)} ` +
        '(of the last): it ended worse than it began; lower the learning rate or λ, or clip gradients',
    )
  }
}
