// What one pass over the weights has to compute, and when: once a call, once a block, in which loop over a
// block. Comes in: a formula's graph and the goal. Goes out: a plan that the emitter writes down.
// Source: docs/design/07-cpu.md.

import { levelsOf, type LaneGraph, type LaneNode, type Level, type Rate, type ReduceNode } from '@lotion/core'
import { isOnce, isReduction } from '@lotion/core/internal'

/** One pass: its goal, and whether block reductions are computed in it or known before. */
export interface LanePass {
  readonly graph: LaneGraph
  /** Store the outputs, or combine these nodes' operands: one number a unit and node. */
  readonly goal: 'outputs' | readonly ReduceNode[]
  /**
   * Nothing depends on blocks: block reductions of earlier passes come as scalars, and a unit is any run of
   * weights. For formulas without block reductions, and for blocks so long that they are shared out among
   * threads.
   */
  readonly flat: boolean
}

/** A pass in the order in which it is computed. */
export interface PassPlan {
  /** Names of the inputs by weight that are read. */
  readonly arrays: readonly string[]
  /** Values known before the pass, in the record's order: scalar inputs, totals, earlier reductions. */
  readonly scalars: readonly LaneNode[]
  /** Names of the outputs that are stored. */
  readonly outputs: readonly string[]
  /** All that is computed or known, in topological order. */
  readonly nodes: readonly LaneNode[]
  /** Literals and values of the call, in topological order. */
  readonly once: readonly LaneNode[]
  /** Reductions of the block, and the values of the block that can be computed after each level. */
  readonly levels: readonly Level[]
  /** The rate of a node in this pass. */
  rate(node: LaneNode): Rate
}

/** Order what a pass computes. */
export function planPass({ graph, goal, flat }: LanePass): PassPlan {
  const known = (node: LaneNode): boolean =>
    isReduction(node, 'call', 'tensor') || (flat && isReduction(node, 'block'))
  const roots = goal === 'outputs' ? Object.values(graph.outputs) : goal.map(({ of }) => of)
  const { nodes, levels } = levelsOf(roots, ['block'], known)
  const rate = (node: LaneNode): Rate => (flat && node.rate === 'block' ? 'call' : node.rate)
  return Object.freeze({
    arrays: nodes.flatMap((node) => (node.kind === 'input' && node.rate === 'element' ? [node.name] : [])),
    scalars: nodes.filter((node) => known(node) || (node.kind === 'input' && node.rate !== 'element')),
    outputs: goal === 'outputs' ? Object.keys(graph.outputs) : [],
    nodes,
    once: nodes.filter((node) => isOnce({ rate: rate(node) })),
    levels,
    rate,
  } satisfies PassPlan)
}
