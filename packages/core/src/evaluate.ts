// The living definition of every formula: node by node, in f64 or as the f32 twin that rounds after each
// node. Comes in: lane functions with arrays. Goes out: arrays. Source: docs/design/02-lanes.md.

import { flatLayout, weightsOf, type BlockLayout } from './blocks.js'
import { trace, type LaneFn } from './lanes/lane.js'
import { isReduction, isTotal, operandsOf, laneReductions, type LaneNode, type Rate } from './lanes/node.js'
import { binade } from './numbers/binade.js'
import { sumInOrder } from './numbers/sums.js'
import { blockMembers, countOf } from './schedule/block-walk.js'
import { stagesOf, totalStages } from './schedule/totals.js'

/** One call to evaluate: numbers for scalars, arrays (any length-n list) for weights. */
export interface EvaluateCall {
  /** The formula. */
  readonly fn: LaneFn
  /** Every input (one value a weight) and scalar (a number) by name. */
  readonly inputs: Readonly<Record<string, ArrayLike<number> | number>>
  /** Blocks of the weights; without it all weights are one block. */
  readonly layout?: BlockLayout
}

/** Round as the arithmetic does. */
export type Rounding = (x: number) => number

/** The arithmetic: `f64` is the definition, `f32` what 32-bit executors must equal bit for bit. */
export type Arithmetic = 'f64' | 'f32'

/** How each arithmetic rounds. */
export const rounding: Readonly<Record<Arithmetic, Rounding>> = Object.freeze({
  f64: (x: number) => x,
  f32: Math.fround,
})

/** The arithmetics of an evaluation, the definition first. */
export const allArithmetics: readonly Arithmetic[] = Object.freeze(['f64', 'f32'] as const)

/**
 * Evaluate lane functions: totals of one name add up over the calls.
 * Outputs are one value per weight, per block or per call, by the rate of the formula's output.
 * @param calls Formulas with their arrays; arrays of one call have the same length.
 * @param arithmetic What every operation is rounded to: `f64` not at all, `f32` as 32-bit executors round.
 * @throws TypeError if an input is missing or a total depends on itself, RangeError if arrays differ in
 * length or from the layout.
 * @example
 * ```ts
 * import { defineLanes, evaluate } from '@lotion/core'
 *
 * const half = defineLanes({
 *   name: 'half',
 *   inputs: ['w'],
 *   outputs: ['w'],
 *   body: ({ w }) => ({ w: w.mul(0.5) }),
 * })
 * const [out] = evaluate([{ fn: half, inputs: { w: [1, 2] } }])
 * console.log(out!['w']) // 0.5, 1
 * ```
 */
export function evaluate(
  calls: readonly EvaluateCall[],
  arithmetic: Arithmetic = 'f64',
): readonly Record<string, Float64Array>[] {
  const round = rounding[arithmetic]
  const stages = totalStages(calls.map((call) => trace(call.fn)))
  const states = calls.map((call) => new CallState(call, round, stages))
  for (let stage = 0; stage <= stages.length; stage++) {
    const sums = new Map<string, number>()
    for (const state of states) {
      for (const [name, part] of state.run(stage)) sums.set(name, (sums.get(name) ?? 0) + part)
    }
    for (const state of states) state.settle(stage, sums)
  }
  return states.map((state) => state.outputs())
}

/** The values of one call's nodes, filled stage by stage: a total ends a stage. */
class CallState {
  readonly nodes: readonly LaneNode[]
  private readonly values = new Map<LaneNode, Float64Array>()
  private readonly stages: ReadonlyMap<LaneNode, number>
  private readonly layout: BlockLayout
  private readonly blockOfIndex: Uint32Array
  private readonly members: readonly (readonly number[])[]

  constructor(
    private readonly call: EvaluateCall,
    private readonly round: Rounding,
    stages: readonly (readonly string[])[],
  ) {
    this.nodes = trace(call.fn).nodes
    this.stages = stagesOf(trace(call.fn), stages)
    const length = lengthOf(call)
    this.layout = call.layout ?? flatLayout(length)
    const { outer, length: line, inner } = this.layout
    if (weightsOf(this.layout) !== length) {
      throw new RangeError(
        `${call.fn.name}: layout: expected ${length} weights, found ${outer} × ${line} × ${inner}`,
      )
    }
    this.members = blockMembers(this.layout)
    this.blockOfIndex = new Uint32Array(length)
    this.members.forEach((indices, block) => indices.forEach((i) => (this.blockOfIndex[i] = block)))
  }

  run(stage: number): readonly (readonly [name: string, part: number])[] {
    const parts: [string, number][] = []
    for (const node of this.nodes) {
      if (this.stages.get(node) !== stage) continue
      if (isTotal(node)) parts.push([node.name, this.total(node.of)])
      else this.values.set(node, this.compute(node))
    }
    return parts
  }

