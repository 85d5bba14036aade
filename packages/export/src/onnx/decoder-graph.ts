// The graph of a decoder with a cache of keys and values. Comes in: extents, weights. Goes out: an ONNX graph
// of input_ids, attention_mask, position_ids and what is kept, with any number of rows, tokens and kept
// tokens. Source: the models of @lotion/models, whose order of operations it follows; names of inputs and
// outputs as transformers.js has them.

import type { OnnxValue } from '@lotion/core/internal'
import type { ExportTensor } from '../export-model.js'
import { attention } from './attention.js'
import { decoderBuilder, type DecoderBuilder } from './decoder-builder.js'
import type { DecoderConfig } from './decoder-config.js'
import { graphWeights } from './graph-weights.js'
import { graphWriter, type OpenGraph } from './open-graph.js'

/** A decoder's graph, and what its weights are stored as. */
export interface DecoderGraph extends OpenGraph {
  /** Bits of each: integers, or f32. */
  readonly bits: readonly (4 | 8 | 32)[]
}

/**
 * Make the graph of a decoder.
 * @param name For messages of what runs it.
 * @param unpacked Whether all weights are f32 numbers, those of a cast too.
 * @throws RangeError naming a weight that is missing, of another shape, of a format that the graph does not
 * hold, or no part of the model.
 */
export function decoderGraph(
  name: string,
  config: DecoderConfig,
  tensors: readonly ExportTensor[],
  unpacked = false,
): DecoderGraph {
  const graph = graphWriter()
  const weights = graphWeights(graph, tensors, unpacked)
  const builder = decoderBuilder(graph, weights, config)
  const x = 'rows' in config.positions ? gpt2Layers(builder) : rotaryLayers(builder)
  builder.head(x)
  const [first, ...more] = weights.unused()
  if (first !== undefined)
    throw new RangeError(
      `onnx: '${first}': expected weights that config.json describes alone, found ${1 + more.length} that its model does not have`,
    )
  return { name, inputs: inputsOf(config), outputs: outputsOf(config), bits: weights.bits(), ...graph }
}

/** Llama, Mistral, Qwen 2 and 3: biases and norms of heads where there are weights for them. */
function rotaryLayers(builder: DecoderBuilder): string {
  const { config, weights } = builder
  const { dimension, hidden, heads, kvHeads, headDimension } = config
  let x = builder.embedding('model.embed_tokens.weight')
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`
    const rows = builder.rmsNorm(x, `${at}.input_layernorm.weight`, dimension)
    const project = (which: 'q' | 'k' | 'v', count: number): string => {
      const name = `${at}.self_attn.${which}_proj`
      const apart = builder.split(builder.linear(rows, name, dimension, count * headDimension), count)
      const norm = `${at}.self_attn.${which}_norm.weight`
      return weights.has(norm) ? builder.rmsNorm(apart, norm, headDimension) : apart
    }
    const merged = attention(builder, layer, {
      query: builder.turn(builder.headsFirst(project('q', heads)), 'query'),
      key: builder.turn(builder.headsFirst(project('k', kvHeads)), 'key'),
      value: builder.headsFirst(project('v', kvHeads)),
    })
    x = builder.add(x, builder.linear(merged, `${at}.self_attn.o_proj`, heads * headDimension, dimension))
    const wide = builder.rmsNorm(x, `${at}.post_attention_layernorm.weight`, dimension)
    const gate = builder.linear(wide, `${at}.mlp.gate_proj`, dimension, hidden)
    const up = builder.linear(wide, `${at}.mlp.up_proj`, dimension, hidden)
    const gated = builder.mul(builder.silu(gate), up)
    x = builder.add(x, builder.linear(gated, `${at}.mlp.down_proj`, hidden, dimension))
  }
  return builder.rmsNorm(x, 'model.norm.weight', dimension)
}

/** GPT-2: layer normalisation, learned positions, queries, keys and values of one product. */
function gpt2Layers(builder: DecoderBuilder): string {
  const { config } = builder
  const { dimension, hidden, heads, headDimension } = config
  let x = builder.add(builder.embedding('transformer.wte.weight'), builder.learned('transformer.wpe.weight'))
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `transformer.h.${layer}`
    const rows = builder.layerNorm(x, `${at}.ln_1`)
    const fused = builder.linear(rows, `${at}.attn.c_attn`, dimension, 3 * dimension)
    const [query, key, value] = builder
      .cut(fused, 3)
      .map((part) => builder.headsFirst(builder.split(part, heads)))
    const merged = attention(builder, layer, {
      query: builder.scale(query!, 1 / Math.sqrt(headDimension)),
      key: key!,
      value: value!,
    })
    x = builder.add(x, builder.linear(merged, `${at}.attn.c_proj`, dimension, dimension))
    const wide = builder.linear(builder.layerNorm(x, `${at}.ln_2`), `${at}.mlp.c_fc`, dimension, hidden)
    x = builder.add(x, builder.linear(builder.gelu(wide), `${at}.mlp.c_proj`, hidden, dimension))
  }
  return builder.layerNorm(x, 'transformer.ln_f')
}

const [BATCH, NEW, PAST, ALL] = [
  'batch_size',
  'sequence_length',
  'past_sequence_length',
  'total_sequence_length',
]

function inputsOf(config: DecoderConfig): readonly OnnxValue[] {
  return [
    { name: 'input_ids', dtype: 'int64', shape: [BATCH, NEW] },
    { name: 'attention_mask', dtype: 'int64', shape: [BATCH, ALL] },
    { name: 'position_ids', dtype: 'int64', shape: [BATCH, NEW] },
    ...kept('past_key_values', PAST, config),
  ]
}

function outputsOf(config: DecoderConfig): readonly OnnxValue[] {
  const logits: OnnxValue = { name: 'logits', dtype: 'float32', shape: [BATCH, NEW, config.vocabulary] }
  return [logits, ...kept('present', ALL, config)]
}

/** Keys and values of every layer. */
const kept = (of: string, rows: string, { layers, kvHeads, headDimension }: DecoderConfig): OnnxValue[] =>
  Array.from({ length: 2 * layers }, (_, i) => ({
    name: `${of}.${i >> 1}.${i % 2 === 0 ? 'key' : 'value'}`,
    dtype: 'float32',
    shape: [BATCH, kvHeads, rows, headDimension],
  }))
