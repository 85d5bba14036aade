// The shortest SIMD instructions for each node of a formula that give the same bits. Comes in: a node, and
// which values are already computed. Goes out: operands, a mask, instructions.
// Source: docs/design/02-lanes.md (meaning of the nodes).

import type { LaneNode } from '@lotion/core'
import { simd, valueType, type FunctionWriter } from './function-writer.js'

// min and max are pmin and pmax by definition: b < a ? b : a and a < b ? b : a.
export const unaryOpcode: Readonly<Record<string, number>> = {
  // abs clears the sign bit: see `hoistBits`.
  abs: simd.and,
  sqrt: simd.f32x4Sqrt,
  floor: simd.f32x4Floor,
  // binade keeps the exponent's bits: see `binadeForm`.
  binade: simd.and,
}
export const binaryOpcode: Readonly<Record<string, number>> = {
  add: simd.f32x4Add,
  sub: simd.f32x4Sub,
  mul: simd.f32x4Mul,
  div: simd.f32x4Div,
  min: simd.f32x4PMin,
  max: simd.f32x4PMax,
}
/** Bit patterns that code keeps in locals: V8 makes the masks of f32x4.abs and f32x4.neg anew at each use. */
export const floatBits = Object.freeze({ magnitude: 0x7fffffff, sign: -(2 ** 31), exponent: 0x7f800000 })

/** The lanes in which a condition holds: equal conditions share a mask. */
export interface Mask {
  readonly key: string
  readonly of: readonly [LaneNode, LaneNode]
}

/** A node that chooses by a comparison. */
export type Choice = LaneNode & { readonly kind: 'less' }

/** Tell whether a choice is 1 where its condition does not hold. */
export function isOneOtherwise({ no }: Choice): boolean {
  return isLiteral(no, 1)
}

/** Tell whether a value is 0 or 1 by a condition, so that a sum of it is a count. */
export function isZeroOrOne(node: LaneNode): node is Choice {
  if (node.kind !== 'less') return false
  return (
    (isLiteral(node.yes, 0) && isLiteral(node.no, 1)) || (isLiteral(node.yes, 1) && isLiteral(node.no, 0))
  )
}

/** How a node is computed: operands on the stack, then a mask, then instructions. */
export interface Form {
  readonly args: readonly LaneNode[]
  readonly mask?: Mask
  emit(code: FunctionWriter, bits: (name: keyof typeof floatBits) => FunctionWriter): void
}

/** Choose the shortest instructions that give the same bits. */
export function formOf(node: LaneNode, atHand: (operand: LaneNode) => boolean): Form {
  switch (node.kind) {
    case 'literal':
      return { args: [], emit: (code) => code.splat(node.value) }
    case 'unary':
      if (node.op === 'binade') return binadeForm(node.a)
      if (node.op !== 'abs') return plain(unaryOpcode[node.op]!, node.a)
      return { args: [node.a], emit: (_, bits) => bits('magnitude').simd(simd.and) }
    case 'binary':
      return binaryForm(node, atHand)
    case 'less':
      return selectForm(node)
    case 'input':
    case 'reduce':
      // The caller loads inputs by weight, since it knows their addresses; all other values are in the scope.
      return { args: [], emit: () => undefined }
  }
}

function plain(instruction: number, ...args: readonly LaneNode[]): Form {
  return { args, emit: (code) => code.simd(instruction) }
}

/** The exponent's bits alone are the binade; for a subnormal, after an exact scaling. NaN stays NaN. */
function binadeForm(a: LaneNode): Form {
  const emit: Form['emit'] = (code, bits) => {
    const [x, result] = [code.local(valueType.v128), code.local(valueType.v128)]
    code.tee(x)
    bits('exponent').simd(simd.and).set(result)
    code
      .get(x)
      .splat(2 ** 24)
      .simd(simd.f32x4Mul)
    bits('exponent').simd(simd.and)
    code.splat(2 ** -24).simd(simd.f32x4Mul)
    // Without exponent bits: a subnormal number, or 0.
    code.get(result, result).splat(0).simd(simd.f32x4Eq).simd(simd.bitselect)
    code.get(x, x).simd(simd.f32x4Ne).simd(simd.or)
  }
  return { args: [a], emit }
}

/** A binade or a larger normal number: what becomes of subnormal numbers does not matter. */
function spacingForm(binade: LaneNode, least: LaneNode): Form | undefined {
  if (binade.kind !== 'unary' || binade.op !== 'binade') return undefined
  if (least.kind !== 'literal' || !(least.value >= 2 ** -126)) return undefined
  const emit: Form['emit'] = (code, bits) => {
    const x = code.local(valueType.v128)
    code.tee(x)
    bits('exponent').simd(simd.and)
    // A NaN stays one, and pmax keeps it.
    code.get(x, x).simd(simd.f32x4Ne).simd(simd.or)
    code.splat(least.value).simd(simd.f32x4PMax)
  }
  return { args: [binade.a], emit }
}

/** Changing a sign is exact: x + (−y) is x − y. So is multiplying by the inverse of a power of two. */
function binaryForm(node: LaneNode & { kind: 'binary' }, atHand: (operand: LaneNode) => boolean): Form {
  const { op, a, b } = node
  const spacing = op === 'max' && !atHand(a) ? spacingForm(a, b) : undefined
  if (spacing) return spacing
  const [minusA, minusB] = [a, b].map((operand) => (atHand(operand) ? undefined : negatedBy(operand)))
  const negated = negatedBy(node)
  if (negated) return { args: [negated], emit: (_, bits) => bits('sign').simd(simd.xor) }
  const flip = op === 'mul' ? (flipped(a, b, atHand) ?? flipped(b, a, atHand)) : undefined
  if (flip) return flip
  if (op === 'add' && minusB) return plain(simd.f32x4Sub, a, minusB)
  if (op === 'add' && minusA) return plain(simd.f32x4Sub, b, minusA)
  if (op === 'sub' && minusB) return plain(simd.f32x4Add, a, minusB)
  if (op === 'div' && b.kind === 'literal' && isPowerOfTwo(b.value)) {
    return { args: [a], emit: (code) => code.splat(1 / b.value).simd(simd.f32x4Mul) }
  }
  return plain(binaryOpcode[op]!, a, b)
}

/** The mask of a < b. */
export function maskOf(a: LaneNode, b: LaneNode): Mask {
  return { key: `${a.id}<${b.id}`, of: [a, b] }
}

/** A choice between x and −x flips the sign bit; a choice between x and +0, whose bits are zeros, masks x. */
function selectForm(node: Choice): Form {
  const { a, b, yes, no } = node
  const mask = maskOf(a, b)
  if (isLiteral(yes, 0)) return { args: [no], mask, emit: (code) => code.simd(simd.andNot) }
  if (isLiteral(no, 0)) return { args: [yes], mask, emit: (code) => code.simd(simd.and) }
  if (negatedBy(yes) === no || negatedBy(no) === yes) {
    return {
      args: [negatedBy(yes) === no ? no : yes],
      mask,
      emit: (code, bits) => {
        if (negatedBy(yes) !== no) code.simd(simd.not)
        bits('sign').simd(simd.and).simd(simd.xor)
      },
    }
  }
  return { args: [yes, no], mask, emit: (code) => code.simd(simd.bitselect) }
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
      if (!isMinus) code.simd(simd.not)
      bits('sign').simd(simd.and).simd(simd.xor)
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
