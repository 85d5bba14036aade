// The operations that decoders are made of. Comes in: values by name. Goes out: values. Activations are
// [batch, tokens, d], heads [batch, heads, tokens, width]; an extent of 0 in a Reshape is that of its
// operand.

import { onnxMessages } from '@lotion/core/internal'
import { causalMask } from './causal-mask.js'
import type { DecoderConfig } from './decoder-config.js'
import type { GraphWeights } from './graph-weights.js'
import type { GraphWriter } from './open-graph.js'

/** Adds parts of a decoder to a graph. */
export interface DecoderBuilder {
  readonly graph: GraphWriter
  readonly weights: GraphWeights
  readonly config: DecoderConfig
  /** What is added to scores. */
  readonly mask: string
  add(a: string, b: string): string
  mul(a: string, b: string): string
  scale(x: string, factor: number): string
  /** Look the tokens up in a table, which is the head's too if it is tied. */
  embedding(name: string): string
  /** Rows of a table of learned positions. */
  learned(name: string): string
  /** x Wᵀ, and a bias where there are weights for it. */
  linear(x: string, name: string, inputs: number, outputs: number): string
  /** gain · x / √(mean(x²) + ε) over the last axis. */
  rmsNorm(x: string, name: string, width: number): string
  layerNorm(x: string, name: string): string
  silu(x: string): string
  /** The tanh form. */
  gelu(x: string): string
  /** Cut the last axis into equal parts. */
  cut(x: string, parts: number): readonly string[]
  /** The last axis as heads and their width. */
  split(x: string, heads: number): string
  /** [batch, tokens, heads, width] → [batch, heads, tokens, width]. */
  headsFirst(x: string): string
  /** Turn heads by their tokens' positions; queries are divided by the root of their width on the way. */
  turn(x: string, which: 'query' | 'key'): string
  /** Name what the head makes of the last activations `logits`. */
  head(x: string): void
}

/** Begin a decoder. */
export function decoderBuilder(
  graph: GraphWriter,
  weights: GraphWeights,
  config: DecoderConfig,
): DecoderBuilder {
  const { vocabulary, dimension, headDimension, epsilon, positions } = config
  const { emit } = graph
  const add = (a: string, b: string): string => emit('Add', [a, b])
  const mul = (a: string, b: string): string => emit('Mul', [a, b])
  const scalar = (value: number): string => graph.floats([value], [])
  // Weights stay [out, in], with blocks along their last axis: other orders are fused to products of 8 bits.
  const transposed = (weight: string): string => emit('Transpose', [weight], { perm: { ints: [1, 0] } })
  let table = ''
  const frequencies = 'frequencies' in positions ? positions.frequencies : []
  const turns = frequencies.length > 0 ? rotations(graph, frequencies, headDimension) : undefined
  const cut = (x: string, parts: number): readonly string[] =>
    graph.emitMany('Split', [x], parts, { axis: { int: -1 }, num_outputs: { int: parts } })
  return {
    graph,
    weights,
    config,
    mask: causalMask(graph),
    add,
    mul,
    cut,
    scale: (x, factor) => mul(x, scalar(factor)),
    embedding(name) {
      table = weights.value(name, [vocabulary, dimension])
      return emit('Gather', [table, 'input_ids'])
    },
    learned(name) {
      const rows = 'rows' in positions ? positions.rows : 0
      return emit('Gather', [weights.value(name, [rows, dimension]), 'position_ids'])
    },
    linear(x, name, inputs, outputs) {
      const product = emit('MatMul', [x, transposed(weights.value(`${name}.weight`, [outputs, inputs]))])
      const bias = `${name}.bias`
      return weights.has(bias) ? add(product, weights.value(bias, [outputs])) : product
    },
    rmsNorm(x, name, width) {
      const mean = emit('ReduceMean', [mul(x, x), graph.int64s([-1])])
      const root = emit('Sqrt', [add(mean, scalar(epsilon))])
      return mul(emit('Div', [x, root]), weights.value(name, [width]))
    },
    layerNorm(x, name) {
      const bias = `${name}.bias`
      const operands = [
        weights.value(`${name}.weight`, [dimension]),
        ...(weights.has(bias) ? [weights.value(bias, [dimension])] : []),
      ]
      return emit('LayerNormalization', [x, ...operands], { epsilon: { float: epsilon } })
    },
    silu: (x) => mul(x, emit('Sigmoid', [x])),
    gelu(x) {
      const cube = mul(mul(x, x), x)
      const inner = mul(add(x, mul(cube, scalar(0.044715))), scalar(Math.sqrt(2 / Math.PI)))
      return mul(mul(x, scalar(0.5)), add(emit('Tanh', [inner]), scalar(1)))
    },
    split: (x, heads) => emit('Reshape', [x, graph.int64s([0, 0, heads, -1])]),
    headsFirst: (x) => emit('Transpose', [x], { perm: { ints: [0, 2, 1, 3] } }),
    turn(x, which) {
      const { cos, sin } = turns![which]
      const [a, b] = cut(x, 2) as readonly [string, string]
      const turned = [emit('Sub', [mul(a, cos), mul(b, sin)]), add(mul(b, cos), mul(a, sin))]
      return emit('Concat', turned, { axis: { int: -1 } })
    },
    head(x) {
      const weight = config.tied ? table : weights.value('lm_head.weight', [vocabulary, dimension])
      emit('MatMul', [x, transposed(weight)], {}, 'logits')
    },
  }
}

type Rotation = Readonly<Record<'cos' | 'sin', string>>

/** Cosines and sines of position · frequency, [batch, 1, tokens, width / 2]. */
function rotations(
  graph: GraphWriter,
  frequencies: readonly number[],
  width: number,
): Readonly<Record<'query' | 'key', Rotation>> {
  const { emit } = graph
  const at = emit('Unsqueeze', [
    emit('Cast', ['position_ids'], { to: { int: onnxMessages.typeNumbers.float32 } }),
    graph.int64s([1, 3]),
  ])
  const angles = emit('Mul', [at, graph.floats(frequencies, [frequencies.length])])
  const key = { cos: emit('Cos', [angles]), sin: emit('Sin', [angles]) }
  const scale = graph.floats([1 / Math.sqrt(width)], [])
  const query = { cos: emit('Mul', [key.cos, scale]), sin: emit('Mul', [key.sin, scale]) }
  return { query, key }
}
