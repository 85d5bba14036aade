// Nodes of a formula as SIMD instructions on four weights. Comes in: a node whose operands are known or computable.
// Goes out: instructions that leave its value on the stack. Source: docs/design/02-lanes.md (meaning of the nodes).

import type { LaneGraph, LaneNode } from '@lotion/core'
import { SIMD, TYPE, type FunctionWriter } from './function-writer.js'

// min and max are pmin and pmax by definition: b < a ? b : a and a < b ? b : a.
const UNARY: Readonly<Record<string, number>> = {
  // abs clears the sign bit: see `hoistBits`.
  abs: SIMD.and,
  sqrt: SIMD.f32x4Sqrt,
  floor: SIMD.f32x4Floor,
  // binade keeps the exponent's bits: see `binadeForm`.
  binade: SIMD.and,
}
const BINARY: Readonly<Record<string, number>> = {
  add: SIMD.f32x4Add,
  sub: SIMD.f32x4Sub,
  mul: SIMD.f32x4Mul,
  div: SIMD.f32x4Div,
  min: SIMD.f32x4PMin,
  max: SIMD.f32x4PMax,
}
const REDUCTIONS: readonly string[] = ['blockMax', 'blockSum', 'tensorMax', 'tensorSum', 'total']

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
    if (node.kind === 'unary' && !Object.hasOwn(UNARY, node.op)) return node.op
    if (node.kind === 'binary' && !Object.hasOwn(BINARY, node.op)) return node.op
    if (node.kind === 'reduce' && !REDUCTIONS.includes(node.how)) return node.how
    if (!KINDS.includes(node.kind)) return node.kind
  }
  return undefined
}

const KINDS: readonly string[] = ['input', 'literal', 'unary', 'binary', 'less', 'reduce']

/** Bit patterns that code keeps at hand: V8 makes the masks of f32x4.abs and f32x4.neg anew at each use. */
const BITS = Object.freeze({ magnitude: 0x7fffffff, sign: -(2 ** 31), exponent: 0x7f800000 })

