// The decoder's loss in plain double-precision arithmetic: the definition that engines are checked against.
// Comes in: a configuration, parameters, token ids. Goes out: mean cross-entropy in nats. Slow, for tiny
// models.

import { leafOf, type Batch, type Tree } from '@lotion/core'
import { counted, IGNORED } from './ignored-target.js'

/** What the loss asks of a configuration of @lotion/models, which tests of that package give. */
interface Decoder {
  readonly dimension: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly tied: boolean
  readonly ropeBase: number
  readonly epsilon: number
}

type Vector = readonly number[]
type Weights = Tree<ArrayLike<number>>

/** The factor of dropout of an activation, by the name and the indices of its array. */
type Factors = (name: string, ...at: readonly number[]) => number

/** y = W x for W [out, in] stored flat. */
function apply(weight: ArrayLike<number>, x: Vector): number[] {
  return Array.from({ length: weight.length / x.length }, (_, o) =>
    x.reduce((sum, value, i) => sum + value * weight[o * x.length + i]!, 0),
  )
}

function normalise(x: Vector, gain: ArrayLike<number>, epsilon: number): number[] {
  const square = x.reduce((sum, value) => sum + value * value, 0) / x.length
  return x.map((value, i) => (value * gain[i]!) / Math.sqrt(square + epsilon))
}

/** Turn one head's features, pair (i, i + D/2) by position · base^(−2i/D). */
function turn(x: Vector, position: number, base: number): number[] {
  const half = x.length / 2
  return x.map((value, i) => {
    const angle = position * base ** (-(i % half) / half)
    const partner = i < half ? -x[i + half]! : x[i - half]!
    return value * Math.cos(angle) + partner * Math.sin(angle)
  })
}

function logSumExp(x: Vector): number {
  const top = Math.max(...x)
  return top + Math.log(x.reduce((sum, value) => sum + Math.exp(value - top), 0))
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

/** One sequence through one attention layer: x [T][d] → [T][d]; `kept` gives factors of heads, t and s. */
function attend(
  config: Decoder,
  weights: Weights,
  at: string,
  x: readonly Vector[],
  kept: (...at: readonly number[]) => number,
): number[][] {
  const width = config.dimension / config.heads
  const share = config.heads / config.kvHeads
  const projected = (name: string) =>
    x.map((row) => apply(leafOf(weights, `${at}.${name}.weight`, 'weights'), row))
  const [q, k, v] = [projected('q_proj'), projected('k_proj'), projected('v_proj')]
  const head = (row: Vector, h: number) => row.slice(h * width, (h + 1) * width)
  const output = x.map((_, t) =>
    Array.from({ length: config.heads }, (_unused, h) => {
      const group = Math.floor(h / share)
      const query = turn(head(q[t]!, h), t, config.ropeBase)
      const scores = k
        .slice(0, t + 1)
        .map((row, s) => dot(query, turn(head(row, group), s, config.ropeBase)) / Math.sqrt(width))
      const normaliser = logSumExp(scores)
      return Array.from({ length: width }, (_none, i) =>
        scores.reduce((sum, score, s) => {
          const weight = Math.exp(score - normaliser) * kept(h, t, s)
          return sum + weight * head(v[s]!, group)[i]!
        }, 0),
      )
    }).flat(),
  )
  return output.map((row) => apply(leafOf(weights, `${at}.o_proj.weight`, 'weights'), row))
}

/** One sequence's losses, summed over its positions. */
function sequenceLoss(
  config: Decoder,
  weights: Weights,
  {
    tokens,
    targets,
    factors,
  }: { readonly tokens: Vector; readonly targets: Vector; readonly factors: Factors },
): number {
  const { dimension, epsilon } = config
  const embedding = leafOf(weights, 'model.embed_tokens.weight', 'weights')
  const norm = (name: string, row: Vector) =>
    normalise(row, leafOf(weights, `${name}.weight`, 'weights'), epsilon)
  const plus = (a: Vector, b: Vector) => a.map((value, i) => value + b[i]!)
  const thinned = (name: string, rows: readonly Vector[]): number[][] =>
    rows.map((row, t) => row.map((value, i) => value * factors(name, t, i)))
  let x: readonly Vector[] = thinned(
    'dropout.embedding',
    tokens.map((token) => Array.from({ length: dimension }, (_, i) => embedding[token * dimension + i]!)),
  )
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`
    const attended = attend(
      config,
      weights,
      `${at}.self_attn`,
      x.map((row) => norm(`${at}.input_layernorm`, row)),
      (...place) => factors(`dropout.${layer}.scores`, ...place),
    )
    const added = thinned(`dropout.${layer}.attention`, attended)
    x = x.map((row, t) => plus(row, added[t]!))
    const fed = x.map((row) => {
      const input = norm(`${at}.post_attention_layernorm`, row)
      const gate = apply(leafOf(weights, `${at}.mlp.gate_proj.weight`, 'weights'), input)
      const up = apply(leafOf(weights, `${at}.mlp.up_proj.weight`, 'weights'), input)
      const opened = gate.map((g, i) => (g / (1 + Math.exp(-g))) * up[i]!)
      return apply(leafOf(weights, `${at}.mlp.down_proj.weight`, 'weights'), opened)
    })
    const more = thinned(`dropout.${layer}.feedForward`, fed)
    x = x.map((row, t) => plus(row, more[t]!))
  }
  const head = config.tied ? embedding : leafOf(weights, 'lm_head.weight', 'weights')
  return x.reduce((sum, row, t) => {
    if (targets[t] === IGNORED) return sum
    const logits = apply(head, norm('model.norm', row))
    return sum + logSumExp(logits) - logits[targets[t]!]!
  }, 0)
}

/**
 * Evaluate the loss of `llama(config)` of @lotion/models in f64, operation by operation as the papers write
 * it, with the factors of dropout that the batch has.
 * @example
 * llamaLoss64(model.config, model.init(1), batch) // ≈ log(vocabulary)
 */
export function llamaLoss64(config: Decoder, weights: Weights, batch: Batch): number {
  const x = leafOf(batch, 'x', 'batch')
  const y = leafOf(batch, 'y', 'batch')
  const length = x.shape[1]!
  let sum = 0
  for (let from = 0; from < x.data.length; from += length) {
    const row = (data: Float32Array | Int32Array) => Array.from(data.subarray(from, from + length))
    sum += sequenceLoss(config, weights, {
      tokens: row(x.data),
      targets: row(y.data),
      factors: (name, ...at) => factorOf(batch, name, [from / length, ...at]),
    })
  }
  return sum / counted(y.data)
}

/** A factor of dropout of a batch; 1 if it has none. */
function factorOf(batch: Batch, name: string, at: readonly number[]): number {
  const factors = batch[name]
  if (factors === undefined) return 1
  return factors.data[at.reduce((index, place, axis) => index * factors.shape[axis]! + place, 0)]!
}
