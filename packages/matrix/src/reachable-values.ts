// Which results an executor of known errors may give: interval arithmetic over a formula's graph. Comes in:
// calls and bounds. Goes out: the least and the largest value of every output. Source: Moore 1966;
// docs/design/10-matrix.md, bounds. Each operation's interval holds what it gives for operands anywhere in
// theirs, rounded, and some units in the last place more. Where a jump (floor, a comparison) lies within an
// operand's interval, the values on both sides are in the result's.

import { trace, type EvaluateCall, type LaneNode, type ReduceNode } from '@lotion/core'
import {
  binade,
  blockMembers,
  flatLayout,
  isMaximum,
  isReduction,
  isTotal,
  operandsOf,
  sumInOrder,
  totalStages,
  ulpSteps,
} from '@lotion/core/internal'

/** How far single operations may be from correct rounding. */
export interface OperationErrors {
  /** Units in the last place by operation; 0 where not named. */
  readonly ulp?: Readonly<Record<string, number>>
  /** Subnormal numbers may be taken for 0. */
  readonly flushes?: boolean
}

/** A column's errors as its executor states them; none where all is rounded correctly and kept. */
export function statedErrors(bounds: OperationErrors = {}): { readonly errors?: OperationErrors } {
  const inexact = Object.values(bounds.ulp ?? {}).some((errors) => errors > 0)
  return inexact || bounds.flushes ? { errors: bounds } : {}
}

/** Least and largest values; −∞ and ∞ together stand for anything, a NaN included. */
export interface Range {
  readonly low: Float64Array
  readonly high: Float64Array
}

type Pair = readonly [low: number, high: number]
const anyNumber: Pair = [-Infinity, Infinity]
const LEAST_NORMAL = 2 ** -126

/** Tell whether a value is in place i of a range; zeros are equal. */
export function inRange({ low, high }: Range, i: number, value: number): boolean {
  const [l, h] = [low[i]!, high[i]!]
  if (l === -Infinity && h === Infinity) return true
  if (Number.isNaN(l)) return Number.isNaN(value)
  return l <= value && value <= h
}

const isPoint = ([low, high]: Pair): boolean => low === high || (Number.isNaN(low) && Number.isNaN(high))

/** The interval of the candidates; a NaN among them may be any value. */
function hull(...values: readonly number[]): Pair {
  return values.some(Number.isNaN) ? anyNumber : [Math.min(...values), Math.max(...values)]
}

function unary(op: string, a: Pair): Pair {
  const [low, high] = a
  if (isPoint(a)) {
    const f = { abs: Math.abs, sqrt: Math.sqrt, floor: Math.floor, binade }[op]!
    return [f(low), f(low)]
  }
  if (op === 'floor') return [Math.floor(low), Math.floor(high)]
  if (op === 'sqrt') return low < 0 ? anyNumber : [Math.sqrt(low), Math.sqrt(high)]
  const size = (x: number): number => (op === 'binade' ? binade(x) : Math.abs(x))
  const [p, q] = [size(low), size(high)]
  return [low < 0 && high > 0 ? 0 : Math.min(p, q), Math.max(p, q)]
}

const binaryOperations: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: (a, b) => (b < a ? b : a),
  max: (a, b) => (a < b ? b : a),
}

function binary(op: string, a: Pair, b: Pair): Pair {
  const [[al, ah], [bl, bh]] = [a, b]
  if (isPoint(a) && isPoint(b)) {
    const value = binaryOperations[op]!(al, bl)
    return [value, value]
  }
  switch (op) {
    case 'add':
      return hull(al + bl, ah + bh)
    case 'sub':
      return hull(al - bh, ah - bl)
    case 'mul':
      return hull(al * bl, al * bh, ah * bl, ah * bh)
    case 'div':
      if (!(bl > 0 || bh < 0)) return anyNumber
      return hull(al / bl, al / bh, ah / bl, ah / bh)
    case 'min':
      // A NaN keeps the first operand.
      if (Number.isNaN(al) || Number.isNaN(bl)) return a
      return [Math.min(al, bl), Math.min(ah, bh)]
    default:
      if (Number.isNaN(al) || Number.isNaN(bl)) return a
      return [Math.max(al, bl), Math.max(ah, bh)]
  }
}

/** a < b ? yes : no, or either where that is not certain. */
function choice(a: Pair, b: Pair, yes: Pair, no: Pair): Pair {
  if (a[1] < b[0]) return yes
  if (a[0] >= b[1] || (isPoint(a) && isPoint(b))) return no
  return isPoint(yes) && isPoint(no) && Number.isNaN(yes[0]) && Number.isNaN(no[0])
    ? yes
    : hull(...yes, ...no)
}

/** One call's intervals, node by node. */
class CallRanges {
  readonly members: readonly (readonly number[])[]
  private readonly blockOf: Uint32Array
  private readonly ranges = new Map<LaneNode, Range>()

  constructor(
    private readonly call: EvaluateCall,
    private readonly errors: OperationErrors | undefined,
  ) {
    const { fn, inputs, layout } = call
    const array = fn.inputs.map((name) => inputs[name]).find((given) => typeof given === 'object')
    this.members = blockMembers(layout ?? flatLayout(array?.length ?? 1))
    this.blockOf = new Uint32Array(this.members.reduce((sum, { length }) => sum + length, 0))
    this.members.forEach((indices, block) => indices.forEach((i) => (this.blockOf[i] = block)))
  }

  has(node: LaneNode): boolean {
    return this.ranges.has(node)
  }

  output(name: string): Range {
    return this.ranges.get(trace(this.call.fn).outputs[name]!)!
  }

