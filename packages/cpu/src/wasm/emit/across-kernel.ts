// Kernels over blocks that lie beside each other in memory (their weights are `inner` apart): four blocks a
// vector, without a transpose. Comes in: a pass. Goes out: the code of a function over a range of strips of
// blocks.
// Source: docs/design/07-cpu.md.

import type { LaneNode, ReduceNode } from '@lotion/core'
import { isMaximum } from '@lotion/core/internal'
import { acrossAxis, type Halves } from './across-axis.js'
import { op, simd, valueType, type FunctionWriter } from './function-writer.js'
import { STRIP, recordWord } from './kernel-record.js'
import { planPass, type LanePass } from './lane-pass.js'
import { passLoops, type Loop } from './pass-loops.js'
import { param, PassWriter, pushLesser, type Filled, type PassKernel } from './pass-writer.js'
import { StripTiles, TILE_ROW } from './strip-tiles.js'
import { sweep } from './sweep.js'
import { Scope } from './vector-expression.js'

/** Reductions of four blocks each. */
type BlockSums = readonly (readonly [node: ReduceNode, halves: Halves])[]

/**
 * Write the function (record, first, end, scratch) over units first … end − 1, at least one. Unit u is strip
 * u mod strips of the blocks side by side that start at the (⌊u / strips⌋ mod perLine)-th block of a line; a
 * strip has at most `STRIP` of them.
 */
export function acrossKernel(pass: LanePass, keeps: boolean): PassKernel {
  return new AcrossWriter(pass, keeps).write()
}

class AcrossWriter {
  private readonly writer: PassWriter
  private readonly loops: readonly Loop[]
  /** Addresses of spilled values, and the current row in bytes of them. */
  private readonly spilled = new Map<LaneNode, number>()
  private readonly row: number
  private readonly code: FunctionWriter
  private readonly base: number
  private readonly count: number
  private readonly block: number
  private readonly stride: number

  constructor(
    private readonly pass: LanePass,
    private readonly keeps: boolean,
  ) {
    this.writer = new PassWriter(pass, planPass(pass), [
      valueType.i32,
      valueType.i32,
      valueType.i32,
      valueType.i32,
    ])
    this.code = this.writer.code
    ;[this.base, this.count, this.block, this.stride, this.row] = this.code.locals(valueType.i32, 5)
    this.loops = passLoops(this.writer, keeps)
  }

  write(): PassKernel {
    const { code, writer } = this
    const [length, size, perLine, inner, strips] = writer.words(
      recordWord.length,
      recordWord.size,
      recordWord.perLine,
      recordWord.inner,
      recordWord.strips,
    )
    const [slab, lane, start, rest, lanes, strip] = code.locals(valueType.i32, 6)
    const partials = writer.words(recordWord.partials, recordWord.partialStride)
    writer.bind(['element', 'block'])
    writer.hoist()
    code.get(inner).i32(2).op(op.i32Shl).set(this.stride)
    code.i32(STRIP).set(strip)
    const spills = this.loops.flatMap((loop) => loop.spills)
    spills.forEach((node, n) => this.spilled.set(node, this.scratch(size, 16 * n)))
    const stored = new Map(writer.outputs('element').map((name) => [name, writer.addressLocal('y', name)]))
    // Tiles behind the kept values.
    const tiles = this.keeps
      ? new StripTiles(writer, this.scratch(size, 16 * spills.length), size)
      : undefined
    code.repeat(
      () => {
        code.get(param.first, strips).op(op.i32DivU).set(slab)
        code.get(param.first, strips).op(op.i32RemU).i32(STRIP).op(op.i32Mul).set(lane)
        code.get(slab, perLine).op(op.i32RemU).get(size).op(op.i32Mul).set(start)
        code.get(length, start).op(op.i32Sub).set(rest)
        pushLesser(code, size, rest)
        code.set(this.count)
        code.get(slab, perLine).op(op.i32DivU).get(length).op(op.i32Mul).get(start).op(op.i32Add)
        code.get(inner).op(op.i32Mul).get(lane).op(op.i32Add).i32(2).op(op.i32Shl).set(this.base)
        code.get(slab, inner).op(op.i32Mul).get(lane).op(op.i32Add).set(this.block)
        code.get(inner, lane).op(op.i32Sub).set(rest)
        pushLesser(code, strip, rest)
        code.set(lanes)
        if (!tiles) return this.strip(lanes, partials)
        const place = { base: this.base, stride: this.stride, rows: this.count, lanes }
        tiles.copyIn(place)
        tiles.use()
        // The kernel's own loops: from the start of the tiles, row by row of them.
        const [base, stride, width] = code.locals(valueType.i32, 3)
        code.get(this.base).set(base).get(this.stride).set(stride).get(lanes).set(width)
        code.i32(0).set(this.base).i32(TILE_ROW).set(this.stride)
        this.strip(lanes, partials)
        code.get(stride).set(this.stride)
        tiles.copyOut({ base, stride, rows: this.count, lanes: width }, stored)
      },
      () => code.get(param.first).i32(1).op(op.i32Add).tee(param.first).get(param.end).op(op.i32LtU),
    )
    return { run: code, frameBytes: 0, spills: spills.length }
  }