/** Put the bit patterns that expressions use into locals of the scope; once a function, before its loops. */
export function hoistBits(code: FunctionWriter, scope: Scope): void {
  for (const [key, bits] of Object.entries(BITS)) {
    const local = code.local(TYPE.v128)
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

/** Writes the nodes of one straight run of code: a value that is needed twice is computed once and kept in a local. */
export class VectorExpression {
  private readonly uses = new Map<LaneNode | string, number>()
  private readonly forms = new Map<LaneNode, Form>()

  /**
   * `roots` are the nodes that will be pushed, each as often as it is listed; `load` pushes an input by weight.
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

  /** Push a mask: all bits of the lanes in which a choice between 0 and 1 is 1. */
  pushOnes(node: Choice): void {
    this.mask(selectForm(node).mask!)
    if (isLiteral(node.no, 1)) this.code.simd(SIMD.not)
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
    const kept = this.code.local(TYPE.v128)
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

  /** Chosen when first asked for: what is at hand then is not looked into. What it is made of may be out of reach. */
  private form(node: LaneNode): Form {
    const form = this.forms.get(node) ?? formOf(node, (operand) => this.scope.find(operand) !== undefined)
    this.forms.set(node, form)
    return form
  }

  private mask({ key, of }: Mask): void {
    this.once(key, () => {
      of.forEach((side) => this.push(side))
      this.code.simd(SIMD.f32x4Lt)
    })
  }
}

/** The lanes in which a condition holds: equal conditions share a mask. */
interface Mask {
  readonly key: string
  readonly of: readonly [LaneNode, LaneNode]
}

type Choice = LaneNode & { readonly kind: 'less' }

/** Tell whether a value is 0 or 1 by a condition, so that a sum of it is a count. */
export function isZeroOrOne(node: LaneNode): node is Choice {
  if (node.kind !== 'less') return false
  return (
    (isLiteral(node.yes, 0) && isLiteral(node.no, 1)) || (isLiteral(node.yes, 1) && isLiteral(node.no, 0))
  )
}

/** How a node is computed: operands on the stack, then a mask, then instructions. */
interface Form {
  readonly args: readonly LaneNode[]
  readonly mask?: Mask
  emit(code: FunctionWriter, bits: (name: keyof typeof BITS) => FunctionWriter): void
}

/** Choose the shortest instructions that give the same bits. */
function formOf(node: LaneNode, atHand: (operand: LaneNode) => boolean): Form {
  switch (node.kind) {
    case 'literal':
      return { args: [], emit: (code) => code.splat(node.value) }
    case 'unary':
      if (node.op === 'binade') return binadeForm(node.a)
      if (node.op !== 'abs') return plain(UNARY[node.op]!, node.a)
      return { args: [node.a], emit: (_, bits) => bits('magnitude').simd(SIMD.and) }
    case 'binary':
      return binaryForm(node, atHand)
    case 'less':
      return selectForm(node)
    case 'input':
    case 'reduce':
      // Inputs by weight are loaded by who knows where; all else is in the scope.
      return { args: [], emit: () => undefined }
  }
}

function plain(instruction: number, ...args: readonly LaneNode[]): Form {
  return { args, emit: (code) => code.simd(instruction) }
}

/** The exponent's bits alone are the binade; of a subnormal number after an exact scaling. A NaN stays one. */
function binadeForm(a: LaneNode): Form {
  const emit: Form['emit'] = (code, bits) => {
    const [x, result] = [code.local(TYPE.v128), code.local(TYPE.v128)]
    code.tee(x)
    bits('exponent').simd(SIMD.and).set(result)
    code
      .get(x)
      .splat(2 ** 24)
      .simd(SIMD.f32x4Mul)
    bits('exponent').simd(SIMD.and)
    code.splat(2 ** -24).simd(SIMD.f32x4Mul)
    // Without exponent bits: a subnormal number, or 0.
    code.get(result, result).splat(0).simd(SIMD.f32x4Eq).simd(SIMD.bitselect)
    code.get(x, x).simd(SIMD.f32x4Ne).simd(SIMD.or)
  }
  return { args: [a], emit }
}

/** Changing a sign is exact: x + (−y) is x − y. So is dividing by a power of two as multiplying by its inverse. */
function binaryForm(node: LaneNode & { kind: 'binary' }, atHand: (operand: LaneNode) => boolean): Form {
  const { op, a, b } = node
  const [minusA, minusB] = [a, b].map((operand) => (atHand(operand) ? undefined : negatedBy(operand)))
  const negated = negatedBy(node)
  if (negated) return { args: [negated], emit: (_, bits) => bits('sign').simd(SIMD.xor) }
  const flip = op === 'mul' ? (flipped(a, b, atHand) ?? flipped(b, a, atHand)) : undefined
  if (flip) return flip
  if (op === 'add' && minusB) return plain(SIMD.f32x4Sub, a, minusB)
  if (op === 'add' && minusA) return plain(SIMD.f32x4Sub, b, minusA)
  if (op === 'sub' && minusB) return plain(SIMD.f32x4Add, a, minusB)
  if (op === 'div' && b.kind === 'literal' && isPowerOfTwo(b.value)) {
    return { args: [a], emit: (code) => code.splat(1 / b.value).simd(SIMD.f32x4Mul) }
  }
  return plain(BINARY[op]!, a, b)
}

function maskOf(a: LaneNode, b: LaneNode): Mask {
  return { key: `${a.id}<${b.id}`, of: [a, b] }
}

/** A choice between x and −x flips the sign bit; a choice between x and +0, whose bits are zeros, masks x. */
function selectForm(node: Choice): Form {
  const { a, b, yes, no } = node
  const mask = maskOf(a, b)
  if (isLiteral(yes, 0)) return { args: [no], mask, emit: (code) => code.simd(SIMD.andNot) }
  if (isLiteral(no, 0)) return { args: [yes], mask, emit: (code) => code.simd(SIMD.and) }
  if (negatedBy(yes) === no || negatedBy(no) === yes) {
    return {
      args: [negatedBy(yes) === no ? no : yes],
      mask,
      emit: (code, bits) => {
        if (negatedBy(yes) !== no) code.simd(SIMD.not)
        bits('sign').simd(SIMD.and).simd(SIMD.xor)
      },
    }
  }
  return { args: [yes, no], mask, emit: (code) => code.simd(SIMD.bitselect) }
}

/** x times a choice between −1 and 1: a sign flipped where a condition holds. */
function flipped(x: LaneNode, sign: LaneNode, atHand: (operand: LaneNode) => boolean): Form | undefined {
  if (sign.kind !== 'less' || atHand(sign)) return undefined
  const { a, b, yes, no } = sign
  const isMinus = isLiteral(yes, -1) && isLiteral(no, 1)
  if (!isMinus && !(isLiteral(yes, 1) && isLiteral(no, -1))) return undefined
  return {
    args: [x],
    mask: maskOf(a, b),
    emit: (code, bits) => {
      if (!isMinus) code.simd(SIMD.not)
      bits('sign').simd(SIMD.and).simd(SIMD.xor)
    },
  }
}

/** x, if the node is −1 · x. */
function negatedBy(node: LaneNode): LaneNode | undefined {
  if (node.kind !== 'binary' || node.op !== 'mul') return undefined
  return isLiteral(node.b, -1) ? node.a : isLiteral(node.a, -1) ? node.b : undefined
}

function isLiteral(node: LaneNode, value: number): boolean {
  return node.kind === 'literal' && Object.is(node.value, value)
}

/** Powers of two whose inverse is a normal f32 number too. */
function isPowerOfTwo(value: number): boolean {
  const exponent = Math.round(Math.log2(Math.abs(value)))
  return Math.abs(exponent) <= 126 && Math.abs(value) === 2 ** exponent
}
