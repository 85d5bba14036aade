// In which order a formula's reductions are computed, and what can be computed between them. Comes in: nodes
// wanted, and those known. Goes out: levels, one after the other. Source: docs/design/02-lanes.md.

import {
  isHigher,
  isMaximum,
  isOnce,
  isReduction,
  isTotal,
  operandsOf,
  reachable,
  type LaneNode,
  type Rate,
  type ReduceNode,
} from '../lanes/node.js'

/**
 * Reductions that share a loop: each needs only those of levels before. All in topological order.
 * @experimental
 */
export interface Level {
  /** All reductions of the level. */
  readonly nodes: readonly ReduceNode[]
  /** Those that add up. */
  readonly sums: readonly ReduceNode[]
  /** Those that keep the largest value. */
  readonly maxima: readonly ReduceNode[]
  /** Values that change as often as these reductions, and can be computed once they are there. */
  readonly values: readonly LaneNode[]
}

/** What is wanted, level by level. @experimental */
export interface Levels {
  /** All that is computed or known, in topological order. */
  readonly nodes: readonly LaneNode[]
  /** Values of the call that need none of the reductions, known ones too. */
  readonly before: readonly LaneNode[]
  /** One after the other; empty where nothing is reduced. */
  readonly levels: readonly Level[]
}

/**
 * Sort the reductions over blocks, over the tensor or over both that nodes need into levels, by how many of
 * them a value needs one after the other. Known nodes, by default the
 * totals, are not looked into.
 * @param roots Nodes whose values are wanted.
 * @param over What a reduction must run over to open a level.
 * @param known Says which nodes have their value already.
 * @experimental
 */
export function levelsOf(
  roots: readonly LaneNode[],
  over: readonly ('block' | 'tensor')[],
  known: (node: LaneNode) => boolean = isTotal,
): Levels {
  const nodes = reachable(roots, known)
  const depth = new Map<LaneNode, number>()
  for (const node of nodes) {
    const below = known(node) ? [] : operandsOf(node).map((operand) => depth.get(operand)!)
    const own = isReduction(node, ...over) && !known(node) ? 1 : 0
    depth.set(node, Math.max(0, ...below) + own)
  }
  const at = (level: number): LaneNode[] => nodes.filter((node) => depth.get(node) === level)
  const changes = ({ rate }: LaneNode): boolean =>
    over.includes('block') ? rate === 'block' : rate === 'call'
  const deepest = Math.max(0, ...depth.values())
  return Object.freeze({
    nodes,
    before: at(0).filter(isOnce),
    levels: Array.from({ length: deepest }, (_, i) => {
      const all = at(i + 1)
      const found = all.filter((node) => isReduction(node, ...over))
      return {
        nodes: found,
        sums: found.filter((node) => !isMaximum(node)),
        maxima: found.filter(isMaximum),
        values: all.filter((node) => changes(node) && !isReduction(node, ...over)),
      }
    }),
  } satisfies Levels)
}

/**
 * The values of a rate that nodes of a higher rate read on the way to `roots`, known ones too: what is worth
 * computing once before the loop that computes these.
 */
export function frontier(
  roots: readonly LaneNode[],
  rate: 'call' | 'block',
  known: (node: LaneNode) => boolean,
): readonly LaneNode[] {
  const readers = reachable(roots, known).filter((node) => !known(node) && isHigher(node.rate, rate))
  return [...new Set(readers.flatMap(operandsOf))].filter((node) => node.rate === (rate satisfies Rate))
}
