// Derivatives of formulas: graph → graph, by reverse accumulation through per-weight, per-block and per-tensor nodes.
// Comes in: a lane y and lanes to differentiate by. Goes out: ∂(Σ y)/∂x as lanes of the same formula.
// Source: docs/design/02-lanes.md (reverse mode: the slope through a block's scale falls on its maximum).

import { builderOf, operandsOf, reachable, type Lane, type LaneNode, type Rate } from './lane.js'
import { isTotal } from './totals.js'

/** Choose what is treated as a constant. */
export interface GradientOptions {
  /** Lanes through which no derivative flows. */
  readonly hold?: readonly Lane[]
}

/**
 * Differentiate the sum of `y` by `x`: the lane ∂(Σ_j y_j)/∂x_i, j over all weights (or blocks, if `y` is one value a
 * block; a single term, if `y` is one value a call, such as a total).
 * `x` counts as independent: what else depends on its operands is held. A zero that follows from the formula's
 * structure makes no nodes. `floor`, `binade` and the condition of `less` have slope 0, `abs` has slope 1 at 0, a tie of `min` or
 * `max` belongs to the first operand, a maximum over a block or tensor passes its slope to the weights that attain it, in equal shares.
 * A branch that `less` does not take gets slope 0 times its own derivative: keep that finite by guarding the operand
 * (divide by `d.less(b, 1, d)`), not the result.
 * @throws if `x` or a held lane is of another formula, or if a weight's or block's value on the way from `x` to `y` reads
 * a total, or `x` itself, that is one value a call: its slope would be a sum over all tensors.
 */
export function gradient(y: Lane, x: Lane, options: GradientOptions = {}): Lane {
  const builder = builderOf(y)
  const lane = (node: LaneNode): Lane => builder.of(node)
  const held = new Set((options.hold ?? []).map((constant) => lane(constant.node).node))
  lane(x.node)
  const order = reachable([y.node], (node) => held.has(node) || node === x.node)
  const needed = dependents(order, x.node, held)
  const shared = sharedByTensors(order, x.node, needed)
  // What comes from weights or blocks to a value of the block or the tensor is summed; a block counts once.
  const collect = (slope: Lane, from: Rate, to: Rate): Lane => {
    if (to === 'block' && from === 'element') return slope.blockSum()
    if (to === 'call' && from === 'element') return slope.tensorSum()
    if (to === 'call' && from === 'block') return slope.div(builder.literal(1).blockSum()).tensorSum()
    return slope
  }
  // Slopes by the rate of the consumer.
  const slopes = new Map<LaneNode, Map<Rate, Lane>>()

  const add = (to: LaneNode, rate: Rate, slope: Lane): void => {
    const rates = slopes.get(to) ?? new Map<Rate, Lane>()
    const sofar = rates.get(rate)
    rates.set(rate, sofar ? sofar.add(slope) : slope)
    slopes.set(to, rates)
  }

  const give = (to: LaneNode, from: LaneNode, part: Lane, finish?: (sum: Lane) => Lane): void => {
    if (!needed.has(to)) return
    // A block reduction reads its operand once a weight, whatever the rate of its result.
    const rate = from.kind === 'reduce' ? 'element' : from.rate
    if (!finish) return add(to, rate, part)
    // What is left to do with values of the block alone is done once a block, after the sum.
    if (to.rate === 'block' && rate === 'element') return add(to, 'block', finish(part.blockSum()))
    add(to, rate, finish(part))
  }

  const gathered = (node: LaneNode): Lane | undefined => {
    let sum: Lane | undefined
    for (const [rate, slope] of slopes.get(node) ?? []) {
      if (node.rate === 'call' && rate !== 'call' && shared.has(node))
        throw new TypeError(callMessage(order, needed))
      const part = collect(slope, rate, node.rate)
      sum = sum ? sum.add(part) : part
    }
    return sum
  }

  if (needed.has(y.node)) slopes.set(y.node, new Map([[y.node.rate, builder.literal(1)]]))
  for (const node of [...order].reverse()) {
    const slope = gathered(node)
    if (!slope || node === x.node) continue
    pass(node, slope, lane, (to, part, finish) => give(to, node, part, finish))
  }
  return gathered(x.node) ?? builder.literal(0)
}

/** Say why a slope by a value that is constant over a call is not available: it would need a sum over all tensors. */
function callMessage(order: readonly LaneNode[], needed: ReadonlySet<LaneNode>): string {
  const total = order.find((node) => isTotal(node) && needed.has(node))
  if (total && isTotal(total)) return `gradient: no derivative through the total '${total.name}'; hold it`
  return 'gradient: no derivative by a value that is constant over a call'
}

/** Mark the nodes through which x matters; x itself always does. */
function dependents(
  order: readonly LaneNode[],
  x: LaneNode,
  held: ReadonlySet<LaneNode>,
): ReadonlySet<LaneNode> {
  const found = new Set<LaneNode>([x])
  for (const node of order) {
    if (!held.has(node) && operandsOf(node).some((operand) => found.has(operand))) found.add(node)
  }
  return found
}

/** Mark values that are one number for all tensors of a call: slopes by them would be sums over all tensors. */
function sharedByTensors(
  order: readonly LaneNode[],
  x: LaneNode,
  needed: ReadonlySet<LaneNode>,
): ReadonlySet<LaneNode> {
  const found = new Set<LaneNode>()
  for (const node of order) {
    if (!needed.has(node) || node.rate !== 'call') continue
    if (node === x || isTotal(node) || operandsOf(node).some((operand) => found.has(operand))) found.add(node)
  }
  return found
}

/** Hand a node's slope to its operands: the derivative of each operation. */
function pass(
  node: LaneNode,
  slope: Lane,
  lane: (node: LaneNode) => Lane,
  give: (to: LaneNode, part: Lane, finish?: (sum: Lane) => Lane) => void,
): void {
  switch (node.kind) {
    case 'input':
    case 'literal':
      return
    case 'unary':
      if (node.op === 'abs') give(node.a, lane(node.a).less(0, slope.mul(-1), slope))
      if (node.op === 'sqrt') give(node.a, slope.div(lane(node).mul(2)))
      return
    case 'binary': {
      const [a, b] = [lane(node.a), lane(node.b)]
      switch (node.op) {
        case 'add':
          give(node.a, slope)
          give(node.b, slope)
          return
        case 'sub':
          give(node.a, slope)
          give(node.b, slope.mul(-1))
          return
        case 'mul':
          give(node.a, slope.mul(b))
          give(node.b, slope.mul(a))
          return
        case 'div':
          give(node.a, slope.div(b))
          give(node.b, slope.mul(lane(node)), (sum) => sum.div(b).mul(-1))
          return
        case 'min':
          give(node.a, b.less(a, 0, slope))
          give(node.b, b.less(a, slope, 0))
          return
        case 'max':
          give(node.a, a.less(b, 0, slope))
          give(node.b, a.less(b, slope, 0))
          return
      }
      return
    }
    case 'less': {
      const [a, b] = [lane(node.a), lane(node.b)]
      give(node.yes, a.less(b, slope, 0))
      give(node.no, a.less(b, 0, slope))
      return
    }
    case 'reduce': {
      if (node.how !== 'blockMax' && node.how !== 'tensorMax') return give(node.of, slope)
      const attains = lane(node.of).less(lane(node), 0, 1)
      const ties = node.how === 'blockMax' ? attains.blockSum() : attains.tensorSum()
      // No weight attains the maximum where all values are below 0, its least value.
      give(node.of, attains.mul(slope.div(ties.max(1))))
    }
  }
}
