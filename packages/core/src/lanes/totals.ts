// The order of a call's totals: which can be summed at once, and which must wait for others.
// Comes in: the graphs of all formulas of one call. Goes out: stages of names. Source: docs/design/02-lanes.md.

import { reachable, type LaneGraph, type LaneNode } from './lane.js'

/** A node that sums over all weights of all tensors of a call. */
export type TotalNode = LaneNode & { readonly kind: 'reduce'; readonly how: 'total' }

/** Tell whether a node is a total. */
export function isTotal(node: LaneNode): node is TotalNode {
  return node.kind === 'reduce' && node.how === 'total'
}

/** List a graph's totals in topological order. */
export function totalsOf(graph: LaneGraph): readonly TotalNode[] {
  return graph.nodes.filter(isTotal)
}

/**
 * Sort the totals of formulas that run as one call into stages: a name's stage follows those of all totals that any
 * of its parts, in any of the formulas, is computed from. One pass over the weights a stage; outputs come after the last.
 * @throws if a total depends on itself, within one formula or through several.
 */
export function totalStages(graphs: Iterable<LaneGraph>): readonly (readonly string[])[] {
  const needs = new Map<string, Set<string>>()
  for (const graph of new Set(graphs)) {
    for (const [name, before] of needsOf(graph)) {
      const all = needs.get(name) ?? new Set<string>()
      before.forEach((other) => all.add(other))
      needs.set(name, all)
    }
  }
  const stages = new Map<string, number>()
  const stageOf = (name: string, path: readonly string[]): number => {
    const known = stages.get(name)
    if (known !== undefined) return known
    if (path.includes(name)) {
      throw new TypeError(
        `total '${name}': depends on itself (${[...path, name].join(' → ')}); give its parts different names`,
      )
    }
    const stage = Math.max(0, ...[...needs.get(name)!].map((before) => stageOf(before, [...path, name]) + 1))
    stages.set(name, stage)
    return stage
  }
  const sorted: string[][] = []
  for (const name of needs.keys()) (sorted[stageOf(name, [])] ??= []).push(name)
  return sorted
}

const remembered = new WeakMap<LaneGraph, ReadonlyMap<string, ReadonlySet<string>>>()

/** Name → the totals that a graph's parts of it are computed from. */
function needsOf(graph: LaneGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const known = remembered.get(graph)
  if (known) return known
  const needs = new Map<string, Set<string>>()
  for (const total of totalsOf(graph)) {
    const before = needs.get(total.name) ?? new Set<string>()
    for (const node of reachable([total.of], isTotal)) if (isTotal(node)) before.add(node.name)
    needs.set(total.name, before)
  }
  remembered.set(graph, needs)
  return needs
}
