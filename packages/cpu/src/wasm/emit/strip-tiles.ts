// Tiles: a strip of rows that are far apart in memory, packed into scratch memory. Rows whose distance is a
// power of two would push each other out of the first cache. Comes in: the arrays of a kernel. Goes out:
// copies in and out.
// Source: docs/design/07-cpu.md.

import { op, simd, valueType, type FunctionWriter } from './function-writer.js'
import { STRIP } from './kernel-record.js'
import type { PassWriter } from './pass-writer.js'

/** Bytes of a tile's row. */
export const TILE_ROW = 4 * STRIP

/** Locals that say where a strip lies. */
export interface StripPlace {
  /** Bytes of the arrays before the strip. */
  readonly base: number
  /** Bytes between rows. */
  readonly stride: number
  readonly rows: number
  readonly lanes: number
}

/** Copies of a kernel's arrays, one tile a name: an output named like an input replaces it after reading. */
export class StripTiles {
  private readonly tiles: ReadonlyMap<string, number>

  /** Reserve tiles from the scratch address in a local on; `rows` is a local with the rows of a tile. */
  constructor(
    private readonly writer: PassWriter,
    start: number,
    rows: number,
  ) {
    const { code, plan } = writer
    const names = [...new Set([...plan.arrays, ...writer.outputs('element')])]
    this.tiles = new Map(
      names.map((name, n) => {
        const tile = code.local(valueType.i32)
        const before = TILE_ROW * n
        code.get(start, rows).i32(before).op(op.i32Mul, op.i32Add).set(tile)
        return [name, tile] as const
      }),
    )
  }

  /** Copy the inputs in. The last vector of a row may reach beyond the strip. */
  copyIn(place: StripPlace): void {
    for (const name of this.writer.plan.arrays) {
      const source = this.writer.addressLocal('x', name)
      this.eachRow(source, this.tiles.get(name)!, place, (code, outside, inside) => {
        const lane = code.local(valueType.i32)
        code.i32(0).set(lane)
        code.repeat(
          () => {
            code.get(inside, lane).op(op.i32Add)
            code.get(outside, lane).op(op.i32Add).vectorMemory(simd.load).vectorMemory(simd.store)
          },
          () =>
            code.get(lane).i32(16).op(op.i32Add).tee(lane).get(place.lanes).i32(2).op(op.i32Shl, op.i32LtU),
        )
      })
    }
  }

  /** Let the kernel read and write the tiles in place of the arrays. */
  use(): void {
    for (const name of this.writer.plan.arrays) this.writer.redirect('x', name, this.tiles.get(name)!)
    for (const name of this.writer.outputs('element')) this.writer.redirect('y', name, this.tiles.get(name)!)
  }

  /** Copy the outputs out, lane by lane where a vector would reach beyond the strip. */
  copyOut(place: StripPlace, arrays: ReadonlyMap<string, number>): void {
    for (const [name, array] of arrays) {
      this.eachRow(array, this.tiles.get(name)!, place, (code, outside, inside) => {
        const [lane, bytes] = code.locals(valueType.i32, 2)
        const copy = (step: number, load: () => void): void => {
          code.get(lane).i32(step).op(op.i32Add).get(bytes).op(op.i32GtU, op.i32Eqz)
          code.when(() => {
            code.repeat(
              () => {
                code.get(outside, lane).op(op.i32Add).get(inside, lane).op(op.i32Add)
                load()
                code.get(lane).i32(step).op(op.i32Add).set(lane)
              },
              () => code.get(lane).i32(step).op(op.i32Add).get(bytes).op(op.i32GtU, op.i32Eqz),
            )
          })
        }
        code.i32(0).set(lane).get(place.lanes).i32(2).op(op.i32Shl).set(bytes)
        copy(16, () => code.vectorMemory(simd.load).vectorMemory(simd.store))
        copy(4, () => code.memory(op.f32Load).memory(op.f32Store))
      })
    }
  }

  private eachRow(
    array: number,
    tile: number,
    { base, stride, rows }: StripPlace,
    body: (code: FunctionWriter, outside: number, inside: number) => void,
  ): void {
    const { code } = this.writer
    const [outside, inside, left] = code.locals(valueType.i32, 3)
    code.get(array, base).op(op.i32Add).set(outside).get(tile).set(inside).get(rows).set(left)
    code.repeat(
      () => {
        body(code, outside, inside)
        code.get(outside, stride).op(op.i32Add).set(outside)
        code.get(inside).i32(TILE_ROW).op(op.i32Add).set(inside)
      },
      () => code.get(left).i32(1).op(op.i32Sub).tee(left),
    )
  }
}
