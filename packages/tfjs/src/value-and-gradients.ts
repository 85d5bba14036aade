// Heart of a gradient step in tfjs: one forward pass under the tape, one backward pass. Comes in: a loss
// closure and the tensors to differentiate by. Goes out: the loss and one gradient a tensor, undefined where
// untouched.
// Source: tf.variableGrads, without its need for variables and with untouched parameters told apart from zero
// ones.

import type * as tfjs from '@tensorflow/tfjs-core'
import { oneCore } from './core-instance.js'
import { repairGradients } from './gradients/repair-gradients.js'

/** Hold a scalar loss and ∂loss/∂x for each x; undefined where the loss does not depend on x. */
export interface ValueAndGradients {
  /** The loss, a float32 scalar. */
  readonly value: tfjs.Tensor
  /** In the order of the tensors, each of its tensor's shape. */
  readonly gradients: readonly (tfjs.Tensor | undefined)[]
}

/**
 * Evaluate a loss and its gradients on the current backend, by right rules where tfjs's are wrong
 * (`repairGradients`). Call it inside `tf.tidy`: the results belong to that scope.
 * @param tf The instance whose current backend runs it.
 * @param name Of the program, for messages.
 * @param loss Makes a float32 scalar from the tensors below.
 * @param xs What to differentiate by, float32.
 * @throws if the loss is not a float32 scalar, or if one of its operations has no gradient.
 */
export function valueAndGradients(
  tf: typeof tfjs,
  name: string,
  loss: () => tfjs.Tensor,
  xs: readonly tfjs.Tensor[],
): ValueAndGradients {
  oneCore(tf)
  const checked = (): tfjs.Tensor => {
    const value = loss()
    if (!(value instanceof tf.Tensor)) {
      throw new TypeError(`program '${name}': loss must return a tf.Tensor, found ${String(value)}`)
    }
    if (value.size !== 1 || value.rank !== 0 || value.dtype !== 'float32') {
      throw new RangeError(
        `program '${name}': loss must be a float32 scalar, found ${value.dtype} [${value.shape.join(', ')}]; take its mean`,
      )
    }
    return value
  }
  if (xs.length === 0) return { value: checked(), gradients: [] }
  const engine = tf.engine()
  // Both passes run before this function returns: nobody else sees our rules.
  const restore = repairGradients(tf)
  try {
    const { value, grads } = engine.gradients(checked, [...xs], undefined, true)
    // The typings promise a tensor for every x; an x that the loss does not touch has none.
    const found: readonly (tfjs.Tensor | null | undefined)[] = grads
    return { value, gradients: found.map((gradient) => gradient ?? undefined) }
  } catch (error) {
    // tfjs keeps the tensors saved for the backward pass until that pass ends: free them when it never does.
    for (const node of engine.state.activeTape ?? []) for (const saved of node.saved ?? []) saved.dispose()
    throw error
  } finally {
    restore()
  }
}
