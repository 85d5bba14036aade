// What formulas are made of: the nodes of a graph, how often each changes, and what each reduction does.
// Comes in: nothing. Goes out: types, and the two tables that whoever runs a graph goes by: rates,
// reductions. Source: docs/design/02-lanes.md.

/** How often a value changes, the least first: never, once a call, once a block, once a weight. */
export const laneRates = Object.freeze(['literal', 'call', 'block', 'element'] as const)

/** Say how often a value changes. */
export type Rate = (typeof laneRates)[number]

/** Tell whether a value of one rate changes more often than one of another. */
export function isHigher(rate: Rate, than: Rate): boolean {
  return laneRates.indexOf(rate) > laneRates.indexOf(than)
}

/** The higher of two rates: that of a value computed from both. */
export function higherRate(a: Rate, b: Rate): Rate {
  return isHigher(b, a) ? b : a
}

/** Tell whether a node is a single value for the whole call. */
export function isOnce({ rate }: Pick<LaneNode, 'rate'>): boolean {
  return !isHigher(rate, 'call')
}

/** Which weights a reduction combines: of a block, a tensor or all tensors of a call; and how. */
export interface ReductionRule {
  readonly over: 'block' | 'tensor' | 'call'
  /** Keep the largest value, or add up. */
  readonly keeps: 'max' | 'sum'
}

/**
 * Every reduction: over a block's weights, over the weights of one tensor (a call's own arrays), and `total`
 * over all weights of all tensors that run as one call. Schedules and emitters know reductions by these rules
 * alone.
 */
export const laneReductions = Object.freeze({
  blockMax: { over: 'block', keeps: 'max' },
  blockSum: { over: 'block', keeps: 'sum' },
  tensorMax: { over: 'tensor', keeps: 'max' },
  tensorSum: { over: 'tensor', keeps: 'sum' },
  total: { over: 'call', keeps: 'sum' },
} as const satisfies Readonly<Record<string, ReductionRule>>)

/** Name a reduction. */
export type Reduction = keyof typeof laneReductions

/** Operations on one value; all exact but `sqrt`, which rounds correctly. */
export type UnaryOp = 'abs' | 'sqrt' | 'floor' | 'binade'
/** Operations on two values, correctly rounded; `min` and `max` choose one of the two. */
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max'

/** One node of a formula's graph. `id` orders nodes topologically: operands come first. */
export type LaneNode = { readonly id: number; readonly rate: Rate } & (
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly a: LaneNode }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly a: LaneNode; readonly b: LaneNode }
  | {
      readonly kind: 'less'
      readonly a: LaneNode
      readonly b: LaneNode
      readonly yes: LaneNode
      readonly no: LaneNode
    }
  | { readonly kind: 'reduce'; readonly how: Reduction; readonly of: LaneNode; readonly name: string }
)

/** A node that combines weights. */
export type ReduceNode = LaneNode & { readonly kind: 'reduce' }

/** A node that sums over all weights of all tensors of a call. */
export type TotalNode = ReduceNode & { readonly how: 'total' }

/** Tell whether a node combines weights; with extents, whether it combines those of one of them. */
export function isReduction(node: LaneNode, ...over: readonly ReductionRule['over'][]): node is ReduceNode {
  return node.kind === 'reduce' && (over.length === 0 || over.includes(laneReductions[node.how].over))
}

/** Tell whether a reduction keeps the largest value; else it adds up. */
export function isMaximum({ how }: ReduceNode): boolean {
  return laneReductions[how].keeps === 'max'
}

/** Tell whether a node is a total. */
export function isTotal(node: LaneNode): node is TotalNode {
  return node.kind === 'reduce' && node.how === 'total'
}

/** A traced formula: its nodes in topological order and its outputs by name. */
export interface LaneGraph {
  readonly name: string
  readonly nodes: readonly LaneNode[]
  readonly outputs: Readonly<Record<string, LaneNode>>
}

/** List a node's operands, in a fixed order. */
export function operandsOf(node: LaneNode): readonly LaneNode[] {
  switch (node.kind) {
    case 'input':
    case 'literal':
      return []
    case 'unary':
      return [node.a]
    case 'binary':
      return [node.a, node.b]
    case 'less':
      return [node.a, node.b, node.yes, node.no]
    case 'reduce':
      return [node.of]
  }
}

/** Collect the nodes that the given ones need, themselves included, in topological order. */
export function reachable(
  roots: readonly LaneNode[],
  stop?: (node: LaneNode) => boolean,
): readonly LaneNode[] {
  const seen = new Set<LaneNode>()
  const open = [...roots]
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (!stop?.(node)) open.push(...operandsOf(node))
  }
  return [...seen].sort((a, b) => a.id - b.id)
}
