// The parts that a decoder is put together from. Comes in: parameters by name and rows of activations. Goes
// out: rows. A part brings its parameters and its computation, so that neither is written without the other.

import type { Tree } from '@lotion/core'
import type * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../parameter.js'
import type { Window } from './window.js'

/** A map of rows [N, in] → [N, out] with the parameters that it reads. */
export interface Layer {
  /** By their full names, in the order in which checkpoints list them. */
  readonly parameters: Tree<Parameter>
  apply(params: Tree<tf.Tensor>, x: tf.Tensor): tf.Tensor
}

/** A linear layer without a bias whose product may be taken in pieces. */
export interface Head extends Layer {
  /** Name of its weights [out, in]. */
  readonly weight: string
}

/** A map of rows that looks at other positions of the window as well. */
export interface Mixer {
  readonly parameters: Tree<Parameter>
  /** What it keeps of each token that was read, K keys and K values of D numbers, and under which name. */
  readonly kept: { readonly layer: string; readonly heads: number; readonly width: number }
  /** Heads that look, H. */
  readonly heads: number
  apply(params: Tree<tf.Tensor>, x: tf.Tensor, window: Window): tf.Tensor
}

/** Join the parameters of parts, in order. */
export function joined(...parts: readonly { readonly parameters: Tree<Parameter> }[]): Tree<Parameter> {
  return Object.assign({}, ...parts.map(({ parameters }) => parameters)) as Tree<Parameter>
}
