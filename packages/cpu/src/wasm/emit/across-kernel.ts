// Kernels over blocks that lie beside each other in memory (their weights are `inner` apart): four blocks a vector,
// without a transpose. Comes in: a pass. Goes out: the code of a function over a range of strips of blocks.
// Source: docs/design/07-cpu.md.

import { isMaximum, SUM_CHUNK, type LaneNode, type ReduceNode } from '@lotion/core'
import { OP, SIMD, TYPE, type FunctionWriter } from './function-writer.js'
import { STRIP, WORD } from './kernel-record.js'
import { planPass, type LanePass } from './lane-pass.js'
import { passLoops, type Loop } from './pass-loops.js'
import { PARAM, PassWriter, pushLesser, type Filled } from './pass-writer.js'
import { StripTiles, TILE_ROW } from './strip-tiles.js'
import { Scope } from './vector-expression.js'

/** Sums of four blocks: two vectors of two f64. */
type Sums = readonly (readonly [node: ReduceNode, low: number, high: number])[]

/**
 * Write the function (record, first, end, scratch) over units first … end − 1, at least one. Unit u is strip u mod strips of the
 * blocks side by side that start at the (⌊u / strips⌋ mod perLine)-th block of a line; a strip has at most `STRIP` of them.
 */
export function acrossKernel(pass: LanePass, keeps: boolean): AcrossKernel {
  return new AcrossWriter(pass, keeps).write()
}

/** A kernel over blocks beside each other, and the memory it works in. */
export interface AcrossKernel {
  readonly run: FunctionWriter
  readonly frameBytes: 0
  /** Spilled values: 16 bytes a weight of a block each. */
  readonly spills: number
}

