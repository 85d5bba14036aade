// The matrix products of a decoder's training step, and their operands. Comes in: a preset. Goes out: cases,
// values.
// Source: packages/models/src/llama.ts: y = x Wᵀ forward, dx = dy W and dW = dyᵀ x backward; attention by
// batch and head.

import { sizeOf, type Shape } from '@lotion/core'
import { llama } from '@lotion/models'
import type { EnginePreset } from '../engine/preset.js'

/** One product: C [… batch, rows, columns] = A [… batch, rows, depth] · B [… batch, depth, columns]. */
export interface MatmulCase {
  /** Where the step needs it. */
  readonly use: string
  readonly batch: Shape
  readonly rows: number
  readonly depth: number
  readonly columns: number
  /** Stored the other way round. */
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/** What every way to multiply is given. */
export interface MatmulSubject {
  readonly cases: readonly MatmulCase[]
  /** Thread counts of the ways that can use several. */
  readonly threads: readonly number[]
}

/** Three elements of a product. */
export type Sample = readonly number[]

/** List the products of a preset, each size and form once; of two transposed matrices, only one. */
export function matmulCases({ model, batch }: EnginePreset): readonly MatmulCase[] {
  const { context, dimension, hidden, vocabulary, heads } = llama(model).config
  const tokens = batch * context
  const layers = [
    ['projections', dimension, dimension],
    ['gate, up', dimension, hidden],
    ['down', hidden, dimension],
    ['logits', dimension, vocabulary],
  ] as const
  const linear = layers.flatMap(([use, inputs, outputs]) => [
    product(`${use}: y`, [], [tokens, inputs, outputs], 'NT'),
    product(`${use}: dx`, [], [tokens, outputs, inputs], 'NN'),
    product(`${use}: dW`, [], [outputs, tokens, inputs], 'TN'),
  ])
  const each = [batch, heads]
  const width = dimension / heads
  return [
    ...linear,
    product('scores', each, [context, width, context], 'NT'),
    product('weights · values', each, [context, context, width], 'NN'),
    product('weightsᵀ · dy', each, [context, context, width], 'TN'),
    product('none', [], [tokens, dimension, hidden], 'TT'),
  ]
}

function product(
  use: string,
  batch: Shape,
  [rows, depth, columns]: readonly [rows: number, depth: number, columns: number],
  form: string,
): MatmulCase {
  return {
    use,
    batch,
    rows,
    depth,
    columns,
    transposeA: form.startsWith('T'),
    transposeB: form.endsWith('T'),
  }
}

/** Name a case's form: N as stored, T transposed. */
export const formOf = ({ transposeA, transposeB }: MatmulCase): string =>
  `${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'}`

/** Name a case: use and form. */
export const nameOf = (one: MatmulCase): string => `${one.use} ${formOf(one)}`

/** Multiplications and additions of a case. */
export const flopsOf = ({ batch, rows, depth, columns }: MatmulCase): number =>
  2 * sizeOf(batch) * rows * depth * columns

/** Shapes of the operands as they are stored. */
export function storedShapes(one: MatmulCase): { readonly a: Shape; readonly b: Shape } {
  const { batch, rows, depth, columns, transposeA, transposeB } = one
  return {
    a: [...batch, ...(transposeA ? [depth, rows] : [rows, depth])],
    b: [...batch, ...(transposeB ? [columns, depth] : [depth, columns])],
  }
}

/** The values of an operand: ((7919 i) mod 1021) / 1021 − ½, the same on every way, Python included. */
export function operand(shape: Shape): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7919) % 1021) / 1021 - 0.5)
}

/** The elements of a product by which ways are compared: first, one in the middle, last. */
export function sampleOf(product: ArrayLike<number>): Sample {
  return [0, Math.floor(product.length / 3), product.length - 1].map((at) => product[at]!)
}

/**
 * A measurement repeats its product until it takes about a millisecond at 40 GFLOP/s, but not often: tfjs
 * keeps the results.
 */
export const repeatsOf = (one: MatmulCase): number => Math.min(16, Math.ceil(4e7 / flopsOf(one)))

/** Make something when it is first asked for. */
export function once<V>(make: () => V): () => V {
  let made: { readonly value: V } | undefined
  return () => (made ??= { value: make() }).value
}
