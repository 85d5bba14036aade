// What an optimizer over tensors needs of an updater. Comes in: nothing. Goes out: types only.
// Source: `createUpdater` of @lotion/optim.

import type { BlockAxis, GradientResult, NumberFormat, Signal, Tree } from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs-core'

/** What a variable is trained for. */
export interface QuantizedTensor {
  /** Name of the method. */
  readonly method: string
  /** The grid that its weights are meant for. */
  readonly format: NumberFormat
  /** What the blocks run along. */
  readonly axis: BlockAxis
}

/** Takes steps in place; what `createUpdater` of `@lotion/optim` makes. */
export interface TensorUpdater {
  /** What each variable is trained for; `null` in full precision. */
  readonly quantized?: Tree<QuantizedTensor | null>
  /** Signals that its steps read: a tfjs optimizer has the gradient and no other. */
  readonly needs?: readonly Signal[]
  /** Where gradients must be taken; absent if at the weights. */
  readonly point?: {
    /** Name of the method that asks for it, for messages. */
    readonly method: string
    /** Variables that the point differs from; the others stay as they are. */
    readonly names: readonly string[]
    /**
     * Cast the variables.
     * @param params All variables by name; those that are not cast are the same tensors in the result.
     * @param moment Seed and step, from 0, that draws are keyed by.
     */
    at(params: Tree<tfjs.Tensor>, moment: { readonly seed: number; readonly step: number }): Tree<tfjs.Tensor>
  }
  /** Of a method that trains values beside the variables: refused. */
  readonly settled?: unknown
  /** Make the state of a run's start. */
  init(): Tree<Tree<tfjs.Tensor>>
  /**
   * Take a step: write the new weights and slots over the old.
   * @param params All variables by name, one value a weight; written over.
   * @param state All slots, as `init` made them; written over.
   * @param result Gradients of the shapes of `params`, and the number of loss terms.
   * @param at Updates before this one and of the whole run, and whether the gradient was taken at the point.
   */
  step(
    params: Tree<tfjs.Tensor>,
    state: Tree<Tree<tfjs.Tensor>>,
    result: GradientResult<tfjs.Tensor>,
    at: {
      readonly step: number
      readonly steps: number
      readonly atPoint?: boolean
      readonly updates?: Tree<number>
    },
  ): void
}
