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
  /** Whose weights: of one block, of one tensor, or of all tensors of a call. */
  readonly over: 'block' | 'tensor' | 'call'
  /** Keep the largest value, or add up. */
  readonly keeps: 'max' | 'sum'
}

const rule = (over: ReductionRule['over'], keeps: ReductionRule['keeps']): ReductionRule =>
  Object.freeze({ over, keeps })

/**
 * Every reduction: over a block's weights, over the weights of one tensor (a call's own arrays), and `total`
 * over all weights of all tensors that run as one call. Schedules and emitters know reductions by these rules
 * alone.
 */
export const laneReductions = Object.freeze({
  /** Largest value of a block, at least 0. */
  blockMax: rule('block', 'max'),
  /** Sum over a block. */
  blockSum: rule('block', 'sum'),
  /** Largest value of a tensor, at least 0. */
  tensorMax: rule('tensor', 'max'),
  /** Sum over a tensor. */
  tensorSum: rule('tensor', 'sum'),
  /** Sum over all tensors of a call, by name. */
  total: rule('call', 'sum'),
})

/** Name a reduction. */
export type Reduction = keyof typeof laneReductions

/** Operations on one value; all exact but `sqrt`, which rounds correctly. */
export type UnaryOp = 'abs' | 'sqrt' | 'floor' | 'binade'
/** Operations on two values, correctly rounded; `min` and `max` choose one of the two. */
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max'

/** One node of a formula's graph. `id` orders nodes topologically: operands come first. */
export type LaneNode = {
  /** Its place in the graph: larger than those of its operands. */
  readonly id: number
  /** How often its value changes. */
  readonly rate: Rate
} & (
  | {
      /** A value from outside: an array or a scalar. */
      readonly kind: 'input'
      /** Name of the input or scalar, as the formula declares it. */
      readonly name: string
    }
  | {
      /** A number that stands in the formula. */
      readonly kind: 'literal'
      /** The number in f64; executors of f32 round it once. */
      readonly value: number
    }
  | {
      /** An operation on one value. */
      readonly kind: 'unary'
      /** Which operation. */
      readonly op: UnaryOp
      /** The operand. */
      readonly a: LaneNode
    }
  | {
      /** An operation on two values. */
      readonly kind: 'binary'
      /** Which operation. */
      readonly op: BinaryOp
      /** The operand on the left. */
      readonly a: LaneNode
      /** The operand on the right. */
      readonly b: LaneNode
    }
  | {
      /** A choice by comparison: a < b ? yes : no. */
      readonly kind: 'less'
      /** What is compared; with a NaN on either side the choice is `no`. */
      readonly a: LaneNode
      /** What it is compared with. */
      readonly b: LaneNode
      /** The value where a < b. */
      readonly yes: LaneNode
      /** The value elsewhere. */
      readonly no: LaneNode
    }
  | {
      /** A value made of those of many weights. */
      readonly kind: 'reduce'
      /** Which weights, and what is kept of them; see `laneReductions`. */
      readonly how: Reduction
      /** What is combined. */
      readonly of: LaneNode
      /** For a total: parts of one name add up to one number. Empty for all others. */
      readonly name: string
    }
)

/** A node that combines weights. */
export type ReduceNode = LaneNode & Readonly<Record<'kind', 'reduce'>>

/** A node that sums over all weights of all tensors of a call. */
export type TotalNode = ReduceNode & {
  /** A sum over all weights of all tensors of a call. */
  readonly how: 'total'
}

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
  /** Name of the formula. */
  readonly name: string
  /** What the outputs need, operands first. */
  readonly nodes: readonly LaneNode[]
  /** The node of each output, by its declared name. */
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
