// What was made of a formula before: plans, texts, kernels live as long as it does. Comes in: a graph, a key
// of the maker's own. Goes out: what is remembered, or made now.

import type { LaneGraph } from '../lanes/node.js'

/** Make a memory of things made from formulas; each is made once for a graph and key. */
export function perFormula<T extends object>(): (graph: LaneGraph, key: string, make: () => T) => T {
  const known = new WeakMap<LaneGraph, Map<string, T>>()
  return (graph, key, make) => {
    const made = known.get(graph) ?? new Map<string, T>()
    known.set(graph, made)
    const found = made.get(key) ?? make()
    made.set(key, found)
    return found
  }
}