class AcrossWriter {
  private readonly writer: PassWriter
  private readonly loops: readonly Loop[]
  /** Addresses of spilled values, and the row at hand in bytes of them. */
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
    this.writer = new PassWriter(pass, planPass(pass), [TYPE.i32, TYPE.i32, TYPE.i32, TYPE.i32])
    this.code = this.writer.code
    this.base = this.code.local(TYPE.i32)
    this.count = this.code.local(TYPE.i32)
    this.block = this.code.local(TYPE.i32)
    this.stride = this.code.local(TYPE.i32)
    this.row = this.code.local(TYPE.i32)
    this.loops = passLoops(this.writer, keeps)
  }

  write(): AcrossKernel {
    const { code, writer } = this
    const at = (position: number): number => writer.word(position)
    const [length, size, perLine, inner, strips] = [
      at(WORD.length),
      at(WORD.size),
      at(WORD.perLine),
      at(WORD.inner),
      at(WORD.strips),
    ]
    const [slab, lane, start, rest, lanes, strip] = [0, 0, 0, 0, 0, 0].map(() => code.local(TYPE.i32))
    const partials = [at(WORD.partials), at(WORD.partialStride)] as const
    writer.bind(['element', 'block'])
    writer.hoist()
    code.get(inner).i32(2).op(OP.i32Shl).set(this.stride)
    code.i32(STRIP).set(strip!)
    const spills = this.loops.flatMap((loop) => loop.spills)
    spills.forEach((node, n) => {
      const address = code.local(TYPE.i32)
      code
        .get(PARAM.scratch, size)
        .i32(16 * n)
        .op(OP.i32Mul, OP.i32Add)
        .set(address)
      this.spilled.set(node, address)
    })
    const stored = new Map(writer.outputs('element').map((name) => [name, writer.addressLocal('y', name)]))
    const tiles = this.keeps ? this.tiles(size, spills.length) : undefined
    code.repeat(
      () => {
        code.get(PARAM.first, strips).op(OP.i32DivU).set(slab!)
        code.get(PARAM.first, strips).op(OP.i32RemU).i32(STRIP).op(OP.i32Mul).set(lane!)
        code.get(slab!, perLine).op(OP.i32RemU).get(size).op(OP.i32Mul).set(start!)
        code.get(length, start!).op(OP.i32Sub).set(rest!)
        pushLesser(code, size, rest!)
        code.set(this.count)
        code.get(slab!, perLine).op(OP.i32DivU).get(length).op(OP.i32Mul).get(start!).op(OP.i32Add)
        code.get(inner).op(OP.i32Mul).get(lane!).op(OP.i32Add).i32(2).op(OP.i32Shl).set(this.base)
        code.get(slab!, inner).op(OP.i32Mul).get(lane!).op(OP.i32Add).set(this.block)
        code.get(inner, lane!).op(OP.i32Sub).set(rest!)
        pushLesser(code, strip!, rest!)
        code.set(lanes!)
        if (!tiles) return this.strip(lanes!, partials)
        const place = { base: this.base, stride: this.stride, rows: this.count, lanes: lanes! }
        tiles.copyIn(place)
        tiles.use()
        // The kernel's own loops: from the start of the tiles, row by row of them.
        const [base, stride, width] = [code.local(TYPE.i32), code.local(TYPE.i32), code.local(TYPE.i32)]
        code.get(this.base).set(base).get(this.stride).set(stride).get(lanes!).set(width)
        code.i32(0).set(this.base).i32(TILE_ROW).set(this.stride)
        this.strip(lanes!, partials)
        code.get(stride).set(this.stride)
        tiles.copyOut({ base, stride, rows: this.count, lanes: width }, stored)
      },
      () => code.get(PARAM.first).i32(1).op(OP.i32Add).tee(PARAM.first).get(PARAM.end).op(OP.i32LtU),
    )
    return { run: code, frameBytes: 0, spills: spills.length }
  }

  /** Tiles behind the spilled values. */
  private tiles(size: number, spills: number): StripTiles {
    const start = this.code.local(TYPE.i32)
    this.code
      .get(PARAM.scratch, size)
      .i32(16 * spills)
      .op(OP.i32Mul, OP.i32Add)
      .set(start)
    return new StripTiles(this.writer, start, size)
  }

  /** Four blocks at a time, then what is left. */
  private strip(lanes: number, partials: readonly [number, number]): void {
    const { code } = this
    code
      .get(lanes)
      .i32(3)
      .op(OP.i32GtU)
      .when(() => {
        code.repeat(
          () => {
            this.group('full', partials)
            code.get(this.base).i32(16).op(OP.i32Add).set(this.base)
            code.get(this.block).i32(4).op(OP.i32Add).set(this.block)
          },
          () => code.get(lanes).i32(4).op(OP.i32Sub).tee(lanes).i32(3).op(OP.i32GtU),
        )
      })
    code.get(lanes).when(() => this.group({ lanes }, partials))
  }

  private group(filled: Filled, partials: readonly [number, number]): void {
    const { code, writer, pass } = this
    const { plan } = writer
    const scope = new Scope(writer.scope)
    let sums: Sums = []
    for (const loop of this.loops) {
      sums = this.sweep(loop, scope, filled)
      const after = plan.levels[loop.goal]?.values
      if (!after) continue
      for (const [node, low, high] of sums) {
        code
          .get(low)
          .simd(SIMD.f32x4DemoteF64x2Zero)
          .get(high)
          .simd(SIMD.f32x4DemoteF64x2Zero)
          .lanes(0, 1, 4, 5)
        writer.keep(node, scope)
      }
      after.forEach((node) => writer.define(node, scope))
    }
    if (pass.goal === 'outputs') {
      const offset = code.local(TYPE.i32)
      code.get(this.block).i32(2).op(OP.i32Shl).set(offset)
      const stored = writer.outputs('block').map((name) => [name, scope.find(writer.output(name))!] as const)
      writer.store(stored, offset, filled)
      return
    }
    const { goal } = pass
    for (const [node, ...halves] of [...sums, ...this.largest(goal.filter(isMaximum), scope)]) {
      const address = code.local(TYPE.i32)
      writer.partial(...partials, goal.indexOf(node), this.block)
      code.set(address)
      for (const lane of [0, 1, 2, 3]) {
        const put = (): void =>
          void code.get(address, halves[lane >> 1]!).vectorMemory(SIMD.store64Lane, 8 * lane, lane & 1)
        if (filled === 'full' || lane === 0) put()
        else code.get(filled.lanes).i32(lane).op(OP.i32GtU).when(put)
      }
    }
  }

  /** Maxima as sums are: two vectors of two f64. */
  private largest(nodes: readonly ReduceNode[], scope: Scope): Sums {
    const { code } = this
    return nodes.map((node) => {
      const [value, low, high] = [scope.find(node)!, code.local(TYPE.v128), code.local(TYPE.v128)]
      code.get(value).simd(SIMD.f64x2PromoteLowF32x4).set(low)
      code.get(value, value).lanes(2, 3, 2, 3).simd(SIMD.f64x2PromoteLowF32x4).set(high)
      return [node, low, high] as const
    })
  }

  /** Loop over the weights of four blocks: sums in the order of `sumInOrder`, maxima (kept in the scope), stores. */
  private sweep(loop: Loop, scope: Scope, filled: Filled): Sums {
    const { code, writer } = this
    const { sums, maxima, stores } = loop
    if (loop.roots.length === 0) return []
    const made = this.loops.slice(0, this.loops.indexOf(loop)).flatMap(({ spills }) => spills)
    const loads = made.filter((node) => this.spilled.has(node))
    const vectors = (count: number): number[] => Array.from({ length: count }, () => code.local(TYPE.v128))
    const totals = sums.map((node) => [node, ...(vectors(2) as [number, number])] as const)
    // Accumulators of the chunk: four in turn, each of two halves.
    const turns = sums.map(() => [vectors(4), vectors(4)] as const)
    const largest = maxima.map((node) => [node, ...(vectors(1) as [number])] as const)
    const [at, left, chunk, most, k] = [0, 0, 0, 0, 0].map(() => code.local(TYPE.i32))
    const body = (): void => {
      const inner = new Scope(scope)
      for (const node of loads) {
        code.get(this.spilled.get(node)!, this.row).op(OP.i32Add).vectorMemory(SIMD.load)
        writer.keep(node, inner)
      }
      const values = writer.expression([...loop.roots, ...loop.spills], inner, at!)
      sums.forEach(({ of }, i) => {
        const value = code.local(TYPE.v128)
        values.push(of)
        code.set(value)
        turns[i]!.forEach(([p, q, u, v], half) => {
          code.get(p!, value)
          if (half === 1) code.get(value).lanes(2, 3, 2, 3)
          code.simd(SIMD.f64x2PromoteLowF32x4).simd(SIMD.f64x2Add)
          // Rotating keeps the pairs (first, third) and (second, fourth) together whatever the count.
          code.get(q!).set(p!).get(u!).set(q!).get(v!).set(u!).set(v!)
        })
      })
      for (const [{ of }, local] of largest) {
        code.get(local)
        values.push(of)
        code.simd(SIMD.f32x4PMax).set(local)
      }
      for (const node of loop.spills) {
        code.get(this.spilled.get(node)!, this.row).op(OP.i32Add)
        values.push(node)
        code.vectorMemory(SIMD.store)
      }
      const stored = stores.map((name) => {
        const local = code.local(TYPE.v128)
        values.push(writer.output(name))
        code.set(local)
        return [name, local] as const
      })
      writer.store(stored, at!, filled)
      code.get(at!, this.stride).op(OP.i32Add).set(at!)
      if (this.spilled.size > 0) code.get(this.row).i32(16).op(OP.i32Add).set(this.row)
    }
    const run = (count: number): void => {
      code.get(count).set(k!)
      code.repeat(body, () => code.get(k!).i32(1).op(OP.i32Sub).tee(k!))
    }
    code.get(this.base).set(at!).i32(0).set(this.row)
    for (const [node, local] of largest) {
      code.splat(0).set(local)
      scope.keep(node, local)
    }
    if (sums.length === 0) {
      run(this.count)
      return []
    }
    for (const local of totals.flatMap(([, low, high]) => [low, high])) code.splat(0).set(local)
    code.get(this.count).set(left!).i32(SUM_CHUNK).set(most!)
    code.repeat(
      () => {
        pushLesser(code, left!, most!)
        code.set(chunk!)
        for (const local of turns.flat(2)) code.splat(0).set(local)
        run(chunk!)
        totals.forEach(([, ...halves], i) =>
          halves.forEach((total, half) => {
            const [p, q, u, v] = turns[i]![half as 0 | 1]
            code.get(p!, u!).simd(SIMD.f64x2Add).get(q!, v!).simd(SIMD.f64x2Add).simd(SIMD.f64x2Add)
            code.get(total).simd(SIMD.f64x2Add).set(total)
          }),
        )
      },
      () => code.get(left!, chunk!).op(OP.i32Sub).tee(left!),
    )
    return totals
  }
}
