// A multi-layer perceptron for classification: linear layers with an activation between them.
// Comes in: features float [B, in]. Goes out: logits [B, classes], mean cross-entropy in nats.

import { leafOf, type Batch, type Tree } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import * as tf from '@tensorflow/tfjs-core'
import { relu, type Activation } from './activation.js'
import { countedTargets, crossEntropy, refuseOtherShape, targetRange } from './cross-entropy.js'
import type { Model } from './model.js'
import { countOf, draw, shapesOf, type Parameter } from './parameter.js'

/** What a caller writes. */
export interface MlpOptions {
  /** Widths from input to classes, e.g. [784, 64, 64, 10]. */
  readonly layers: readonly number[]
  /** Default `relu`. */
  readonly activation?: Activation
}

/** A complete configuration. */
export type MlpConfig = Required<MlpOptions>

/** A multi-layer perceptron as a value. */
export type Mlp = Model<MlpConfig>

function checkLayers(layers: readonly number[]): void {
  if (
    layers.length < 2 ||
    layers.some((width) => !Number.isInteger(width) || width < 1) ||
    layers.at(-1)! < 2
  ) {
    throw new RangeError(
      `layers: expected two or more whole widths from input to at least 2 classes, found [${layers.join(', ')}]`,
    )
  }
}

/** Weights [out, in] with variance gain²/in (1/in in the last layer), biases 0. */
function parameters({ layers, activation }: MlpConfig): Tree<Parameter> {
  const last = layers.length - 2
  return Object.fromEntries(
    layers.slice(1).flatMap((out, i): [string, Parameter][] => {
      const fanIn = layers[i]!
      const std = (i === last ? 1 : activation.gain) / Math.sqrt(fanIn)
      return [
        [`layers.${i}.weight`, { shape: [out, fanIn], mean: 0, std }],
        [`layers.${i}.bias`, { shape: [out], mean: 0, std: 0 }],
      ]
    }),
  )
}

/**
 * Define a perceptron. Its batches are `{ x: float [B, in], y: int32 [B] }`; its loss is the mean over the
 * examples whose y is not −100.
 * @throws RangeError if the widths are not whole or features are of another width, TypeError if an option is
 * unknown or an array is missing. Engines refuse classes out of range before the step.
 * @example
 * ```ts
 * import { mlp } from '@lotion/models'
 *
 * console.log(mlp({ layers: [784, 64, 64, 10] }).parameterCount)
 * ```
 */
export function mlp(options: MlpOptions): Mlp {
  refuseUnknownKeys('mlp', options, { layers: true, activation: true })
  checkLayers(options.layers)
  const config: MlpConfig = Object.freeze({
    layers: Object.freeze([...options.layers]),
    activation: options.activation ?? relu,
  })
  const table = parameters(config)
  const width = config.layers[0]!
  const last = config.layers.length - 2
  const logits = (params: Tree<tf.Tensor>, batch: Tree<tf.Tensor>): tf.Tensor => {
    let x = leafOf(batch, 'x', 'batch')
    if (x.rank !== 2 || x.shape[1] !== width) {
      throw new RangeError(`x: expected features [batch, ${width}], found [${x.shape.join(', ')}]`)
    }
    for (let i = 0; i <= last; i++) {
      const weight = leafOf(params, `layers.${i}.weight`, 'params')
      x = tf.add(tf.matMul(x, weight, false, true), leafOf(params, `layers.${i}.bias`, 'params'))
      if (i < last) x = config.activation.apply(x)
    }
    return x
  }
  return Object.freeze<Mlp>({
    name: 'mlp',
    config,
    shapes: shapesOf(table),
    parameterCount: countOf(table),
    init: (seed) => draw(table, seed),
    logits,
    loss(params, batch) {
      const [scores, y] = [logits(params, batch), leafOf(batch, 'y', 'batch')]
      refuseOtherShape('y', y, [scores.shape[0]])
      return crossEntropy(scores, y)
    },
    terms: (batch: Batch) => countedTargets(leafOf(batch, 'y', 'batch')),
    ids: Object.freeze({ y: targetRange(config.layers.at(-1)!) }),
    leastLoss: 0,
  })
}