  /** A node's interval at weight or block j of a node of the given rate. */
  private at(node: LaneNode, rate: string, j: number): Pair {
    const { low, high } = this.ranges.get(node)!
    const i = node.rate === rate ? j : node.rate === 'block' ? this.blockOf[j]! : 0
    return [low[i]!, high[i]!]
  }

  /** Widen what an operation gave by its error, and round. */
  private widened(op: string, pair: Pair): Pair {
    const [low, high] = this.known(pair)
    const steps = this.errors?.ulp?.[op] ?? 0
    // What is exactly 0 stays 0: errors are relative.
    const step = (x: number, by: number): number => (by === 0 || x === 0 ? x : ulpSteps(x, by))
    return this.flushed([step(low, -steps), step(high, steps)])
  }

  /** Round to f32; a device may assume that all numbers are finite (WGSL, floating-point evaluation). */
  private known([low, high]: Pair): Pair {
    const pair: Pair = [Math.fround(low), Math.fround(high)]
    return this.errors && !pair.every(Number.isFinite) ? anyNumber : pair
  }

  private flushed([low, high]: Pair): Pair {
    if (!this.errors?.flushes) return [low, high]
    return [low > 0 && low < LEAST_NORMAL ? 0 : low, high < 0 && high > -LEAST_NORMAL ? 0 : high]
  }

  set(node: LaneNode, range: Range): void {
    this.ranges.set(node, range)
  }

  compute(node: LaneNode): void {
    const count =
      node.rate === 'element' ? this.blockOf.length : node.rate === 'block' ? this.members.length : 1
    const range = { low: new Float64Array(count), high: new Float64Array(count) }
    for (let j = 0; j < count; j++) [range.low[j], range.high[j]] = this.pair(node, j)
    this.ranges.set(node, range)
  }

  private pair(node: LaneNode, j: number): Pair {
    const of = (operand: LaneNode): Pair => this.at(operand, node.rate, j)
    switch (node.kind) {
      case 'literal':
        return this.flushed([Math.fround(node.value), Math.fround(node.value)])
      case 'input': {
        const given = this.call.inputs[node.name]!
        const value = Math.fround(typeof given === 'number' ? given : given[j]!)
        return this.flushed([value, value])
      }
      case 'unary':
        return this.widened(node.op, unary(node.op, of(node.a)))
      case 'binary':
        return this.widened(node.op, binary(node.op, of(node.a), of(node.b)))
      case 'less':
        return choice(of(node.a), of(node.b), of(node.yes), of(node.no))
      case 'reduce':
        return this.reduced(node, isReduction(node, 'block') ? [this.members[j]!] : this.members)
    }
  }

  private reduced(node: ReduceNode, blocks: CallRanges['members']): Pair {
    if (isMaximum(node)) {
      let [low, high] = [0, 0]
      for (const i of blocks.flat()) {
        const [l, h] = this.at(node.of, 'element', i)
        if (low < l) low = l
        if (high < h) high = h
      }
      return this.flushed([low, high])
    }
    return this.rounded(this.sum(node.of, blocks))
  }

  /** A sum's interval, not rounded yet, with what adding in another order and precision may change. */
  sum(of: LaneNode, blocks = this.members): { readonly pair: Pair; readonly slack: number } {
    let [low, high, size, count] = [0, 0, 0, 0]
    for (const indices of blocks) {
      const side = (which: 0 | 1): number =>
        sumInOrder(indices.length, (k) => this.at(of, 'element', indices[k]!)[which])
      low += side(0)
      high += side(1)
      size += sumInOrder(indices.length, (k) =>
        Math.max(...this.at(of, 'element', indices[k]!).map(Math.abs)),
      )
      count += indices.length
    }
    const pair = Number.isNaN(low) !== Number.isNaN(high) ? anyNumber : ([low, high] as const)
    return { pair, slack: this.errors ? count * 2 ** -24 * size : 0 }
  }

  rounded({ pair: [low, high], slack }: ReturnType<CallRanges['sum']>): Pair {
    return this.flushed(this.known([low - slack, high + slack]))
  }
}

/**
 * Find the values that an f32 executor may give: without errors exactly the evaluation's. On an executor with
 * errors a sum may be taken in any order, in f32, and what is not finite may become anything.
 */
export function reachableValues(
  calls: readonly EvaluateCall[],
  errors?: OperationErrors,
): readonly Readonly<Record<string, Range>>[] {
  const states = calls.map((call) => new CallRanges(call, errors))
  const nodes = calls.map((call) => trace(call.fn).nodes)
  /** Compute what needs no unknown total. */
  const advance = (): void =>
    states.forEach((state, c) => {
      for (const node of nodes[c]!)
        if (!state.has(node) && !isTotal(node) && operandsOf(node).every((operand) => state.has(operand)))
          state.compute(node)
    })
  advance()
  for (const names of totalStages(calls.map((call) => trace(call.fn)))) {
    for (const name of names) {
      const parts = states.flatMap((state, c) =>
        nodes[c]!.filter((node) => isTotal(node) && node.name === name).map((node) => ({ state, node })),
      )
      const sums = parts.map(({ state, node }) => state.sum((node as LaneNode & { kind: 'reduce' }).of))
      const pair: Pair = [
        sums.reduce((sum, part) => sum + part.pair[0], 0),
        sums.reduce((sum, part) => sum + part.pair[1], 0),
      ]
      const slack = sums.reduce((sum, part) => sum + part.slack, 0)
      for (const { state, node } of parts) {
        const [low, high] = state.rounded({ pair, slack })
        state.set(node, { low: Float64Array.of(low), high: Float64Array.of(high) })
      }
    }
    advance()
  }
  return calls.map(({ fn }, c) =>
    Object.fromEntries(fn.outputs.map((name) => [name, states[c]!.output(name)])),
  )
}
