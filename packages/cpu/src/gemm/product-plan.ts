// What a matrix product of two tensors is: its shape, and where the matrices of each batch begin.
// Comes in: two shapes, and whether their last two axes are swapped. Goes out: a plan in elements.
// Source: NumPy's matmul.

import { sizeOf, type Shape } from '@lotion/core'

/** Swap the last two axes of an operand. */
export interface ProductOptions {
  /** Multiply by the transpose of `a`. Default false. */
  readonly transposeA?: boolean
  /** Multiply by the transpose of `b`. Default false. */
  readonly transposeB?: boolean
}

/** A product as batches of C [rows, columns] = A [rows, depth] · B [depth, columns]; distances: elements. */
export interface ProductPlan {
  /** Shape of the result. */
  readonly shape: Shape
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** From one row, and from one column of A to the next. */
  readonly a: readonly [row: number, step: number]
  /** From one row, and from one column of B to the next. */
  readonly b: readonly [step: number, column: number]
  readonly batches: number
  /** Where a batch's matrix of A begins. */
  aAt(batch: number): number
  /** Where a batch's matrix of B begins. */
  bAt(batch: number): number
}

/**
 * Plan the product of tensors [… batch, m, k] and [… batch, k, n] → [… batch, m, n]; axes before the last two
 * are broadcast.
 * @throws RangeError if an operand has less than two axes, depths differ, or batches cannot be broadcast.
 */
export function productPlan(aShape: Shape, bShape: Shape, options: ProductOptions = {}): ProductPlan {
  const { transposeA = false, transposeB = false } = options
  const [aRows, aColumns] = lastTwo('a', aShape)
  const [bRows, bColumns] = lastTwo('b', bShape)
  const [rows, depth] = transposeA ? [aColumns, aRows] : [aRows, aColumns]
  const [depthOfB, columns] = transposeB ? [bColumns, bRows] : [bRows, bColumns]
  if (depth !== depthOfB) {
    throw new RangeError(
      `matmul: expected as many columns of a as rows of b, found ${depth} and ${depthOfB}: ` +
        `a [${aShape.join(', ')}]${transposeA ? ' transposed' : ''}, b [${bShape.join(', ')}]${transposeB ? ' transposed' : ''}`,
    )
  }
  const [aOuter, bOuter] = [aShape.slice(0, -2), bShape.slice(0, -2)]
  const outer = broadcast(aOuter, bOuter)
  const shape = [...outer, rows, columns]
  const a = transposeA ? ([1, aColumns] as const) : ([aColumns, 1] as const)
  const b = transposeB ? ([1, bColumns] as const) : ([bColumns, 1] as const)
  const batches = sizeOf(outer)
  if (batches > 1 && sizeOf(bOuter) === 1 && !transposeA && sizeOf(aOuter) === batches) {
    // One B for all: the batches of A are rows of one matrix.
    const all = { shape, rows: rows * batches, columns, depth, a, b, batches: 1 }
    return Object.freeze({ ...all, aAt: () => 0, bAt: () => 0 })
  }
  return Object.freeze({
    shape,
    rows,
    columns,
    depth,
    a,
    b,
    batches,
    aAt: offsets(outer, aOuter, aRows * aColumns),
    bAt: offsets(outer, bOuter, bRows * bColumns),
  })
}

function lastTwo(name: string, shape: Shape): readonly [number, number] {
  const [rows, columns] = shape.slice(-2)
  if (rows === undefined || columns === undefined)
    throw new RangeError(
      `matmul: expected at least two axes of ${name}, found [${shape.join(', ')}]; reshape it to a matrix`,
    )
  return [rows, columns]
}

/** @throws RangeError if two axes differ and neither is 1. */
function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1]
    if (x !== y && x !== 1 && y !== 1) {
      throw new RangeError(
        `matmul: expected batches of the same extents, or 1, found a [${a.join(', ')}] and b [${b.join(', ')}]`,
      )
    }
    return x === 1 ? y : x
  })
}

/** Where the matrix of a batch begins in an operand whose outer axes are broadcast. */
function offsets(outer: Shape, own: Shape, matrix: number): (batch: number) => number {
  if (sizeOf(own) === sizeOf(outer)) return (batch) => batch * matrix
  if (sizeOf(own) === 1) return () => 0
  return (batch) => {
    let [rest, stride, at] = [batch, matrix, 0]
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const extent = own[axis - outer.length + own.length] ?? 1
      if (extent > 1) at += (rest % outer[axis]!) * stride
      rest = Math.floor(rest / outer[axis]!)
      stride *= extent
    }
    return at
  }
}
