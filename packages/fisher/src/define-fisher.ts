// Curvature estimators as records. Comes in: slots and formulas. Goes out: an estimator.
// Source: docs/design/03-formats-and-methods.md.

import type {
  FisherEstimator,
  Lane,
  PartDefinition,
  PartLanes,
  Signal,
  SlotLanes,
  StepLanes,
} from '@lotion/core'
import { definePart } from '@lotion/core/internal'

/** What an estimator is made of; the names that its formulas read follow from it. */
export interface FisherDefinition<
  N extends string | Signal,
  S extends string,
  B extends string,
  C extends string,
  I extends string,
  R extends string,
> extends PartDefinition<N, S, B, C, I> {
  /**
   * Take in this step's signals: new values of the slots. Left out where no slot has to be written.
   * @param x The weight `w`, signals, slots, borrowed values and scalars by name.
   */
  observe?(x: PartLanes<N, S, B, C>): SlotLanes<NoInfer<S>, NoInfer<I>, R>
  /**
   * F per weight, from the slots as `observe` left them.
   * @param x The weight `w`, signals, borrowed values, scalars, and the slots as `observe` left them.
   */
  diagonal(x: PartLanes<N, S, B, C>): Lane
  /** F as this step alone shows it; see `FisherEstimator`. @param x As for `diagonal`. */
  present?(x: PartLanes<N, S, B, C>): Lane
}

/** `observe` may be left out only if every slot starts from given values. */
type Observing<S, I> = [Exclude<S, I>] extends [never] ? unknown : { readonly observe: unknown }

interface AnyFisher extends Partial<Omit<FisherEstimator, 'name' | 'needs' | 'diagonal'>> {
  readonly name: string
  readonly needs?: readonly (string | Signal)[]
  diagonal(x: StepLanes): Lane
}

/**
 * Make an estimator; what is left out has nothing: no signals, slots, borrowed values or scalars. The record
 * is frozen. F has the unit of a curvature per loss term, whatever the batch size, so that λ means the same
 * with every estimator: the square of a gradient that averages B terms is multiplied by B (`terms`).
 * @param definition A name and `diagonal`; signals, slots and what they become where there are any.
 * @throws TypeError if a key is unknown, a name stands for two things, or a signal has no name; RangeError if
 * its `every` is no positive whole number.
 * @example
 * ```ts
 * import { defineFisher } from '@lotion/fisher'
 *
 * // The squared gradient of this step alone.
 * const present = defineFisher({
 *   name: 'present',
 *   needs: ['gradient'],
 *   slots: ['squares'],
 *   scalars: ({ terms }) => ({ terms }),
 *   observe: ({ gradient, terms }) => ({ squares: gradient.mul(gradient).mul(terms) }),
 *   diagonal: ({ squares }) => squares,
 * })
 * console.log(present.slots)
 * ```
 */
export function defineFisher<
  const N extends string | Signal = never,
  const S extends string = never,
  const B extends string = never,
  const C extends string = never,
  const I extends string = never,
  const R extends string = never,
>(definition: FisherDefinition<N, S, B, C, I, R> & Observing<NoInfer<S>, NoInfer<I>>): FisherEstimator {
  const { observe = () => ({}), ...given }: AnyFisher = definition ?? {}
  return definePart(
    'defineFisher',
    { ...given, observe },
    { observe: 'function', diagonal: 'function', present: 'function or undefined' },
  )
}