  settle(stage: number, sums: ReadonlyMap<string, number>): void {
    for (const node of this.nodes) {
      if (isTotal(node) && this.stages.get(node) === stage) {
        this.values.set(node, Float64Array.of(this.round(sums.get(node.name)!)))
      }
    }
  }

  outputs(): Record<string, Float64Array> {
    return Object.fromEntries(
      Object.entries(trace(this.call.fn).outputs).map(([name, node]) => [name, this.values.get(node)!]),
    )
  }

  private total(of: LaneNode): number {
    return this.members.reduce((sum, indices) => sum + this.sum(of, indices), 0)
  }

  private sum(of: LaneNode, indices: readonly number[]): number {
    return sumInOrder(indices.length, (k) => this.at(of, indices[k]!))
  }

  /** The largest value over some weights, or all; at least 0. */
  private largest(of: LaneNode, indices: Iterable<number> = this.blockOfIndex.keys()): number {
    let max = 0
    for (const i of indices) {
      const value = this.at(of, i)
      if (max < value) max = value
    }
    return max
  }

  /** The node's value for weight i. */
  private at(node: LaneNode, i: number): number {
    const values = this.values.get(node)!
    return node.rate === 'element'
      ? values[i]!
      : node.rate === 'block'
        ? values[this.blockOfIndex[i]!]!
        : values[0]!
  }

  private compute(node: LaneNode): Float64Array {
    if (node.kind === 'literal') return Float64Array.of(this.round(node.value))
    if (node.kind === 'input') return this.input(node.name, node.rate)
    if (isReduction(node)) {
      const { of } = node
      const { over, keeps } = laneReductions[node.how]
      if (over !== 'block')
        return Float64Array.of(keeps === 'max' ? this.largest(of) : this.round(this.total(of)))
      return Float64Array.from(this.members, (indices) =>
        keeps === 'max' ? this.largest(of, indices) : this.round(this.sum(of, indices)),
      )
    }
    const { round } = this
    const out = new Float64Array(countOf(node.rate, this.layout))
    switch (node.kind) {
      case 'unary': {
        const [meaning, a] = [unaryOperations[node.op], this.spread(node.a, node.rate)]
        for (let j = 0; j < out.length; j++) out[j] = round(meaning(a[j]!))
        return out
      }
      case 'binary': {
        const [meaning, a, b] = [
          binaryOperations[node.op],
          this.spread(node.a, node.rate),
          this.spread(node.b, node.rate),
        ]
        for (let j = 0; j < out.length; j++) out[j] = round(meaning(a[j]!, b[j]!))
        return out
      }
      case 'less': {
        const [a, b, yes, no] = operandsOf(node).map((operand) => this.spread(operand, node.rate)) as [
          Float64Array,
          Float64Array,
          Float64Array,
          Float64Array,
        ]
        for (let j = 0; j < out.length; j++) out[j] = a[j]! < b[j]! ? yes[j]! : no[j]!
        return out
      }
    }
  }

  /** A node's values, repeated so often that there are as many as of a higher rate. */
  private spread(node: LaneNode, rate: Rate): Float64Array {
    const values = this.values.get(node)!
    if (node.rate === rate) return values
    const out = new Float64Array(countOf(rate, this.layout))
    if (node.rate !== 'block') return out.fill(values[0]!)
    for (let j = 0; j < out.length; j++) out[j] = values[this.blockOfIndex[j]!]!
    return out
  }

  private input(name: string, rate: string): Float64Array {
    const given = this.call.inputs[name]
    if (given === undefined) throw new TypeError(`${this.call.fn.name}: input '${name}' is missing`)
    if (rate === 'element') {
      if (typeof given === 'number') return new Float64Array(this.blockOfIndex.length).fill(this.round(given))
      return Float64Array.from(given, this.round)
    }
    if (typeof given !== 'number' && given.length !== 1) {
      throw new RangeError(
        `${this.call.fn.name}: scalar '${name}': expected a single value, found ${given.length}`,
      )
    }
    return Float64Array.of(this.round(typeof given === 'number' ? given : given[0]!))
  }
}

/** Meaning of the one-operand nodes on numbers. */
const unaryOperations = { abs: Math.abs, sqrt: Math.sqrt, floor: Math.floor, binade } as const

/** Meaning of the two-operand nodes on numbers. */
const binaryOperations = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  min: (a: number, b: number) => (b < a ? b : a),
  max: (a: number, b: number) => (a < b ? b : a),
} as const

function lengthOf(call: EvaluateCall): number {
  let length: number | undefined
  for (const name of call.fn.inputs) {
    const given = call.inputs[name]
    if (given === undefined || typeof given === 'number') continue
    if (length !== undefined && given.length !== length) {
      throw new RangeError(
        `${call.fn.name}: input '${name}': expected ${length} weights as in the other inputs, found ${given.length}`,
      )
    }
    length = given.length
  }
  const { layout } = call
  return length ?? (layout ? weightsOf(layout) : 1)
}
