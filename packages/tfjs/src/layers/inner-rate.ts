// The learning rate of an optimizer of tfjs. Comes in: an optimizer. Goes out: a number that is read and set.
// Source: the optimizers of tf.train, which keep it under one name.

import type * as tfjs from '@tensorflow/tfjs-core'

interface WithRate {
  learningRate?: unknown
  setLearningRate?: (learningRate: number) => void
}

/** Read it; undefined of an optimizer that has none. */
export function rateOf(optimizer: tfjs.Optimizer): number | undefined {
  const { learningRate } = optimizer as WithRate
  return typeof learningRate === 'number' ? learningRate : undefined
}

/** Set it. @throws TypeError for an optimizer that has none. */
export function setRate(optimizer: tfjs.Optimizer, learningRate: number): void {
  const own = optimizer as WithRate
  if (rateOf(optimizer) === undefined)
    throw new TypeError(
      `learningRate: expected an optimizer that has one, found ${optimizer.getClassName()}; set it there, before it is given`,
    )
  // SGD and its kin keep it as a tensor too.
  if (own.setLearningRate) own.setLearningRate(learningRate)
  else own.learningRate = learningRate
}
