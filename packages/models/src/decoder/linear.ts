// A linear layer. Comes in: its name, extents and what its weights start from. Goes out: a part that computes
// y = x Wᵀ + b, W [out, in] as checkpoints of PyTorch store it.

import { leafOf } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../parameter.js'
import type { Head, Layer } from './layer.js'

/** What a linear layer is made of. */
export interface LinearOptions {
  readonly inputs: number
  readonly outputs: number
  /** Whether a vector b is added, which starts at 0. Default false. */
  readonly bias?: boolean
  /** Factor on the initial weights N(0, 1/inputs). Default 1. */
  readonly gain?: number
}

/** Describe a matrix [out, in] drawn with variance gain² / in. */
function matrix(outputs: number, inputs: number, gain = 1): Parameter {
  return { shape: [outputs, inputs], mean: 0, std: gain / Math.sqrt(inputs) }
}

/** Make a linear layer of the parameters `name.weight` and, with a bias, `name.bias`. */
export function linear(name: string, { inputs, outputs, bias = false, gain = 1 }: LinearOptions): Layer {
  const weight = { [`${name}.weight`]: matrix(outputs, inputs, gain) }
  return {
    parameters: bias ? { ...weight, [`${name}.bias`]: { shape: [outputs], mean: 0, std: 0 } } : weight,
    apply(params, x) {
      const product = tf.matMul(x, leafOf(params, `${name}.weight`, 'params'), false, true)
      return bias ? tf.add(product, leafOf(params, `${name}.bias`, 'params')) : product
    },
  }
}

/** Make a head of the parameter `name.weight`. */
export function ownHead(name: string, extents: Pick<LinearOptions, 'inputs' | 'outputs'>): Head {
  return { ...linear(name, extents), weight: `${name}.weight` }
}

/** Make a head without parameters of its own: that of the weights `name`, which another part has. */
export function tiedHead(name: string): Head {
  return {
    parameters: {},
    apply: (params, x) => tf.matMul(x, leafOf(params, name, 'params'), false, true),
    weight: name,
  }
}
