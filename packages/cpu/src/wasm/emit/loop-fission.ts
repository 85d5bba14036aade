// Cuts a loop whose chain of operations is long into shorter loops: a processor overlaps as many weights as
// fit its window of waiting operations, so two short chains through a value in the first cache beat one long
// chain. Comes in: what a loop ends in. Goes out: what a loop before it has to leave in memory.
// Source: docs/design/07-cpu.md.

import type { LaneNode } from '@lotion/core'
import { operandsOf, reachable } from '@lotion/core/internal'

/** Cycles until a result can be used; of the size that processors of 2020 to 2025 have. */
const operationLatency: Readonly<Record<string, number>> = {
  div: 11,
  sqrt: 15,
  binade: 5,
  floor: 5,
  abs: 1,
  min: 2,
  max: 2,
}

/** Chains up to this many cycles stay in one loop. */
const LONGEST = 70

/** Values handed from one loop to the next, at most. */
const MOST = 4

/**
 * List the values at which to cut the loop that ends in `roots`, first cut first; nothing if its chain is
 * short or every cut near the middle has too many values.
 */
export function fissionCuts(
  roots: readonly LaneNode[],
  isElement: (node: LaneNode) => boolean,
): readonly (readonly LaneNode[])[] {
  const nodes = reachable(roots, (node) => !isElement(node)).filter(isElement)
  const height = heights(nodes)
  const longest = Math.max(0, ...nodes.map((node) => height.get(node)! + latency(node)))
  if (longest <= LONGEST) return []
  const candidates = [...new Set(height.values())]
    .filter((at) => at > 0.25 * longest && at < 0.75 * longest)
    .map((at) => ({ at, values: crossing(nodes, height, at) }))
    .filter(({ values }) => values.length > 0 && values.length <= MOST)
    .sort(
      (a, b) =>
        a.values.length - b.values.length || Math.abs(a.at - longest / 2) - Math.abs(b.at - longest / 2),
    )
  const best = candidates[0]?.values
  return best ? [...fissionCuts(best, isElement), best] : []
}

/** Cycles from a value to the end of the loop, along the longest chain. */
function heights(nodes: readonly LaneNode[]): ReadonlyMap<LaneNode, number> {
  const height = new Map<LaneNode, number>(nodes.map((node) => [node, 0]))
  for (const node of [...nodes].reverse()) {
    for (const operand of operandsOf(node)) {
      const sofar = height.get(operand)
      if (sofar !== undefined) height.set(operand, Math.max(sofar, height.get(node)! + latency(node)))
    }
  }
  return height
}

/** Values computed above a height that are needed below it; inputs are simply read again. */
function crossing(
  nodes: readonly LaneNode[],
  height: ReadonlyMap<LaneNode, number>,
  at: number,
): readonly LaneNode[] {
  const found = new Set<LaneNode>()
  for (const node of nodes) {
    if (height.get(node)! >= at) continue
    for (const operand of operandsOf(node)) {
      if (operand.kind !== 'input' && (height.get(operand) ?? -1) >= at) found.add(operand)
    }
  }
  return [...found]
}

function latency(node: LaneNode): number {
  if (node.kind === 'input' || node.kind === 'literal') return 0
  return 'op' in node ? (operationLatency[node.op] ?? 3) : 3
}
