// Derivatives of formulas: graph → graph, by reverse accumulation through per-weight and per-block nodes.
// Comes in: a lane y and lanes to differentiate by. Goes out: ∂(Σ y)/∂x as lanes of the same formula.
// Source: docs/design/02-lanes.md (reverse mode: the slope through a block's scale falls on its maximum).

import { builderOf, operandsOf, reachable, type Lane, type LaneNode, type Rate } from './lane.js'

/** Choose what is treated as a constant. */
export interface GradientOptions {
  /** Lanes through which no derivative flows. */
  readonly hold?: readonly Lane[]
}

/**
 * Differentiate the sum of `y` over all weights by `x`: the lane ∂(Σ_j y_j)/∂x_i.
 * A zero that follows from the formula's structure makes no nodes. `floor` and the condition of `less` have slope 0;
 * a block maximum passes its slope to the weights that attain it, in equal shares.
 */
export function gradient(y: Lane, x: Lane, options: GradientOptions = {}): Lane {
  const held = new Set((options.hold ?? []).map((lane) => lane.node))
  const builder = builderOf(y)
  const lane = (node: LaneNode): Lane => builder.of(node)
  const order = reachable([y.node], (node) => held.has(node) || node === x.node)
  const needed = dependents(order, x.node)
  // Slopes by the rate of the consumer: what comes from weights must be summed before it reaches a block's value.
  const slopes = new Map<LaneNode, Map<Rate, Lane>>()

  const give = (to: LaneNode, from: LaneNode, slope: Lane): void => {
    if (!needed.has(to) || held.has(to)) return
    const rates = slopes.get(to) ?? new Map<Rate, Lane>()
    const sofar = rates.get(from.rate)
    rates.set(from.rate, sofar ? sofar.add(slope) : slope)
    slopes.set(to, rates)
  }

  const gathered = (node: LaneNode): Lane | undefined => {
    let sum: Lane | undefined
    for (const [rate, slope] of slopes.get(node) ?? []) {
      const part = collect(slope, rate, node.rate)
      sum = sum ? sum.add(part) : part
    }
    return sum
  }

  if (needed.has(y.node)) slopes.set(y.node, new Map([[y.node.rate, builder.literal(1)]]))
  for (const node of [...order].reverse()) {
    const slope = gathered(node)
    if (!slope || node === x.node) continue
    pass(node, slope, lane, (to, part) => give(to, node, part))
  }
  return gathered(x.node) ?? builder.literal(0)
}

/** Sum a slope from the rate of the values that use a node to the node's own rate. */
function collect(slope: Lane, from: Rate, to: Rate): Lane {
  if (from === to || to === 'element') return slope
  if (to === 'block') return slope.blockSum()
  throw new TypeError('gradient: no derivative by a value that is constant over a call')
}

/** Mark the nodes through which x matters. */
function dependents(order: readonly LaneNode[], x: LaneNode): ReadonlySet<LaneNode> {
  const found = new Set<LaneNode>([x])
  for (const node of order) if (operandsOf(node).some((operand) => found.has(operand))) found.add(node)
  return found
}

/** Hand a node's slope to its operands: the derivative of each operation. */
function pass(
  node: LaneNode,
  slope: Lane,
  lane: (node: LaneNode) => Lane,
  give: (to: LaneNode, part: Lane) => void,
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
          give(node.b, slope.mul(lane(node)).div(b).mul(-1))
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
      if (node.how === 'total') throw new TypeError(`gradient: no derivative through the total '${node.name}'; hold it`)
      if (node.how === 'blockSum') return give(node.of, slope)
      const attains = lane(node.of).less(lane(node), 0, 1)
      give(node.of, attains.mul(slope.div(attains.blockSum())))
    }
  }
}
