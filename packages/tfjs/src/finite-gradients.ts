// The guard of `fit` on gradients that are tensors. Comes in: a loss, gradients, weights. Goes out: nothing,
// or what is not finite, in the words of `fit`. One number is read a step; tensors one by one only where it
// is not finite.

import type { SkipOptions, Tree } from '@lotion/core'
import { notFiniteText } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'

/** A step as it is about to be taken. */
export interface TensorStep {
  /** Counted from 1. */
  readonly step: number
  /** Where it is known. */
  readonly loss?: number
  readonly gradients: Tree<tfjs.Tensor>
  readonly weights: Tree<tfjs.Tensor>
}

/**
 * Say what is not finite, or undefined if all is.
 * @throws if the backend cannot be read at once.
 */
export function notFiniteStep(
  tf: typeof tfjs,
  { step, loss, gradients, weights }: TensorStep,
  nonFinite: SkipOptions['nonFinite'],
): string | undefined {
  const isFinite = (tensors: readonly tfjs.Tensor[]): boolean => Number.isFinite(squaredNorm(tf, tensors))
  if (Number.isFinite(loss ?? 0) && isFinite(Object.values(gradients))) return undefined
  const broken = (tree: Tree<tfjs.Tensor>): readonly string[] =>
    Object.keys(tree).filter((name) => !isFinite([tree[name]!]))
  return notFiniteText({
    step,
    ...(loss === undefined ? {} : { loss }),
    gradients: broken(gradients),
    weights: broken(weights),
    ...(nonFinite ? { nonFinite } : {}),
  })
}

function squaredNorm(tf: typeof tfjs, tensors: readonly tfjs.Tensor[]): number {
  return readScalar(
    tf,
    tf.tidy(() => tf.addN([tf.scalar(0), ...tensors.map((tensor) => tf.sum(tf.square(tensor)))])),
  )
}

/** Read a number and give its tensor back. @throws if the backend cannot be read at once. */
export function readScalar(tf: typeof tfjs, scalar: tfjs.Tensor): number {
  try {
    return scalar.dataSync()[0]!
  } catch (error) {
    throw new Error(
      `nonFinite: the backend '${tf.getBackend()}' cannot be read at once ` +
        `(${error instanceof Error ? error.message : String(error)}); pass nonFinite: 'unchecked' to train without the check`,
      { cause: error },
    )
  } finally {
    scalar.dispose()
  }
}