  /** Keep the address of scratch memory behind so many bytes a weight of a block in a local. */
  private scratch(size: number, bytes: number): number {
    const address = this.code.local(valueType.i32)
    this.code.get(param.scratch, size).i32(bytes).op(op.i32Mul, op.i32Add).set(address)
    return address
  }

  /** Four blocks at a time, then what is left. */
  private strip(lanes: number, partials: readonly [number, number]): void {
    const { code } = this
    code
      .get(lanes)
      .i32(3)
      .op(op.i32GtU)
      .when(() => {
        code.repeat(
          () => {
            this.group('full', partials)
            code.get(this.base).i32(16).op(op.i32Add).set(this.base)
            code.get(this.block).i32(4).op(op.i32Add).set(this.block)
          },
          () => code.get(lanes).i32(4).op(op.i32Sub).tee(lanes).i32(3).op(op.i32GtU),
        )
      })
    code.get(lanes).when(() => this.group({ lanes }, partials))
  }

  private group(filled: Filled, partials: readonly [number, number]): void {
    const { code, writer, pass } = this
    const { plan } = writer
    const scope = new Scope(writer.scope)
    const { base, count, stride, row, spilled: kept } = this
    let sums: BlockSums = []
    for (const loop of this.loops) {
      const axis = acrossAxis(writer, { base, count, stride, row, kept, filled })
      const found = loop.roots.length > 0 ? sweep(writer, axis, loop, scope) : { sums: [], maxima: [] }
      found.maxima.forEach(([node, largest]) => scope.keep(node, largest))
      sums = found.sums
      const after = plan.levels[loop.goal]?.values
      if (!after) continue
      for (const [node, [low, high]] of sums) {
        code.get(low).simd(simd.f32x4DemoteF64x2Zero).get(high).simd(simd.f32x4DemoteF64x2Zero)
        code.lanes(0, 1, 4, 5)
        writer.keep(node, scope)
      }
      after.forEach((node) => writer.define(node, scope))
    }
    if (pass.goal === 'outputs') {
      const offset = code.local(valueType.i32)
      code.get(this.block).i32(2).op(op.i32Shl).set(offset)
      const stored = writer.outputs('block').map((name) => [name, scope.find(writer.output(name))!] as const)
      writer.store(stored, offset, filled)
      return
    }
    const { goal } = pass
    for (const [node, halves] of [...sums, ...this.largest(goal.filter(isMaximum), scope)]) {
      const address = code.local(valueType.i32)
      writer.partial(...partials, goal.indexOf(node), this.block)
      code.set(address)
      for (const lane of [0, 1, 2, 3]) {
        const put = (): void =>
          void code
            .get(address, halves[(lane >> 1) as 0 | 1])
            .vectorMemory(simd.store64Lane, 8 * lane, lane & 1)
        if (filled === 'full' || lane === 0) put()
        else code.get(filled.lanes).i32(lane).op(op.i32GtU).when(put)
      }
    }
  }

  /** Maxima as sums are: two vectors of two f64. */
  private largest(nodes: readonly ReduceNode[], scope: Scope): BlockSums {
    const { code } = this
    return nodes.map((node) => {
      const [value, low, high] = [scope.find(node)!, code.local(valueType.v128), code.local(valueType.v128)]
      code.get(value).simd(simd.f64x2PromoteLowF32x4).set(low)
      code.get(value, value).lanes(2, 3, 2, 3).simd(simd.f64x2PromoteLowF32x4).set(high)
      return [node, [low, high]] as const
    })
  }
}
