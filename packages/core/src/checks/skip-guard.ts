// Steps that are left out because loss or gradient is not finite, and how many in a row may be. Comes in:
// what was found. Goes out: nothing, or an error. Shared by `fit` and by optimizers that keep the same
// promise in loops of others.

import { oneOf } from './one-of.js'

/** A run that left the finite numbers: its options are in order, its steps were too large. */
export class Diverged extends RangeError {}

/** What a loop does with a step that is not finite. */
export interface SkipOptions {
  /** Stop with an error (default), or leave the step out. */
  readonly nonFinite?: 'refuse' | 'skip'
  /** So many steps in a row may be left out. Default 20. */
  readonly skipLimit?: number
}

/** Counts the steps left out in a row. */
export interface SkipGuard {
  /** A step was taken: the next one left out is the first of a row. */
  took(): void
  /**
   * Leave a step out.
   * @throws with the reason, if steps are not to be left out, or too many were in a row.
   */
  skip(reason: string): void
}

/** Make the guard of a run. @throws if an option is out of its range. */
export function skipGuard({ nonFinite = 'refuse', skipLimit = 20 }: SkipOptions): SkipGuard {
  oneOf('nonFinite', nonFinite, ['refuse', 'skip'])
  if (!Number.isInteger(skipLimit) || skipLimit < 1)
    throw new RangeError(`skipLimit: expected a whole number of at least 1, found ${String(skipLimit)}`)
  let inARow = 0
  return {
    took: () => void (inARow = 0),
    skip: (reason) => {
      if (nonFinite === 'refuse') throw new Diverged(reason)
      inARow++
      if (inARow <= skipLimit) return
      throw new Diverged(
        `nonFinite: 'skip': ${inARow} steps in a row were not finite, ${skipLimit} may be (skipLimit); the last one: ${reason}`,
      )
    },
  }
}

/** What was found at a step that is not finite, by name of the parameter. */
export interface NotFinite {
  /** Counted from 1. */
  readonly step: number
  /** Left out where it is not known. */
  readonly loss?: number
  readonly gradients: readonly string[]
  /** Of further signals that the step was to bring, such as `curvature`. */
  readonly signals?: Readonly<Record<string, readonly string[]>>
  /** Parameters whose weights were not finite before the step. */
  readonly weights: readonly string[]
  readonly nonFinite?: SkipOptions['nonFinite']
}

/** Say in words what was found at a step that is not finite, and what to do. */
export function notFiniteText(found: NotFinite): string {
  const { step, loss, gradients, signals = {}, weights, nonFinite } = found
  const named = (what: string, names: readonly string[]): readonly string[] =>
    names.length > MOST_NAMES
      ? [`a ${what} of ${fewNames(names)} that is not finite or overflows when squared`]
      : names.map((name) => `a ${what} of '${name}' that is not finite or overflows when squared`)
  const all = [
    ...(loss === undefined ? [] : [`loss ${loss}`]),
    ...named('gradient', gradients),
    ...Object.entries(signals).flatMap(([signal, names]) => named(signal, names)),
  ]
  return (
    `step ${step}: expected a finite loss and gradient, found ${all.join(', ')}; ` +
    (weights.length > 0
      ? `the weights of ${fewNames(weights)} overflowed in an earlier step: lower the learning rate or clip the gradient.`
      : `the weights are those of the step before. ` +
        `Lower the learning rate, clip the gradient, look for NaN in the data` +
        (nonFinite === 'skip' ? '.' : `, or pass nonFinite: 'skip'.`))
  )
}

/** Names that a message lists before it counts. */
const MOST_NAMES = 3

/** The first names of a list, and how many there are more: a diverged model names all of its parameters. */
export function fewNames(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return names.join(', ')
  const more = names.length - MOST_NAMES
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more`
}
