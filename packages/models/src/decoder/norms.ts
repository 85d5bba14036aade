// The normalisations of decoders as parts. Comes in: a name, a width, ε. Goes out: parts whose gains start at
// 1 and whose biases start at 0.

import { leafOf } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { layerNorm } from '../layer-norm.js'
import { rmsNorm } from '../rms-norm.js'
import type { Layer } from './layer.js'

/** Divide rows by their root mean square; gain `name.weight`. */
export function rmsNormLayer(name: string, width: number, epsilon: number): Layer {
  return {
    parameters: { [`${name}.weight`]: { shape: [width], mean: 1, std: 0 } },
    apply: (params, x) => rmsNorm(x, leafOf(params, `${name}.weight`, 'params'), epsilon),
  }
}

/** Centre rows and divide them by their deviation; gain `name.weight` and, with a bias, `name.bias`. */
export function layerNormLayer(name: string, width: number, epsilon: number, bias: boolean): Layer {
  const gain = { [`${name}.weight`]: { shape: [width], mean: 1, std: 0 } }
  return {
    parameters: bias ? { ...gain, [`${name}.bias`]: { shape: [width], mean: 0, std: 0 } } : gain,
    apply(params, x) {
      const scaled = layerNorm(x, leafOf(params, `${name}.weight`, 'params'), epsilon)
      return bias ? tf.add(scaled, leafOf(params, `${name}.bias`, 'params')) : scaled
    },
  }
}
