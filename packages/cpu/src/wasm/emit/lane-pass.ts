// What one pass over the weights has to compute, and when: once a call, once a block, in which loop over a block.
// Comes in: a formula's graph and the goal. Goes out: a plan that the emitter writes down. Source: docs/design/07-cpu.md.

import { isTotal, operandsOf, reachable, type LaneGraph, type LaneNode, type Rate } from '@lotion/core'

/** A node that combines weights: over a block, or over the call. */
export type ReduceNode = LaneNode & { readonly kind: 'reduce' }

/** One pass: its goal, and whether block reductions are computed in it or known before. */
export interface LanePass {
  readonly graph: LaneGraph
  /** Store the outputs, or combine these nodes' operands: one number a unit and node. */
  readonly goal: 'outputs' | readonly ReduceNode[]
  /**
   * Nothing depends on blocks: block reductions of earlier passes come as scalars, and a unit is any run of weights.
   * For formulas without block reductions, and for blocks so long that they are shared out among threads.
   */
  readonly flat: boolean
}

/** Reductions that share a loop over the block's weights. */
export interface Level {
  readonly sums: readonly ReduceNode[]
  readonly maxima: readonly ReduceNode[]
}

/** A pass in the order in which it is computed. */
export interface PassPlan {
  /** Names of the inputs by weight that are read. */
  readonly arrays: readonly string[]
  /** Values known before the pass, in the order of their record: scalar inputs, totals, reductions of passes before. */
  readonly scalars: readonly LaneNode[]
  /** Names of the outputs that are stored. */
  readonly outputs: readonly string[]
  /** All that is computed or known, in topological order. */
  readonly nodes: readonly LaneNode[]
  /** Literals and values of the call, in topological order. */
  readonly once: readonly LaneNode[]
  readonly levels: readonly Level[]
  /** Values of the block that can be computed after each level, in topological order. */
  readonly afterLevel: readonly (readonly LaneNode[])[]
  /** The rate of a node in this pass. */
  rate(node: LaneNode): Rate
}

/** Tell whether a node combines the weights of a block. */
function isBlockReduction(node: LaneNode): node is ReduceNode {
  return node.kind === 'reduce' && (node.how === 'blockMax' || node.how === 'blockSum')
}

/** Tell whether a node combines the weights of a tensor: one value a call, known before the passes that need it. */
export function isTensorReduction(node: LaneNode): node is ReduceNode {
  return node.kind === 'reduce' && (node.how === 'tensorMax' || node.how === 'tensorSum')
}

/** Tell whether a reduction keeps the largest value; else it adds up. */
export function isMaximum({ how }: ReduceNode): boolean {
  return how === 'blockMax' || how === 'tensorMax'
}

/** Order what a pass computes. */
export function planPass({ graph, goal, flat }: LanePass): PassPlan {
  const known = (node: LaneNode): boolean =>
    isTotal(node) || isTensorReduction(node) || (flat && isBlockReduction(node))
  const roots = goal === 'outputs' ? Object.values(graph.outputs) : goal.map(({ of }) => of)
  const nodes = reachable(roots, known)
  const rate = (node: LaneNode): Rate => (flat && node.rate === 'block' ? 'call' : node.rate)
  const isScalar = (node: LaneNode): boolean =>
    known(node) || (node.kind === 'input' && node.rate !== 'element')
  const depth = depths(nodes, known)
  const found: { sums: ReduceNode[]; maxima: ReduceNode[] }[] = []
  const afterLevel: LaneNode[][] = []
  for (const node of nodes) {
    if (known(node) || rate(node) !== 'block') continue
    const at = depth.get(node)! - 1
    const level = (found[at] ??= { sums: [], maxima: [] })
    if (!isBlockReduction(node)) (afterLevel[at] ??= []).push(node)
    else (isMaximum(node) ? level.maxima : level.sums).push(node)
  }
  return Object.freeze({
    arrays: nodes.flatMap((node) => (node.kind === 'input' && node.rate === 'element' ? [node.name] : [])),
    scalars: nodes.filter(isScalar),
    outputs: goal === 'outputs' ? Object.keys(graph.outputs) : [],
    nodes,
    once: nodes.filter((node) => rate(node) === 'literal' || rate(node) === 'call'),
    levels: found,
    afterLevel: found.map((_, at) => afterLevel[at] ?? []),
    rate,
  } satisfies PassPlan)
}

/** How many nested block reductions a value needs. */
function depths(
  nodes: readonly LaneNode[],
  known: (node: LaneNode) => boolean,
): ReadonlyMap<LaneNode, number> {
  const depth = new Map<LaneNode, number>()
  for (const node of nodes) {
    const below = known(node) ? 0 : Math.max(0, ...operandsOf(node).map((operand) => depth.get(operand) ?? 0))
    depth.set(node, below + (isBlockReduction(node) && !known(node) ? 1 : 0))
  }
  return depth
}
