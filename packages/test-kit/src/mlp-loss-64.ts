// The loss of a multi-layer perceptron in plain double-precision arithmetic: the definition that engines are
// checked against. Comes in: a configuration, parameters, features and classes. Goes out: mean cross-entropy
// in nats.

import { leafOf, type Batch, type Tree } from '@lotion/core'
import { counted, IGNORED } from './ignored-target.js'

/** What the loss asks of a configuration of @lotion/models, which tests of that package give. */
interface Perceptron {
  readonly layers: readonly number[]
  readonly activation: { at(x: number): number }
}

/**
 * Evaluate the loss of `mlp(config)` of @lotion/models in f64: mean cross-entropy in nats over the targets
 * that count.
 */
export function mlpLoss64(config: Perceptron, weights: Tree<ArrayLike<number>>, batch: Batch): number {
  const { layers, activation } = config
  const x = leafOf(batch, 'x', 'batch').data
  const y = leafOf(batch, 'y', 'batch').data
  const fanIn = layers[0]!
  let sum = 0
  for (let row = 0; row < y.length; row++) {
    if (y[row] === IGNORED) continue
    let signal = Array.from(x.subarray(row * fanIn, (row + 1) * fanIn))
    for (let i = 0; i + 1 < layers.length; i++) {
      const weight = leafOf(weights, `layers.${i}.weight`, 'weights')
      const bias = leafOf(weights, `layers.${i}.bias`, 'weights')
      const out = Array.from(bias, (b, o) =>
        signal.reduce((total, value, j) => total + value * weight[o * signal.length + j]!, b),
      )
      signal = i + 2 < layers.length ? out.map(activation.at) : out
    }
    const top = Math.max(...signal)
    sum += top + Math.log(signal.reduce((total, s) => total + Math.exp(s - top), 0)) - signal[y[row]!]!
  }
  return sum / counted(y)
}
