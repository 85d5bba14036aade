// What a forward pass in training moves by itself, such as BatchNorm's moving averages, stays where a step
// is left out. Comes in: an optimizer with `skipped`, the weights of its model. Goes out: the same
// optimizer, its two verbs around which values are kept.

import type * as tfjs from '@tensorflow/tfjs-core'

/** An optimizer that counts the steps that it left out. */
export type Skipping = tfjs.Optimizer & { readonly skipped: number }

/**
 * Let a step that is skipped, or that throws, leave the variables that it does not train as they were before
 * the loss was computed.
 * @param weights All of the model.
 */
export function keepForwardState(
  tf: typeof tfjs,
  optimizer: Skipping,
  weights: () => readonly tfjs.Variable[],
): void {
  const compute = optimizer.computeGradients.bind(optimizer)
  const apply = optimizer.applyGradients.bind(optimizer)
  let kept: readonly (readonly [tfjs.Variable, tfjs.Tensor])[] = []
  const settle = (isTaken: boolean): void => {
    for (const [variable, value] of kept) {
      if (!isTaken) variable.assign(value)
      value.dispose()
    }
    kept = []
  }
  optimizer.computeGradients = (f, varList) => {
    settle(true)
    const trained = new Set(varList?.map(({ name }) => name))
    // A reshape shares the values, where a clone on wasm copies them.
    kept = weights()
      .filter(({ name }) => !trained.has(name))
      .map((variable) => [variable, tf.keep(tf.reshape(variable, variable.shape))])
    try {
      return compute(f, varList)
    } catch (error) {
      settle(false)
      throw error
    }
  }
  optimizer.applyGradients = (gradients) => {
    const { skipped } = optimizer
    let isTaken = false
    try {
      apply(gradients)
      isTaken = optimizer.skipped === skipped
    } finally {
      settle(isTaken)
    }
  }
}
