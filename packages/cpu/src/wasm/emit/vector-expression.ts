// Nodes of a formula as SIMD instructions on four weights. Comes in: a node whose operands are known or
// computable. Goes out: instructions that leave its value on the stack. Source: docs/design/02-lanes.md
// (meaning of the nodes).

import { laneReductions, type LaneGraph, type LaneNode } from '@lotion/core'
import { simd, valueType, type FunctionWriter } from './function-writer.js'
import {
  binaryOpcode,
  floatBits,
  formOf,
  maskOf,
  unaryOpcode,
  type Choice,
  type Form,
  type Mask,
} from './node-forms.js'

/** Nodes of a formula, at most: values of the block must fit the scratch memory. */
const MOST_NODES = 1024

/** Say why a formula has no SIMD form here; `undefined` if it has. */
export function withoutSimd(graph: LaneGraph): string | undefined {
  const known = checked.get(graph)
  if (known !== undefined) return known.reason
  const operation = firstWithoutSimd(graph)
  const reason =
    graph.nodes.length > MOST_NODES
      ? `${graph.nodes.length} operations, at most ${MOST_NODES} are compiled`
      : operation && `'${operation}' has no WebAssembly form`
  checked.set(graph, { reason })
  return reason
}

const checked = new WeakMap<LaneGraph, { readonly reason: string | undefined }>()

function firstWithoutSimd(graph: LaneGraph): string | undefined {
  for (const node of graph.nodes) {
    if (node.kind === 'unary' && !Object.hasOwn(unaryOpcode, node.op)) return node.op
    if (node.kind === 'binary' && !Object.hasOwn(binaryOpcode, node.op)) return node.op
    if (node.kind === 'reduce' && !Object.hasOwn(laneReductions, node.how)) return node.how
    if (!vectorKinds.includes(node.kind)) return node.kind
  }
  return undefined
}

const vectorKinds: readonly string[] = ['input', 'literal', 'unary', 'binary', 'less', 'reduce']

/** Put the bit patterns that expressions use into locals of the scope; once a function, before its loops. */
export function hoistBits(code: FunctionWriter, scope: Scope): void {
  for (const [key, bits] of Object.entries(floatBits)) {
    const local = code.local(valueType.v128)
    code.words(bits, bits, bits, bits).set(local)
    scope.keep(key, local)
  }
}

/** Values in locals: those of this scope, then those of the scopes around it. */
export class Scope {
  private readonly locals = new Map<LaneNode | string, number>()

  constructor(private readonly outer?: Scope) {}

  find(key: LaneNode | string): number | undefined {
    return this.locals.get(key) ?? this.outer?.find(key)
  }

  keep(key: LaneNode | string, local: number): void {
    this.locals.set(key, local)
  }
}

/** Writes the nodes of one straight run of code: a value needed twice is computed once, into a local. */
export class VectorExpression {
  private readonly uses = new Map<LaneNode | string, number>()
  private readonly forms = new Map<LaneNode, Form>()

  /**
   * `roots` are the nodes that will be pushed, each as often as it is listed; `load` pushes an input by
   * weight.
   */
  constructor(
    private readonly code: FunctionWriter,
    private readonly scope: Scope,
    roots: readonly LaneNode[],
    private readonly load: (name: string) => void,
  ) {
    for (const root of roots) this.count(root)
  }

  /** Push a node's value. */
  push(node: LaneNode): void {
    this.once(node, () => this.compute(node))
  }

  /** Push a choice's mask: all bits of the lanes in which its condition holds. */
  pushMask(node: Choice): void {
    this.mask(maskOf(node.a, node.b))
  }

  private count(node: LaneNode): void {
    if (!this.first(node)) return
    const { args, mask } = this.form(node)
    args.forEach((arg) => this.count(arg))
    if (mask && this.first(mask.key)) mask.of.forEach((side) => this.count(side))
  }

  /** Count a use; the first one is the one that computes. */
  private first(key: LaneNode | string): boolean {
    if (this.scope.find(key) !== undefined) return false
    const seen = this.uses.get(key) ?? 0
    this.uses.set(key, seen + 1)
    return seen === 0
  }

  private once(key: LaneNode | string, compute: () => void): void {
    const local = this.scope.find(key)
    if (local !== undefined) return void this.code.get(local)
    compute()
    if ((this.uses.get(key) ?? 0) < 2) return
    const kept = this.code.local(valueType.v128)
    this.code.tee(kept)
    this.scope.keep(key, kept)
  }

  private compute(node: LaneNode): void {
    if (node.kind === 'input') return this.load(node.name)
    const { args, mask, emit } = this.form(node)
    args.forEach((arg) => this.push(arg))
    if (mask) this.mask(mask)
    emit(this.code, (bits) => this.code.get(this.scope.find(bits)!))
  }

  /** Chosen at the first request. A value computed by then is used as it is: its operands may be gone. */
  private form(node: LaneNode): Form {
    const form = this.forms.get(node) ?? formOf(node, (operand) => this.scope.find(operand) !== undefined)
    this.forms.set(node, form)
    return form
  }

  private mask({ key, of }: Mask): void {
    this.once(key, () => {
      of.forEach((side) => this.push(side))
      this.code.simd(simd.f32x4Lt)
    })
  }
}
