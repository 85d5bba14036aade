// The language of per-weight formulas: immutable expressions, written once and folded by every executor.
// Comes in: a formula's body. Goes out: a graph of nodes shared by structure (hash-consing).
// Source: docs/design/02-lanes.md.

import { refuseUnknownKeys } from '../checks/refuse-unknown-keys.js'
import {
  higherRate,
  reachable,
  laneReductions,
  type BinaryOp,
  type LaneGraph,
  type LaneNode,
  type Rate,
  type Reduction,
  type UnaryOp,
} from './node.js'

/** A lane or a number; numbers are lifted, and rounded to f32 once by f32 executors. */
export type Operand = Lane | number

/** One value per weight: an immutable expression. */
export interface Lane {
  /** Its place in the graph of its formula. */
  readonly node: LaneNode
  /** this + b. @param b A lane of the same formula, or a number. */
  add(b: Operand): Lane
  /** this − b. @param b A lane of the same formula, or a number. */
  sub(b: Operand): Lane
  /** this · b. @param b A lane of the same formula, or a number. */
  mul(b: Operand): Lane
  /** this / b. @param b A lane of the same formula, or a number. 0 gives ±∞ or NaN. */
  div(b: Operand): Lane
  /**
   * b < a ? b : a. A NaN in either keeps a: the same on every executor.
   * @param b A lane of the same formula, or a number.
   */
  min(b: Operand): Lane
  /** a < b ? b : a. @param b A lane of the same formula, or a number. */
  max(b: Operand): Lane
  /** Magnitude; −0 becomes 0. */
  abs(): Lane
  /** Square root; NaN below 0. */
  sqrt(): Lane
  /** Largest whole number that is not larger. */
  floor(): Lane
  /** Largest power of two ≤ |this|; 0 for 0, ∞ for ±∞. Exact, subnormals included. */
  binade(): Lane
  /**
   * this < b ? yes : no. The only branch.
   * @param b What this is compared with. A NaN on either side chooses `no`.
   * @param yes Value where this < b; `no` is computed all the same.
   * @param no Value elsewhere.
   */
  less(b: Operand, yes: Operand, no: Operand): Lane
  /** Largest value in the block, at least 0: for magnitudes. */
  blockMax(): Lane
  /** Sum over the block. */
  blockSum(): Lane
  /** Largest value in the tensor, at least 0: for magnitudes. */
  tensorMax(): Lane
  /** Sum over the tensor. */
  tensorSum(): Lane
  /**
   * Sum over all weights of all tensors of the call; parts with the same name add up to one number.
   * @param name What the sum is called; calls that run together share it by this name.
   */
  total(name: string): Lane
}

/** A formula applied to every weight: inputs by weight and by call → outputs. */
export interface LaneFn<In extends string = string, Sc extends string = string, Out extends string = string> {
  /** Stands in error messages and in names of compiled code. */
  readonly name: string
  /** One value per weight. */
  readonly inputs: readonly In[]
  /** One value per call. */
  readonly scalars: readonly Sc[]
  /** Names of what `body` returns: one value a weight, a block or a call, by what it is made of. */
  readonly outputs: readonly Out[]
  /**
   * The formula: outputs from inputs and scalars. It runs once, with symbolic lanes.
   * @param x A lane for every input and every scalar, by name.
   */
  body(x: Readonly<Record<In | Sc, Lane>>): Readonly<Record<Out, Lane>>
}

/**
 * Make a lane function; the record is frozen.
 * @param fn Name, inputs, outputs and body; scalars if it has any. Names are each used once.
 * @throws TypeError if a key is unknown.
 * @example
 * ```ts
 * import { defineLanes, evaluate } from '@lotion/core'
 *
 * // A step of gradient descent.
 * const descend = defineLanes({
 *   name: 'descend',
 *   inputs: ['w', 'g'],
 *   scalars: ['rate'],
 *   outputs: ['w'],
 *   body: ({ w, g, rate }) => ({ w: w.sub(g.mul(rate)) }),
 * })
 * console.log(evaluate([{ fn: descend, inputs: { w: [1, 2], g: [1, -1], rate: 0.5 } }])) // w: 0.5, 2.5
 * ```
 */
export function defineLanes<In extends string, Out extends string, Sc extends string = never>(
  fn: Omit<LaneFn<In, Sc, Out>, 'scalars'> & { readonly scalars?: readonly Sc[] },
): LaneFn<In, Sc, Out> {
  refuseUnknownKeys(fn.name, fn, { name: true, inputs: true, scalars: true, outputs: true, body: true })
  return Object.freeze({ ...fn, scalars: fn.scalars ?? [] })
}

type Draft = LaneNode extends infer N ? (N extends LaneNode ? Omit<N, 'id' | 'rate'> : never) : never

/** Operands by their place, numbers by all their bits. What may hold a comma, a name, is the last part. */
const keyPart = (part: LaneNode | string | number): string => {
  if (typeof part === 'object') return `#${part.id}`
  return Object.is(part, -0) ? '-0' : String(part)
}

/** Collects the nodes of one trace; equal nodes are made once. */
class LaneBuilder {
  private readonly known = new Map<string, Lane>()
  private readonly lanes = new Map<LaneNode, Lane>()

  make(rate: Rate, draft: Draft): Lane {
    const key = `${rate},${Object.values(draft).map(keyPart).join()}`
    const found = this.known.get(key)
    if (found) return found
    const node = Object.freeze({ ...draft, id: this.lanes.size, rate }) as LaneNode
    const lane = new TracedLane(this, node)
    this.known.set(key, lane)
    this.lanes.set(node, lane)
    return lane
  }

  literal(value: number): Lane {
    return this.make('literal', { kind: 'literal', value })
  }

