// Products of lanes as slopes are made of: factors of different rates are multiplied as late as possible, so
// that what is constant over a block is multiplied once a block. Comes in: factors and divisors. Goes out:
// lanes.
// Source: docs/design/02-lanes.md (derivatives).

import type { Lane, LaneSource } from './lane.js'
import { isHigher, laneRates, type Rate } from './node.js'

/** coefficient · Π over / Π under. */
export interface Product {
  readonly coefficient: number
  readonly over: readonly Lane[]
  readonly under: readonly Lane[]
}

/** The number 1. */
export const unitProduct: Product = Object.freeze({ coefficient: 1, over: [], under: [] })

/** Multiply by a number. */
export function scaled(product: Product, by: number): Product {
  return { ...product, coefficient: product.coefficient * by }
}

/** Multiply by a lane; one that multiplies values of different rates falls into its factors. */
export function times(product: Product, lane: Lane, source: LaneSource): Product {
  const { node } = lane
  if (node.kind === 'literal') return scaled(product, node.value)
  if (node.kind === 'binary' && node.op === 'mul' && node.a.rate !== node.b.rate)
    return times(times(product, source.of(node.a), source), source.of(node.b), source)
  return { ...product, over: [...product.over, lane] }
}

/** Divide by a lane. */
export function dividedBy(product: Product, lane: Lane): Product {
  if (lane.node.kind === 'literal') return scaled(product, 1 / lane.node.value)
  return { ...product, under: [...product.under, lane] }
}

/** Part a product: what changes at least as often as `rate` says, and all else with the coefficient. */
export function parted(product: Product, rate: Rate): { readonly often: Product; readonly rest: Product } {
  const isOften = ({ node }: Lane): boolean => !isHigher(rate, node.rate)
  const { coefficient, over, under } = product
  return {
    often: { coefficient: 1, over: over.filter(isOften), under: under.filter(isOften) },
    rest: {
      coefficient,
      over: over.filter((lane) => !isOften(lane)),
      under: under.filter((lane) => !isOften(lane)),
    },
  }
}

/** Multiply two products. */
export function multiplied(p: Product, q: Product): Product {
  return {
    coefficient: p.coefficient * q.coefficient,
    over: [...p.over, ...q.over],
    under: [...p.under, ...q.under],
  }
}

/** Add two products; factors that they share stay factors of the sum. */
export function added(p: Product, q: Product, source: LaneSource): Product {
  const [over, under] = [common(p.over, q.over), common(p.under, q.under)]
  const rest = (x: Product): Product => ({
    coefficient: x.coefficient,
    over: without(x.over, over),
    under: without(x.under, under),
  })
  const [a, b] = [rest(p), rest(q)]
  if ([a, b].every((x) => x.over.length + x.under.length === 0))
    return { coefficient: a.coefficient + b.coefficient, over, under }
  if (Math.abs(a.coefficient) !== Math.abs(b.coefficient))
    return { coefficient: 1, over: [...over, productLane(a, source).add(productLane(b, source))], under }
  const [plainA, plainB] = [a, b].map((x) => productLane({ ...x, coefficient: 1 }, source)) as [Lane, Lane]
  const sum = a.coefficient === b.coefficient ? plainA.add(plainB) : plainA.sub(plainB)
  return { coefficient: a.coefficient, over: [...over, sum], under }
}

/** Tell whether two products have the same factors below a rate: a sum of them has these factors too. */
export function sameBelow(p: Product, q: Product, rate: Rate): boolean {
  const [a, b] = [parted(p, rate).rest, parted(q, rate).rest]
  const equal = (x: readonly Lane[], y: readonly Lane[]): boolean =>
    x.length === y.length && common(x, y).length === x.length
  return equal(a.over, b.over) && equal(a.under, b.under)
}

/**
 * Write a product as a lane: rate by rate, the lowest first, so that a weight is multiplied by one factor for
 * its block. A divisor divides the factors of its own rate; if there are none, the product: its inverse alone
 * might overflow.
 */
export function productLane({ coefficient, over, under }: Product, source: LaneSource): Lane {
  let known: Lane | undefined
  let late: readonly Lane[] = []
  for (const rate of laneRates) {
    const at = (lanes: readonly Lane[]): Lane[] => lanes.filter(({ node }) => node.rate === rate)
    const factors = at(over)
    late = [...late, ...at(under)]
    const [first, ...others] = factors
    if (!first) continue
    let own = others.reduce((value, factor) => value.mul(factor), first)
    if (!known) {
      if (coefficient !== 1) own = own.mul(coefficient)
    } else own = own.mul(known)
    known = late.reduce((value, divisor) => value.div(divisor), own)
    late = []
  }
  return late.reduce((value, divisor) => value.div(divisor), known ?? source.literal(coefficient))
}

function common(a: readonly Lane[], b: readonly Lane[]): readonly Lane[] {
  const left = [...b]
  return a.filter((lane) => {
    const at = left.indexOf(lane)
    if (at < 0) return false
    left.splice(at, 1)
    return true
  })
}

function without(lanes: readonly Lane[], taken: readonly Lane[]): readonly Lane[] {
  const left = [...taken]
  return lanes.filter((lane) => {
    const at = left.indexOf(lane)
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}
