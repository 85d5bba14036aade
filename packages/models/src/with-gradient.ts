// A tensor operation with a gradient written by hand: fewer and smaller operations than the tape would
// record. Comes in: tensors, a forward and a backward rule. Goes out: a tensor that tfjs differentiates by
// that rule.

import * as tf from '@tensorflow/tfjs-core'

/** What the forward half gives: its value, and the tensors that the backward half wants to see again. */
export interface Forward {
  readonly value: tf.Tensor
  readonly saved: readonly tf.Tensor[]
}

/**
 * Apply `forward` to `inputs`, differentiated by `backward`: (∂L/∂value, saved) → one ∂L/∂input each, in
 * order. Tensors that `forward` reads but that are not in `inputs` are treated as constants.
 */
export function withGradient(
  inputs: readonly tf.Tensor[],
  forward: (...inputs: tf.Tensor[]) => Forward,
  backward: (dy: tf.Tensor, ...saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  // tfjs passes its `save` function behind the tensors and types both alike.
  const rule = (...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = given[inputs.length] as tf.GradSaveFunc
    const { value, saved } = forward(...(given.slice(0, inputs.length) as tf.Tensor[]))
    save([...saved])
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => backward(dy, ...kept) }
  }
  return tf.customGrad(rule)(...inputs)
}
