// The order of a call's totals: which can be summed at once, and which must wait for others. Comes in: the
// graphs of all formulas of one call. Goes out: stages of names, and of nodes. Source:
// docs/design/02-lanes.md.

import {
  isTotal,
  operandsOf,
  reachable,
  type LaneGraph,
  type LaneNode,
  type TotalNode,
} from '../lanes/node.js'
import { perFormula } from './per-formula.js'

/** List a graph's totals in topological order. */
export function totalsOf(graph: LaneGraph): readonly TotalNode[] {
  return graph.nodes.filter(isTotal)
}

/**
 * Sort the totals of formulas that run as one call into stages: a name's stage follows those of all totals
 * that any of its parts, in any of the formulas, is computed from. One pass over the weights a stage; outputs
 * come after the last.
 * @throws if a total depends on itself, within one formula or through several.
 */
export function totalStages(graphs: Iterable<LaneGraph>): readonly (readonly string[])[] {
  const needs = new Map<string, Set<string>>()
  for (const graph of new Set(graphs)) {
    for (const [name, before] of remembered(graph, 'needs', () => needsOf(graph))) {
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

/** The stage in which each node can be computed: a total's own, or after those of all totals it needs. */
export function stagesOf(
  { nodes }: LaneGraph,
  stages: readonly (readonly string[])[],
): ReadonlyMap<LaneNode, number> {
  const stageOf = new Map<LaneNode, number>()
  for (const node of nodes) {
    const after = operandsOf(node).map((operand) => stageOf.get(operand)! + (isTotal(operand) ? 1 : 0))
    const own = isTotal(node) ? stages.findIndex((names) => names.includes(node.name)) : Math.max(0, ...after)
    stageOf.set(node, own)
  }
  return stageOf
}

const remembered = perFormula<ReadonlyMap<string, ReadonlySet<string>>>()

/** Name → the totals that a graph's parts of it are computed from. */
function needsOf(graph: LaneGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, Set<string>>()
  for (const total of totalsOf(graph)) {
    const before = needs.get(total.name) ?? new Set<string>()
    for (const node of reachable([total.of], isTotal)) if (isTotal(node)) before.add(node.name)
    needs.set(total.name, before)
  }
  return needs
}
