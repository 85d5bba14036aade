// The module that multiplies batches of matrices: blocks that stay in the caches, packed, then tile by tile.
// Comes in: whether the memory is shared. Goes out: bytes, and the layout of a product's record.
// Source: docs/design/07-cpu.md, "Matrix products"; the loops are those of Goto and van de Geijn, ACM TOMS
// 34(3), 2008.

import { FunctionWriter, op, valueType } from '../wasm/emit/function-writer.js'
import { moduleBytes } from '../wasm/emit/module-bytes.js'
import { packLine, packPanels } from './pack-panels.js'
import { edgeStore, TILE_BYTES, TILE_COLUMNS, tileKernel, TILE_ROWS } from './tile-kernel.js'

/** Steps that are summed before they are added to C: part of a product's definition. */
export const DEPTH = 256

/** Rows of A that are packed together: 96 KiB, a part of the second cache. */
const BLOCK_ROWS = 96

/** Columns of B that are packed together: 512 KiB. */
const BLOCK_COLUMNS = 512

/** Bytes of memory that each thread works in. */
export const GEMM_SCRATCH_BYTES = TILE_BYTES + 4 * DEPTH * (BLOCK_ROWS + BLOCK_COLUMNS)

/** Words of a product's record; distances are in bytes. The batches' table follows: addresses of A, B, C. */
export const productWord = Object.freeze({
  rows: 0,
  columns: 1,
  /** Numbers that each element of C sums up; not 0. */
  depth: 2,
  /** From a row of A to the next. */
  aRow: 3,
  /** From a column of A to the next. */
  aStep: 4,
  /** From a row of B to the next. */
  bStep: 5,
  /** From a column of B to the next. */
  bColumn: 6,
  /** From a row of C to the next. */
  cRow: 7,
  /** Bands of `BAND_ROWS` rows of each batch: the units that threads share out. */
  bands: 8,
  batches: 9,
})

/** Words of a batch in the table. */
export const BATCH_WORDS = 3

/** Rows of a unit of work. */
export const BAND_ROWS = TILE_ROWS

/** Numbers of the module's functions, in the order of `gemmBytes`. */
const functionIndex = Object.freeze({
  line: 0,
  packRows: 1,
  packColumns: 2,
  tile: 3,
  edge: 4,
  tiles: 5,
  block: 6,
})

/**
 * Write the module. Its `run(record, first, end, scratch)` computes the bands `first` ≤ band < `end` of all
 * batches, one after the other.
 */
export function gemmBytes(shared: boolean): Uint8Array<ArrayBuffer> {
  return moduleBytes(
    {
      line: packLine(),
      packRows: packPanels(TILE_ROWS, functionIndex),
      packColumns: packPanels(TILE_COLUMNS, functionIndex),
      tile: tileKernel(),
      edge: edgeStore(),
      tiles: tileLoop(),
      block: blockLoops(),
      run: bandLoop(),
    },
    shared,
  )
}

/** Push the smaller of a number on hand and `most`. */
function least(code: FunctionWriter, most: number, local: number): void {
  code.get(local).i32(most).get(local).i32(most).op(op.i32LtU, op.select)
}

/** Write (a, b, depth, rows, columns, c, row, add, tile): all tiles of a packed block of A times one of B. */
function tileLoop(): FunctionWriter {
  const code = new FunctionWriter(Array.from({ length: 9 }, () => valueType.i32))
  const [a, b, depth, rows, columns, c, row, add, tile] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const locals = (): number => code.local(valueType.i32)
  const [i, j, left, high, wide] = [locals(), locals(), locals(), locals(), locals()]
  const [panelA, target, aBytes, bBytes, down] = [locals(), locals(), locals(), locals(), locals()]
  const fits = locals()
  code
    .get(depth)
    .i32(4 * TILE_ROWS)
    .op(op.i32Mul)
    .set(aBytes)
  code
    .get(depth)
    .i32(4 * TILE_COLUMNS)
    .op(op.i32Mul)
    .set(bBytes)
  code.get(row).i32(TILE_ROWS).op(op.i32Mul).set(down)
  return code.upTo(j, columns, TILE_COLUMNS, () => {
    code.get(columns, j).op(op.i32Sub).set(left)
    least(code, TILE_COLUMNS, left)
    code.set(wide).get(a).set(panelA).get(c, j).i32(2).op(op.i32Shl, op.i32Add).set(target).i32(0).set(i)
    code.upTo(i, rows, TILE_ROWS, () => {
      code.get(rows, i).op(op.i32Sub).set(left)
      least(code, TILE_ROWS, left)
      code
        .set(high)
        .get(high, wide)
        .op(op.i32Mul)
        .i32(TILE_ROWS * TILE_COLUMNS)
        .op(op.i32Eq)
        .set(fits)
      code.get(fits).when(
        () => code.get(panelA, b, depth, target, row, add).call(functionIndex.tile),
        () => {
          code
            .get(panelA, b, depth, tile)
            .i32(4 * TILE_COLUMNS)
            .i32(0)
            .call(functionIndex.tile)
          code.get(tile, target, row, high, wide, add).call(functionIndex.edge)
        },
      )
      code.get(panelA, aBytes).op(op.i32Add).set(panelA).get(target, down).op(op.i32Add).set(target)
    })
    code.get(b, bBytes).op(op.i32Add).set(b)
  })
}

