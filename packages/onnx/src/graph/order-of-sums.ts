// Guard of the graph builder: an operator whose result depends on the order in which threads arrive is not
// emitted. Comes in: an operator and its attributes. Goes out: nothing, or an error that names the operator
// and what to use instead.
// Source: the ONNX specification of ScatterND and ScatterElements (reductions: the order of duplicates is not
// defined).

import type { Attribute } from './onnx-graph.js'

const scatters: ReadonlySet<string> = new Set(['Scatter', 'ScatterElements', 'ScatterND'])

/**
 * Refuse a scatter that combines repeated indices.
 * @throws if `op` is a scatter with a reduction: onnxruntime adds from several threads at once and loses
 * terms.
 */
export function refuseUnorderedSums(op: string, attributes: Readonly<Record<string, Attribute>>): void {
  const { reduction } = attributes
  if (!scatters.has(op) || reduction === undefined) return
  const kind = 'string' in reduction ? reduction.string : JSON.stringify(reduction)
  if (kind === 'none') return
  throw new Error(
    `${op} with reduction '${kind}' is not emitted: onnxruntime combines repeated indices in no defined order, from several threads ` +
      'at once, and loses terms; sum rows by id with segmentSum, or scatter to indices that differ',
  )
}
