// Where a weight's block is, and where a block's weights are, in whole numbers. Comes in: a block layout.
// Goes out: text for kernels, and the numbers that they take. Source: `BlockLayout` of @lotion/core.

import type { BlockLayout } from '@lotion/core'

/** A layout as kernels see it: `length` is a multiple of `size` only if it is `size`. */
export interface BlockIndex {
  /** Names of the kernel's whole-number arguments, and their values. */
  readonly numbers: Readonly<Record<string, number>>
  /** Tells layouts apart that need different text. */
  readonly kind: string
  /** The block of weight `i`. */
  block(i: string): string
  /** The weight at place `k` of block `b`. */
  weight(b: string, k: string): string
  /** How many weights block `b` has. */
  count(b: string): string
}

/** Describe a layout to kernels, the cheapest way that fits it; `shifts`: whether their `>>` can be used. */
export function blockIndex(layout: BlockLayout, shifts: boolean): BlockIndex {
  const whole = layout.size === 0 || layout.length % layout.size === 0
  const { inner, size } = layout
  if (layout.blocks <= 1)
    return { kind: 'one', numbers: { size }, block: () => '0', weight: (_, k) => k, count: () => 'size' }
  if (whole && inner === 1) {
    const shift = Math.log2(size)
    const power = shifts && Number.isInteger(shift)
    return {
      kind: power ? 'shift' : 'row',
      numbers: { size, ...(power ? { shift } : {}) },
      block: (i) => (power ? `(${i} >> shift)` : `quotient(${i}, size)`),
      weight: (b, k) => `(${b} * size + ${k})`,
      count: () => 'size',
    }
  }
  const length = whole ? size : layout.length
  const numbers = { size, length, inner, lines: Math.ceil(length / size) }
  const list = 'length, inner, size, lines'
  return {
    kind: 'line',
    numbers,
    block: (i) => `blockAt(${i}, ${list})`,
    weight: (b, k) => `weightAt(${b}, ${k}, ${list})`,
    count: (b) => `countOf(${b}, ${list})`,
  }
}

const whole = (names: string) => Object.fromEntries(names.split(' ').map((name) => [name, 'Integer']))

/** A helper of kernels as gpu.js takes it. */
export interface Helper {
  readonly source: string
  readonly argumentTypes: Readonly<Record<string, string>>
  readonly returnType: 'Integer' | 'Number'
}

const helper = (name: string, names: string, result: string): Helper => ({
  source: `function ${name}(${names.split(' ').join(', ')}) { return ${result} }`,
  argumentTypes: whole(names),
  returnType: 'Integer',
})

/**
 * Functions of whole numbers that the texts above call. gpu.js makes whole-number variables floats, arguments
 * not: so intermediate values are arguments of the next function.
 */
export const blockHelpers: readonly Helper[] = [
  helper(
    'blockAt',
    'i length inner size lines',
    'blockOn(i, quotient(i, inner), length, inner, size, lines)',
  ),
  helper(
    'blockOn',
    'i q length inner size lines',
    'blockIn(i, q, quotient(q, length), length, inner, size, lines)',
  ),
  helper(
    'blockIn',
    'i q o length inner size lines',
    '(o * lines + quotient(q - o * length, size)) * inner + (i - q * inner)',
  ),
  helper(
    'weightAt',
    'b k length inner size lines',
    'weightOn(b, k, quotient(b, inner), length, inner, size, lines)',
  ),
  helper(
    'weightOn',
    'b k q length inner size lines',
    'weightIn(b, k, q, quotient(q, lines), length, inner, size, lines)',
  ),
  helper(
    'weightIn',
    'b k q o length inner size lines',
    '(o * length + (q - o * lines) * size + k) * inner + (b - q * inner)',
  ),
  helper('countOf', 'b length inner size lines', 'countOn(quotient(b, inner), length, size, lines)'),
  helper('countOn', 'q length size lines', 'smaller(size, length - (q - quotient(q, lines) * lines) * size)'),
  helper('smaller', 'a b', 'a < b ? a : b'),
  helper('larger', 'a b', 'a < b ? b : a'),
  helper('limited', 'a b', 'smaller(larger(a, 0), b)'),
]