/** Write (record, a, b, c, rows, scratch): so many rows of one product, block by block. */
function blockLoops(): FunctionWriter {
  const code = new FunctionWriter(Array.from({ length: 6 }, () => valueType.i32))
  const [record, a, b, c, rows, scratch] = [0, 1, 2, 3, 4, 5]
  const locals = (): number => code.local(valueType.i32)
  const word = (position: number): number => {
    const local = locals()
    code
      .get(record)
      .memory(op.i32Load, 4 * position)
      .set(local)
    return local
  }
  const [columns, depth] = [word(productWord.columns), word(productWord.depth)]
  const [aRow, aStep] = [word(productWord.aRow), word(productWord.aStep)]
  const [bStep, bColumn, cRow] = [word(productWord.bStep), word(productWord.bColumn), word(productWord.cRow)]
  const [i, j, k, left, high, wide, deep] = [
    locals(),
    locals(),
    locals(),
    locals(),
    locals(),
    locals(),
    locals(),
  ]
  const [packedA, packedB] = [locals(), locals()]
  code.get(scratch).i32(TILE_BYTES).op(op.i32Add).tee(packedA)
  code
    .i32(4 * DEPTH * BLOCK_ROWS)
    .op(op.i32Add)
    .set(packedB)
  /** Push start + index · distance. */
  const at = (start: number, index: number, distance: number): FunctionWriter =>
    code.get(start, index, distance).op(op.i32Mul, op.i32Add)
  return code.upTo(j, columns, BLOCK_COLUMNS, () => {
    code.get(columns, j).op(op.i32Sub).set(left)
    least(code, BLOCK_COLUMNS, left)
    code.set(wide).i32(0).set(k)
    code.upTo(k, depth, DEPTH, () => {
      code.get(depth, k).op(op.i32Sub).set(left)
      least(code, DEPTH, left)
      code.set(deep)
      at(b, j, bColumn).get(k, bStep).op(op.i32Mul, op.i32Add)
      code.get(bColumn, bStep, wide, deep, packedB).call(functionIndex.packColumns).i32(0).set(i)
      code.upTo(i, rows, BLOCK_ROWS, () => {
        code.get(rows, i).op(op.i32Sub).set(left)
        least(code, BLOCK_ROWS, left)
        code.set(high)
        at(a, i, aRow).get(k, aStep).op(op.i32Mul, op.i32Add)
        code.get(aRow, aStep, high, deep, packedA).call(functionIndex.packRows)
        code.get(packedA, packedB, deep, high, wide)
        at(c, i, cRow).get(j).i32(2).op(op.i32Shl, op.i32Add)
        code.get(cRow, k, scratch).call(functionIndex.tiles)
      })
    })
  })
}

/** Write (record, first, end, scratch): the bands from `first` to `end`, those of one batch together. */
function bandLoop(): FunctionWriter {
  const code = new FunctionWriter([valueType.i32, valueType.i32, valueType.i32, valueType.i32])
  const [record, first, end, scratch] = [0, 1, 2, 3]
  const locals = (): number => code.local(valueType.i32)
  const [bands, rows, band, count, row, entry, left] = [
    locals(),
    locals(),
    locals(),
    locals(),
    locals(),
    locals(),
    locals(),
  ]
  const load = (position: number): FunctionWriter => code.get(record).memory(op.i32Load, 4 * position)
  load(productWord.bands).set(bands)
  load(productWord.rows).set(rows)
  code.get(first, end).op(op.i32LtU)
  return code.when(() =>
    code.repeat(
      () => {
        code.get(first, bands).op(op.i32RemU).set(band)
        // As many bands as the batch still has, at most to the end.
        code.get(bands, band).op(op.i32Sub).tee(count).get(end, first).op(op.i32Sub).tee(left)
        code.get(count, left).op(op.i32LtU, op.select).set(count)
        code.get(band).i32(BAND_ROWS).op(op.i32Mul).set(row)
        code
          .get(first, bands)
          .op(op.i32DivU)
          .i32(4 * BATCH_WORDS)
          .op(op.i32Mul)
        code.get(record).op(op.i32Add).set(entry)
        const table = 4 * productWord.batches
        code.get(record, entry).memory(op.i32Load, table).get(row)
        load(productWord.aRow).op(op.i32Mul, op.i32Add)
        code.get(entry).memory(op.i32Load, table + 4)
        code
          .get(entry)
          .memory(op.i32Load, table + 8)
          .get(row)
        load(productWord.cRow).op(op.i32Mul, op.i32Add)
        // Rows left in the batch, or those of the bands.
        code.get(rows, row).op(op.i32Sub).tee(left).get(count).i32(BAND_ROWS).op(op.i32Mul).tee(row)
        code.get(left, row).op(op.i32LtU, op.select)
        code.get(scratch).call(functionIndex.block)
        code.get(first, count).op(op.i32Add).set(first)
      },
      () => code.get(first, end).op(op.i32LtU),
    ),
  )
}
