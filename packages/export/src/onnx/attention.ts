// Causal attention with kept keys and values. Comes in: queries (already scaled), keys and values of the new
// tokens, [batch, heads, tokens, width]. Goes out: [batch, tokens, heads · width]; keys and values of all
// tokens as outputs of the graph. Source: Vaswani et al., arXiv 1706.03762; Ainslie et al., arXiv 2305.13245.

import type { DecoderBuilder } from './decoder-builder.js'

/** Queries, keys and values of one layer. */
export interface AttentionOperands {
  readonly query: string
  readonly key: string
  readonly value: string
}

/** Attend with the tokens that are kept and the new ones. */
export function attention(
  { graph, config, mask }: DecoderBuilder,
  layer: number,
  { query, key, value }: AttentionOperands,
): string {
  const { heads, kvHeads, headDimension } = config
  const { emit } = graph
  const joined = (part: 'key' | 'value', fresh: string): string => {
    const kept = `past_key_values.${layer}.${part}`
    return emit('Concat', [kept, fresh], { axis: { int: 2 } }, `present.${layer}.${part}`)
  }
  const keys = emit('Transpose', [joined('key', key)], { perm: { ints: [0, 1, 3, 2] } })
  const values = joined('value', value)
  const queries = heads / kvHeads
  const reshape = (x: string, extents: readonly number[]): string =>
    queries === 1 ? x : emit('Reshape', [x, graph.int64s(extents)])
  // Query heads that share a key head lie side by side: they become an axis that keys are repeated along.
  const shared = (x: string): string => (queries === 1 ? x : emit('Unsqueeze', [x, graph.int64s([2])]))
  const rows = reshape(query, [0, kvHeads, queries, -1, headDimension])
  const scores = emit('Add', [emit('MatMul', [rows, shared(keys)]), shared(mask)])
  const mixed = emit('MatMul', [emit('Softmax', [scores], { axis: { int: -1 } }), shared(values)])
  const tokensFirst = emit('Transpose', [reshape(mixed, [0, heads, -1, headDimension])], {
    perm: { ints: [0, 2, 1, 3] },
  })
  return emit('Reshape', [tokensFirst, graph.int64s([0, 0, heads * headDimension])])
}
