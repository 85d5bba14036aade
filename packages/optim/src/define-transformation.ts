// Transformations as records. Comes in: slots, scalars and formulas. Goes out: a frozen transformation.
// Source: optax's pair of pure functions, with the state named and the formula a lane expression:
// docs/design/03.

import type {
  Lane,
  PartDefinition,
  PartLanes,
  Signal,
  SlotLanes,
  Transformation,
  UpdateLanes,
} from '@lotion/core'
import { definePart } from '@lotion/core/internal'

/** What a transformation is made of; the names that its formulas read follow from it. */
export interface TransformationDefinition<
  N extends string | Signal,
  S extends string,
  B extends string,
  C extends string,
  I extends string,
  Z extends string,
  R extends string,
>
  extends
    PartDefinition<N, S, B, C, I, Z>,
    Pick<
      Transformation,
      | 'block'
      | 'axis'
      | 'begin'
      | 'linear'
      | 'quantizes'
      | 'parts'
      | 'resolve'
      | 'refuseBehind'
      | 'refuseUnused'
    > {
  /** The scalar that holds the step size, the learning rate: what makes it an optimizer. */
  readonly stepSize?: Z
  /**
   * Make the next update and the new slots from the lanes of one weight.
   * @param x One lane each: the weight `w`, the `update` so far (at first the gradient), what was declared by
   * name.
   */
  update(
    x: PartLanes<N, S, B, C> & Pick<UpdateLanes, 'update'>,
  ): Pick<UpdateLanes, 'update'> & SlotLanes<NoInfer<S>, NoInfer<I>, R, 'update'>
  /**
   * What a weight adds to the term of the loss whose slope this is; see `Transformation`.
   * @param x As `update` is given, with the slots as the step has left them.
   * @param of The term itself, or its mean over the cells.
   */
  penalty?(x: PartLanes<N, S, B, C> & Pick<UpdateLanes, 'update'>, of?: 'cells' | 'weights'): Lane
}

interface AnyTransformation extends Partial<Omit<Transformation, 'name' | 'needs' | 'update' | 'penalty'>> {
  readonly name: string
  readonly needs?: readonly (string | Signal)[]
  update(x: UpdateLanes & { readonly w: Lane }): UpdateLanes
  penalty?(x: UpdateLanes & { readonly w: Lane }, of?: 'cells' | 'weights'): Lane
}

/**
 * Make a transformation; what is left out has nothing: no signals, slots, borrowed values or scalars. Frozen.
 * @param definition A name, the formula `update`, and what that reads besides the weight and the update.
 * @throws if a key is unknown, a name stands for two things, or a signal is not what it must be.
 * @example
 * ```ts
 * import { defineTransformation } from '@lotion/optim'
 *
 * const tenth = defineTransformation({
 *   name: 'tenth of the gradient',
 *   update: ({ update }) => ({ update: update.mul(-0.1) }),
 * })
 * ```
 */
export function defineTransformation<
  const N extends string | Signal = never,
  const S extends string = never,
  const B extends string = never,
  const C extends string = never,
  const I extends string = never,
  const Z extends string = never,
  const R extends string = never,
>(definition: TransformationDefinition<N, S, B, C, I, Z, R>): Transformation {
  return transformationOf(definition)
}

/** Make a transformation of others, whose names only they know. */
export function transformationOf(definition: AnyTransformation): Transformation {
  return definePart<AnyTransformation>('defineTransformation', definition, {
    stepSize: 'string or undefined',
    linear: 'boolean or undefined',
    refuseBehind: 'function or undefined',
    block: 'object or undefined',
    axis: 'number or object or undefined',
    begin: 'object or undefined',
    quantizes: 'function or undefined',
    parts: 'object or undefined',
    resolve: 'function or undefined',
    refuseUnused: 'function or undefined',
    update: 'function',
    penalty: 'function or undefined',
  })
}