  of(node: LaneNode): Lane {
    const lane = this.lanes.get(node)
    if (!lane) throw new TypeError('node: expected a node of the same formula')
    return lane
  }

  lift(x: Operand): LaneNode {
    if (typeof x === 'number') return this.literal(x).node
    if (!(x instanceof TracedLane) || x.builder !== this) {
      throw new TypeError(
        'operand: expected a lane of the same formula or a number; a lane cannot outlive the trace that made it',
      )
    }
    return x.node
  }
}

/** The builder's own view of an expression: every method adds a node. */
class TracedLane implements Lane {
  constructor(
    readonly builder: LaneBuilder,
    readonly node: LaneNode,
  ) {}

  /** JavaScript's own operators would make NaN of an expression, or text, without a word. */
  [Symbol.toPrimitive](): never {
    throw new TypeError(
      'lane: expected a method, found an operator: for a - b, 2 * a, a < b write a.sub(b), a.mul(2), a.less(b, …)',
    )
  }

  private binary(op: BinaryOp, operand: Operand): Lane {
    const b = this.builder.lift(operand)
    if (op === 'mul' && isOne(b)) return this
    if (op === 'mul' && isOne(this.node)) return this.builder.of(b)
    if (op === 'div' && isOne(b)) return this
    return this.builder.make(higherRate(this.node.rate, b.rate), { kind: 'binary', op, a: this.node, b })
  }

  private unary(op: UnaryOp): Lane {
    return this.builder.make(this.node.rate, { kind: 'unary', op, a: this.node })
  }

  private reduce(how: Reduction, name = ''): Lane {
    const rate = laneReductions[how].over === 'block' ? 'block' : 'call'
    return this.builder.make(rate, { kind: 'reduce', how, of: this.node, name })
  }

  add = (b: Operand): Lane => this.binary('add', b)
  sub = (b: Operand): Lane => this.binary('sub', b)
  mul = (b: Operand): Lane => this.binary('mul', b)
  div = (b: Operand): Lane => this.binary('div', b)
  min = (b: Operand): Lane => this.binary('min', b)
  max = (b: Operand): Lane => this.binary('max', b)
  abs = (): Lane => this.unary('abs')
  sqrt = (): Lane => this.unary('sqrt')
  floor = (): Lane => this.unary('floor')
  binade = (): Lane => this.unary('binade')
  blockMax = (): Lane => this.reduce('blockMax')
  blockSum = (): Lane => this.reduce('blockSum')
  tensorMax = (): Lane => this.reduce('tensorMax')
  tensorSum = (): Lane => this.reduce('tensorSum')
  total = (name: string): Lane => this.reduce('total', name)

  less(b: Operand, yes: Operand, no: Operand): Lane {
    const [limit, then, otherwise] = [this.builder.lift(b), this.builder.lift(yes), this.builder.lift(no)]
    if (then === otherwise) return this.builder.of(then)
    const rate = [limit, then, otherwise].reduce<Rate>((r, n) => higherRate(r, n.rate), this.node.rate)
    return this.builder.make(rate, { kind: 'less', a: this.node, b: limit, yes: then, no: otherwise })
  }
}

/** Multiplying or dividing by 1 is exact: the only arithmetic identity that is safe to drop. */
function isOne(node: LaneNode): boolean {
  return node.kind === 'literal' && node.value === 1
}

/** What makes the lanes of one formula. */
export interface LaneSource {
  /** The lane of a constant. */
  literal(value: number): Lane
  /** The lane of a node of the same formula. */
  of(node: LaneNode): Lane
}

/**
 * Reach what made a lane; for folds that extend a formula, such as `gradient`. Told by its members: a module
 * that a loader runs by itself may bring a second copy of this package, whose lanes are no instances of this
 * one's class.
 */
export function builderOf(lane: Lane): LaneSource {
  if (!isTraced(lane)) throw new TypeError('lane: expected a lane made by trace()')
  return lane.builder
}

const isTraced = (lane: Lane): lane is TracedLane => 'builder' in lane && 'node' in lane

const traced = new WeakMap<LaneFn, LaneGraph>()

/**
 * Run a formula's body once with symbolic lanes and return its graph, nodes not needed by an output left out.
 * The result is remembered per function value.
 * @param fn Its body must depend on nothing but its lanes, since it does not run again.
 * @throws TypeError if an output declared by the formula is missing from what its body returns, or a name is
 * declared twice.
 * @example
 * ```ts
 * import { castNearest, trace } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 *
 * console.log(trace(castNearest(int4)).nodes.length, 'operations and numbers')
 * ```
 */
export function trace(fn: LaneFn): LaneGraph {
  const known = traced.get(fn)
  if (known) return known
  const twice = fn.inputs.find((name) => fn.scalars.includes(name))
  if (twice !== undefined) {
    throw new TypeError(
      `${fn.name}: '${twice}' is declared both as an input and as a scalar; keep one of them`,
    )
  }
  const builder = new LaneBuilder()
  const x: Record<string, Lane> = {}
  for (const name of fn.inputs) x[name] = builder.make('element', { kind: 'input', name })
  for (const name of fn.scalars) x[name] = builder.make('call', { kind: 'input', name })
  const result = fn.body(x)
  const outputs: Record<string, LaneNode> = {}
  for (const name of fn.outputs) {
    const lane = result[name]
    if (lane === undefined)
      throw new TypeError(`${fn.name}: output '${name}' is declared but its body does not return it`)
    outputs[name] = builder.lift(lane)
  }
  const graph = Object.freeze({
    name: fn.name,
    nodes: reachable(Object.values(outputs)),
    outputs: Object.freeze(outputs),
  })
  traced.set(fn, graph)
  return graph
}
