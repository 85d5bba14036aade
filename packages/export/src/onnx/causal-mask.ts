// Which keys a query sees. Comes in: attention_mask and input_ids of the graph. Goes out: what is added to
// scores, [batch, 1, new tokens, all tokens]: 0 for what stands not later than the query and is no padding,
// far below any score elsewhere.

import { onnxMessages } from '@lotion/core/internal'
import type { GraphWriter } from './open-graph.js'

/** Its weight is exactly 0, and rows that see nothing, those of padding, stay finite. */
const MASKED = -1e9

/** Make the mask of a graph; every layer has the same. */
export function causalMask(graph: GraphWriter): string {
  const { emit } = graph
  const extent = (of: string): string => emit('Gather', [emit('Shape', [of]), graph.int64s([1], [])])
  const all = extent('attention_mask')
  const one = graph.int64s([1], [])
  const key = emit('Range', [graph.int64s([0], []), all, one])
  const query = emit('Range', [emit('Sub', [all, extent('input_ids')]), all, one])
  const earlier = emit('LessOrEqual', [key, emit('Unsqueeze', [query, graph.int64s([1])])])
  const isText = emit('Cast', ['attention_mask'], { to: { int: onnxMessages.typeNumbers.bool } })
  const seen = emit('And', [earlier, emit('Unsqueeze', [isText, graph.int64s([1, 2])])])
  return emit('Where', [seen, graph.floats([0], []), graph.floats([MASKED], [])])
}
