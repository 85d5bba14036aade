// What both kinds of kernels have in common: values hoisted by rate, arrays, stores, accumulators of sums and
// maxima. Comes in: a plan. Goes out: pieces of a kernel's code. Source: docs/design/07-cpu.md.

import type { LaneGraph, LaneNode } from '@lotion/core'
import { FunctionWriter, op, simd, valueType, type Locals } from './function-writer.js'
import { recordLayout, recordWord, type RecordLayout } from './kernel-record.js'
import type { LanePass, PassPlan } from './lane-pass.js'
import { hoistBits, Scope, VectorExpression } from './vector-expression.js'

/** Parameters of a kernel: address of its record, first unit, end of units, scratch memory of its thread. */
export const param = Object.freeze({ record: 0, first: 1, end: 2, scratch: 3 })

/** A kernel's function, and the scratch memory it works in. */
export interface PassKernel {
  readonly run: FunctionWriter
  /** Bytes besides those for kept values. */
  readonly frameBytes: number
  /** Kept values: along, four bytes a weight of a group each, and 16 at the end; across, 16 a weight. */
  readonly spills: number
}

/** How many of a vector's four lanes are weights: all, or as many as a local says. */
export type Filled = 'full' | { readonly lanes: number }

/** Writes a kernel with its hoisted values; the loops are the business of its caller. */
export class PassWriter {
  readonly code: FunctionWriter
  readonly scope = new Scope()
  readonly graph: LaneGraph
  private readonly layout: RecordLayout
  private readonly addresses = new Map<string, number>()

  constructor(
    readonly pass: LanePass,
    readonly plan: PassPlan,
    params: readonly number[],
  ) {
    this.code = new FunctionWriter(params)
    this.graph = pass.graph
    this.layout = recordLayout(plan)
  }

  /** Load a word of the record into a new local. */
  word(position: number): number {
    const local = this.code.local(valueType.i32)
    this.code
      .get(param.record)
      .memory(op.i32Load, 4 * position)
      .set(local)
    return local
  }

  /** Load words of the record into new locals. */
  words<const P extends readonly number[]>(...positions: P): Locals<P['length']> {
    const locals: number[] = positions.map((position) => this.word(position))
    return locals as Locals<P['length']>
  }

  /** Compute all that is constant over the call. */
  hoist(): void {
    hoistBits(this.code, this.scope)
    for (const node of this.plan.once) {
      const at = this.plan.scalars.indexOf(node)
      if (at < 0) this.define(node, this.scope)
      else {
        this.code.get(param.record).vectorMemory(simd.load32Splat, 4 * (this.layout.scalars + at))
        this.keep(node, this.scope)
      }
    }
  }

  /** Load the addresses of the arrays: inputs, and outputs of the given rates. */
  bind(rates: readonly string[]): void {
    this.plan.arrays.forEach((name, i) => this.addresses.set(`x ${name}`, this.word(recordWord.arrays + i)))
    this.plan.outputs.forEach((name, i) => {
      if (rates.includes(this.plan.rate(this.output(name))))
        this.addresses.set(`y ${name}`, this.word(this.layout.outputs + i))
    })
  }

  output(name: string): LaneNode {
    const node = this.graph.outputs[name]
    if (!node) throw new TypeError(`${this.graph.name}: output '${name}' is not in its graph`)
    return node
  }

  /** Names of the outputs of a rate. */
  outputs(...rates: readonly string[]): readonly string[] {
    return this.plan.outputs.filter((name) => rates.includes(this.plan.rate(this.output(name))))
  }

  /** Compute a node into a local of the scope, from values of this scope and those around it. */
  define(node: LaneNode, scope: Scope): void {
    new VectorExpression(this.code, scope, [node], () => undefined).push(node)
    this.keep(node, scope)
  }

  /** Keep the vector on the stack as a node's value. */
  keep(node: LaneNode, scope: Scope): void {
    const local = this.code.local(valueType.v128)
    this.code.set(local)
    scope.keep(node, local)
  }

  /** The local with an array's address. */
  addressLocal(kind: 'x' | 'y', name: string): number {
    return this.addresses.get(`${kind} ${name}`)!
  }

  /** Read or write elsewhere from here on. */
  redirect(kind: 'x' | 'y', name: string, local: number): void {
    this.addresses.set(`${kind} ${name}`, local)
  }

  /** Push the address of an array's element at a byte offset. */
  address(kind: 'x' | 'y', name: string, offset: number): void {
    this.code.get(this.addressLocal(kind, name), offset).op(op.i32Add)
  }

  /** Expressions over the weights at a byte offset, and a constant number of bytes further. */
  expression(roots: readonly LaneNode[], scope: Scope, offset: number, further = 0): VectorExpression {
    return new VectorExpression(this.code, scope, roots, (name) => {
      this.address('x', name, offset)
      this.code.vectorMemory(simd.load, further)
    })
  }

  /** Store vectors, given by locals, at a byte offset: as many lanes of them as are weights. */
  store(
    outputs: readonly (readonly [name: string, local: number])[],
    offset: number,
    filled: Filled,
    further = 0,
  ): void {
    for (const [name, local] of outputs) {
      const put = (lane: number): void => {
        this.address('y', name, offset)
        this.code.get(local).vectorMemory(simd.store32Lane, 4 * lane, lane)
      }
      if (filled === 'full') {
        this.address('y', name, offset)
        this.code.get(local).vectorMemory(simd.store, further)
        continue
      }
      put(0)
      for (const lane of [1, 2])
        this.code
          .get(filled.lanes)
          .i32(lane)
          .op(op.i32GtU)
          .when(() => put(lane))
    }
  }

  /** Push the address of the partial of the goal's n-th node at an index held in a local. */
  partial(base: number, stride: number, n: number, index: number): void {
    this.code.get(base, stride).i32(n).op(op.i32Mul, op.i32Add).get(index).i32(3).op(op.i32Shl, op.i32Add)
  }
}

/** Push min(a, b) of two unsigned numbers in locals. */
export function pushLesser(code: FunctionWriter, a: number, b: number): void {
  code.get(a, b, a, b).op(op.i32LtU, op.select)
}
