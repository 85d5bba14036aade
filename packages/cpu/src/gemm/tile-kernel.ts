// The inner loop of a matrix product: one 4 × 8 tile of C in eight registers. Comes in: a packed panel of 4
// rows of A and one of 8 columns of B. Goes out: functions' code. Source: docs/design/07-cpu.md, "Matrix
// products".

import { FunctionWriter, op, simd, valueType } from '../wasm/emit/function-writer.js'

/** Rows of a tile. */
export const TILE_ROWS = 4

/** Columns of a tile. */
export const TILE_COLUMNS = 8

/** Bytes of a tile. */
export const TILE_BYTES = 4 * TILE_ROWS * TILE_COLUMNS

/**
 * Write (a, b, depth, c, row, add): C = A · B, or C += A · B if `add` is not 0. `a` holds 4 numbers for each
 * of `depth` ≥ 1 steps, `b` 8, one after the other; rows of C lie `row` bytes apart. Each element has one
 * accumulator, steps in ascending order. No other shape of tile was faster: 8 accumulators, 2 vectors of B
 * and 2 temporaries fill the 16 registers of x86.
 */
export function tileKernel(): FunctionWriter {
  const code = new FunctionWriter(Array<number>(6).fill(valueType.i32))
  const [a, b, depth, c, row, add] = [0, 1, 2, 3, 4, 5]
  const end = code.local(valueType.i32)
  const rows = Array.from(
    { length: TILE_ROWS },
    () => [code.local(valueType.v128), code.local(valueType.v128)] as const,
  )
  const columns = [code.local(valueType.v128), code.local(valueType.v128)] as const
  const factor = code.local(valueType.v128)
  code.get(a, depth).i32(4).op(op.i32Shl, op.i32Add).set(end)
  code.repeat(
    () => {
      columns.forEach((column, i) =>
        code
          .get(b)
          .vectorMemory(simd.load, 16 * i)
          .set(column),
      )
      rows.forEach((sums, r) => {
        code
          .get(a)
          .vectorMemory(simd.load32Splat, 4 * r)
          .set(factor)
        sums.forEach((sum, i) =>
          code.get(sum, factor, columns[i]!).simd(simd.f32x4Mul).simd(simd.f32x4Add).set(sum),
        )
      })
      code
        .get(a)
        .i32(4 * TILE_ROWS)
        .op(op.i32Add)
        .set(a)
      code
        .get(b)
        .i32(4 * TILE_COLUMNS)
        .op(op.i32Add)
        .set(b)
    },
    () => code.get(a, end).op(op.i32LtU),
  )
  rows.forEach((sums) => {
    sums.forEach((sum, i) => {
      code.get(add).when(() =>
        code
          .get(c)
          .vectorMemory(simd.load, 16 * i)
          .get(sum)
          .simd(simd.f32x4Add)
          .set(sum),
      )
      code.get(c, sum).vectorMemory(simd.store, 16 * i)
    })
    code.get(c, row).op(op.i32Add).set(c)
  })
  return code
}

/**
 * Write (tile, c, row, rows, columns, add): store the first rows and columns of a whole tile, which C has no
 * room for, or add them.
 */
export function edgeStore(): FunctionWriter {
  const code = new FunctionWriter(Array<number>(6).fill(valueType.i32))
  const [tile, c, row, rows, columns, add] = [0, 1, 2, 3, 4, 5]
  const [i, j, width] = [
    code.local(valueType.i32),
    code.local(valueType.i32),
    code.local(valueType.i32),
  ] as const
  const value = code.local(valueType.f32)
  code.get(columns).i32(2).op(op.i32Shl).set(width)
  code.upTo(i, rows, 1, () => {
    code.i32(0).set(j)
    code.upTo(j, width, 4, () => {
      code.get(tile, j).op(op.i32Add).memory(op.f32Load).set(value)
      code
        .get(add)
        .when(() => code.get(c, j).op(op.i32Add).memory(op.f32Load).get(value).op(op.f32Add).set(value))
      code.get(c, j).op(op.i32Add).get(value).memory(op.f32Store)
    })
    code
      .get(tile)
      .i32(4 * TILE_COLUMNS)
      .op(op.i32Add)
      .set(tile)
    code.get(c, row).op(op.i32Add).set(c)
  })
  return code
}
