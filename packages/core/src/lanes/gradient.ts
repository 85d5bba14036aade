// Derivatives of formulas: graph → graph, by reverse accumulation through per-weight, per-block and
// per-tensor nodes. Comes in: a lane y and lanes to differentiate by. Goes out: ∂(Σ y)/∂x as lanes of the
// same formula.
// Source: docs/design/02-lanes.md (reverse mode: the slope through a block's scale falls on its maximum).

import { builderOf, type Lane, type LaneSource } from './lane.js'
import {
  isMaximum,
  isReduction,
  isTotal,
  operandsOf,
  reachable,
  laneReductions,
  type LaneNode,
  type Rate,
} from './node.js'
import {
  added,
  dividedBy,
  unitProduct,
  parted,
  productLane,
  sameBelow,
  scaled,
  times,
  type Product,
} from './product.js'

/** Choose what is treated as a constant. */
export interface GradientOptions {
  /** Lanes through which no derivative flows. */
  readonly hold?: readonly Lane[]
}

/**
 * Differentiate the sum of `y` by `x`: the lane ∂(Σ_j y_j)/∂x_i, j over all weights (or blocks, if `y` is one
 * value a block; a single term, if `y` is one value a call, such as a total). `x` counts as independent: what
 * else depends on its operands is held. A zero that follows from the formula's structure makes no nodes.
 * `floor`, `binade` and the condition of `less` have slope 0, `abs` has slope 1 at 0, a tie of `min` or `max`
 * belongs to the first operand, a maximum over a block or tensor passes its slope to the weights that attain
 * it, in equal shares. A branch that `less` does not take gets slope 0 times its own derivative: keep that
 * finite by guarding the operand (divide by `d.less(b, 1, d)`), not the result.
 * @param y What is summed: one value a weight, a block or a call.
 * @param x What it is differentiated by, of the same formula as `y`.
 * @param options Lanes that are held, as constants.
 * @throws TypeError if `x` or a held lane is of another formula, or if a weight's or block's value on the way
 * from `x` to `y` reads a total, or `x` itself, that is one value a call: its slope would be a sum over all
 * tensors.
 * @example
 * ```ts
 * import { defineLanes, evaluate, gradient } from '@lotion/core'
 *
 * const slope = defineLanes({
 *   name: 'slope of x²',
 *   inputs: ['x'],
 *   outputs: ['slope'],
 *   body: ({ x }) => ({ slope: gradient(x.mul(x), x) }),
 * })
 * console.log(evaluate([{ fn: slope, inputs: { x: [3] } }])) // slope: 6
 * ```
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
  // What is constant over the sum multiplies it afterwards.
  const collect = (slope: Product, from: Rate, to: Rate): Product => {
    if (to === from || to === 'element' || (to === 'block' && from === 'call')) return slope
    const { often, rest } = parted(slope, to === 'block' ? 'element' : 'block')
    const value = productLane(often, builder)
    if (to === 'block') return times(rest, value.blockSum(), builder)
    if (from === 'block') return times(rest, value.div(builder.literal(1).blockSum()).tensorSum(), builder)
    return times(rest, value.tensorSum(), builder)
  }
  // Slopes by the rate of the consumer.
  const slopes = new Map<LaneNode, Map<Rate, readonly Product[]>>()

  const give = (to: LaneNode, from: LaneNode, part: Product): void => {
    if (!needed.has(to)) return
    // A block reduction reads its operand once a weight, whatever the rate of its result.
    const rate = isReduction(from) ? 'element' : from.rate
    const rates = slopes.get(to) ?? new Map<Rate, readonly Product[]>()
    const sofar = rates.get(rate) ?? []
    // One sum for what has the same factors after it.
    const same = sofar.findIndex((product) => to.rate === rate || sameBelow(product, part, rate))
    const sum = same < 0 ? part : added(sofar[same]!, part, builder)
    rates.set(rate, [...sofar.filter((_, i) => i !== same), sum])
    slopes.set(to, rates)
  }

  const gathered = (node: LaneNode): Product | undefined => {
    let sum: Product | undefined
    for (const [rate, products] of slopes.get(node) ?? []) {
      if (node.rate === 'call' && rate !== 'call' && shared.has(node))
        throw new TypeError(callMessage(order, needed))
      for (const product of products) {
        const part = collect(product, rate, node.rate)
        sum = sum ? added(sum, part, builder) : part
      }
    }
    return sum
  }

  if (needed.has(y.node)) slopes.set(y.node, new Map([[y.node.rate, [unitProduct]]]))
  for (const node of [...order].reverse()) {
    const slope = gathered(node)
    if (!slope || node === x.node) continue
    pass(node, slope, builder, (to, part) => give(to, node, part))
  }
  const slope = gathered(x.node)
  return slope ? productLane(slope, builder) : builder.literal(0)
}

/** Say why a slope by a value constant over a call is not available: it would sum over all tensors. */
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

/** Mark values that are one number for all tensors of a call: slopes by them would sum over all tensors. */
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
  slope: Product,
  source: LaneSource,
  give: (to: LaneNode, part: Product) => void,
): void {
  const lane = (of: LaneNode): Lane => source.of(of)
  const by = (factor: Lane): Product => times(slope, factor, source)
  // A choice between the slope and 0 is one of its factors by weight; those of the block stay outside.
  const chosen = (rate: Rate, choose: (value: Lane) => Lane): Product => {
    const { often, rest } = parted(slope, rate)
    const isPlain = often.over.length + often.under.length === 0
    return isPlain
      ? times(unitProduct, choose(productLane(rest, source)), source)
      : times(rest, choose(productLane(often, source)), source)
  }
  switch (node.kind) {
    case 'input':
    case 'literal':
      return
    case 'unary':
      if (node.op === 'abs') give(node.a, by(lane(node.a).less(0, -1, 1)))
      if (node.op === 'sqrt') give(node.a, scaled(dividedBy(slope, lane(node)), 0.5))
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
          give(node.b, scaled(slope, -1))
          return
        case 'mul':
          give(node.a, by(b))
          give(node.b, by(a))
          return
        case 'div':
          give(node.a, dividedBy(slope, b))
          give(node.b, scaled(dividedBy(by(lane(node)), b), -1))
          return
        case 'min':
          give(
            node.a,
            chosen(node.rate, (value) => b.less(a, 0, value)),
          )
          give(
            node.b,
            chosen(node.rate, (value) => b.less(a, value, 0)),
          )
          return
        case 'max':
          give(
            node.a,
            chosen(node.rate, (value) => a.less(b, 0, value)),
          )
          give(
            node.b,
            chosen(node.rate, (value) => a.less(b, value, 0)),
          )
          return
      }
      return
    }
    case 'less': {
      const [a, b] = [lane(node.a), lane(node.b)]
      give(
        node.yes,
        chosen(node.rate, (value) => a.less(b, value, 0)),
      )
      give(
        node.no,
        chosen(node.rate, (value) => a.less(b, 0, value)),
      )
      return
    }
    case 'reduce': {
      if (!isMaximum(node)) return give(node.of, slope)
      const [of, largest] = [lane(node.of), lane(node)]
      const attains = of.less(largest, 0, 1)
      const ties = laneReductions[node.how].over === 'block' ? attains.blockSum() : attains.tensorSum()
      // No weight attains the maximum where all values are below 0, its least value.
      const share = productLane(dividedBy(slope, ties.max(1)), source)
      give(node.of, times(unitProduct, of.less(largest, 0, share), source))
    }
  }
}
