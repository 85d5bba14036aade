// Kernels over blocks whose weights are neighbours in memory: four weights of one block a vector, groups of
// blocks through one loop after the other, so that no block waits for its own sums. Comes in: a pass.
// Goes out: the code of a function over a range of blocks. Source: docs/design/07-cpu.md.

import type { LaneNode } from '@lotion/core'
import { operandsOf } from '@lotion/core/internal'
import { alongAxis } from './along-axis.js'
import { op, simd, valueType, type FunctionWriter } from './function-writer.js'
import { FRAME, recordWord } from './kernel-record.js'
import { planPass, type LanePass } from './lane-pass.js'
import { passLoops, type Loop } from './pass-loops.js'
import { param, PassWriter, pushLesser, type PassKernel } from './pass-writer.js'
import { sweep } from './sweep.js'
import { Scope } from './vector-expression.js'

/**
 * Write the function (record, first, end, scratch) over blocks first … end − 1; at least one. `vectors`: the
 * vectors of a block, if all blocks have the same number of whole ones.
 */
export function alongKernel(pass: LanePass, vectors?: number): PassKernel {
  return new AlongWriter(pass, vectors).write()
}

class AlongWriter {
  private readonly writer: PassWriter
  private readonly code: FunctionWriter
  private readonly loops: readonly Loop[]
  /** Values of the block that outlive the loop or step that makes them, by their place in a frame. */
  private readonly frames: readonly LaneNode[]
  private readonly spilled = new Map<LaneNode, number>()
  /** Bytes of an array before the current block, and the block's weights. */
  private readonly base: number
  private readonly count: number
  /** Position of the block in its group, in bytes of a frame. */
  private readonly slot: number

  constructor(
    private readonly pass: LanePass,
    private readonly vectors: number | undefined,
  ) {
    this.writer = new PassWriter(pass, planPass(pass), [
      valueType.i32,
      valueType.i32,
      valueType.i32,
      valueType.i32,
    ])
    this.code = this.writer.code
    const { plan } = this.writer
    this.loops = passLoops(this.writer, true)
    this.frames = plan.nodes.filter((node) => plan.rate(node) === 'block')
    ;[this.base, this.count, this.slot] = this.code.locals(valueType.i32, 3)
  }

  write(): PassKernel {
    const { code, writer } = this
    const [length, size, perLine, group] = writer.words(
      recordWord.length,
      recordWord.size,
      recordWord.perLine,
      recordWord.group,
    )
    const [line, block, rest, blocks, start] = code.locals(valueType.i32, 5)
    const [firstLine, firstBlock, stride] = code.locals(valueType.i32, 3)
    const partials = writer.words(recordWord.partials, recordWord.partialStride)
    const spills = this.loops.flatMap((loop) => loop.spills)
    for (const node of spills) this.spilled.set(node, code.local(valueType.i32))
    writer.bind(['element', 'block'])
    writer.hoist()
    /** The line of a block, and its place in it. */
    const part = (unit: number, lineOf: number, blockOf: number): void => {
      code.get(unit, perLine).op(op.i32DivU).set(lineOf)
      code.get(unit, perLine).op(op.i32RemU).set(blockOf)
    }
    const toFirst = (): void => void code.get(firstLine).set(line).get(firstBlock).set(block)
    part(param.first, firstLine, firstBlock)
    code.get(size, group).op(op.i32Mul).i32(2).op(op.i32Shl).i32(16).op(op.i32Add).set(stride)
    const locate = (): void => {
      code.get(block, size).op(op.i32Mul).tee(start)
      code.get(line, length).op(op.i32Mul, op.i32Add).i32(2).op(op.i32Shl).set(this.base)
      code.get(length, start).op(op.i32Sub).set(rest)
      pushLesser(code, size, rest)
      code.set(this.count)
    }
    const eachBlock = (body: () => void): void => {
      toFirst()
      code.i32(0).set(this.slot)
      code.repeat(
        () => {
          locate()
          body()
          code.get(block).i32(1).op(op.i32Add).tee(block).get(perLine).op(op.i32Eq)
          code.when(() => {
            code.i32(0).set(block)
            code.get(line).i32(1).op(op.i32Add).set(line)
          })
        },
        () =>
          code.get(this.slot).i32(4).op(op.i32Add).tee(this.slot).get(blocks).i32(2).op(op.i32Shl, op.i32LtU),
      )
    }
    /** All weights of the group: blocks follow each other in memory. */
    const wholeGroup = (): void => {
      const [begin, last] = code.locals(valueType.i32, 2)
      toFirst()
      locate()
      code.get(this.base).set(begin)
      code.get(param.first, blocks).op(op.i32Add).i32(1).op(op.i32Sub).set(last)
      part(last, line, block)
      locate()
      code.get(this.base, begin).op(op.i32Sub).i32(2).op(op.i32ShrU).get(this.count).op(op.i32Add)
      code.set(this.count).get(begin).set(this.base)
    }
    code.repeat(
      () => {
        code.get(param.end, param.first).op(op.i32Sub).set(rest)
        pushLesser(code, group, rest)
        code.set(blocks)
        if (spills.length > 0) {
          toFirst()
          locate()
          spills.forEach((node, n) => {
            code.get(param.scratch).i32(this.frameBytes).op(op.i32Add).get(stride)
            code.i32(n).op(op.i32Mul, op.i32Add).get(this.base).op(op.i32Sub).set(this.spilled.get(node)!)
          })
        }
        this.loops.forEach((loop, at) => {
          const last = at === this.loops.length - 1
          const run = (whole = false): void => this.blockLoop(loop, last, partials, whole)
          if (this.crossesBlocks(loop)) {
            wholeGroup()
            run(true)
          } else if (!last || loop.roots.length > 0) eachBlock(run)
          if (loop.goal >= 0 && !last) this.between(loop.goal, blocks)
        })
        // After the weights: with blocks of one weight this array may be one of the inputs.
        this.storeBlocks(blocks)
        code.get(param.first, blocks).op(op.i32Add).set(param.first)
        part(param.first, firstLine, firstBlock)
      },
      () => code.get(param.first, param.end).op(op.i32LtU),
    )
    return { run: code, frameBytes: this.frameBytes, spills: spills.length }
  }

  private get frameBytes(): number {
    return 4 * FRAME * this.frames.length
  }

  private frame(node: LaneNode): number {
    return 4 * FRAME * this.frames.indexOf(node)
  }

  /** One loop over the weights of the current block; its reductions go to the frames or to the partials. */
  private blockLoop(
    loop: Loop,
    last: boolean,
    partials: readonly [number, number],
    wholeGroup: boolean,
  ): void {
    const { code, writer } = this
    const scope = new Scope(writer.scope)
    for (const node of loop.needs) {
      if (writer.plan.rate(node) !== 'block') continue
      code.get(param.scratch, this.slot).op(op.i32Add).vectorMemory(simd.load32Splat, this.frame(node))
      writer.keep(node, scope)
    }
    const { base, count, spilled: kept } = this
    const axis = alongAxis(writer, { base, count, kept, vectors: wholeGroup ? undefined : this.vectors })
    const { sums, maxima } = sweep(writer, axis, loop, scope)
    const { goal } = this.pass
    if (!last || goal === 'outputs') {
      for (const [node, total] of sums) {
        code.get(param.scratch, this.slot).op(op.i32Add)
        code.get(total).op(op.f32DemoteF64).memory(op.f32Store, this.frame(node))
      }
      for (const [node, largest] of maxima) {
        code.get(param.scratch, this.slot).op(op.i32Add).get(largest)
        code.vectorMemory(simd.store32Lane, this.frame(node), 0)
      }
      return
    }
    const unit = code.local(valueType.i32)
    code.get(this.slot).i32(2).op(op.i32ShrU).get(param.first).op(op.i32Add).set(unit)
    for (const [node, total] of sums) {
      writer.partial(...partials, goal.indexOf(node), unit)
      code.get(total).memory(op.f64Store)
    }
    for (const [node, largest] of maxima) {
      writer.partial(...partials, goal.indexOf(node), unit)
      code.get(largest).simd(simd.f64x2PromoteLowF32x4).simd(simd.f64x2ExtractLane, 0).memory(op.f64Store)
    }
  }

  /** Whether a loop knows no blocks: nothing to sum, no values of the block. */
  private crossesBlocks(loop: Loop): boolean {
    const { sums, maxima, roots, spills } = loop
    if (sums.length + maxima.length > 0 || roots.length + spills.length === 0) return false
    return loop.needs.every((node) => this.writer.plan.rate(node) !== 'block')
  }

  /** Values of the block after a level, for four blocks at a time. Lanes beyond the group hold anything. */
  private between(level: number, blocks: number): void {
    const { code, writer } = this
    const nodes = writer.plan.levels[level]!.values
    if (nodes.length === 0) return
    const at = code.local(valueType.i32)
    code.get(param.scratch).set(at)
    code.repeat(
      () => {
        const scope = new Scope(writer.scope)
        for (const node of new Set(nodes.flatMap((inner) => [...operandsOf(inner)]))) {
          if (writer.plan.rate(node) !== 'block' || nodes.includes(node)) continue
          code.get(at).vectorMemory(simd.load, this.frame(node))
          writer.keep(node, scope)
        }
        for (const node of nodes) {
          writer.define(node, scope)
          code.get(at, scope.find(node)!).vectorMemory(simd.store, this.frame(node))
        }
      },
      () => {
        code.get(at).i32(16).op(op.i32Add).tee(at)
        code.get(param.scratch, blocks).i32(2).op(op.i32Shl, op.i32Add, op.i32LtU)
      },
    )
  }

  private storeBlocks(blocks: number): void {
    const { code, writer } = this
    const names = writer.outputs('block')
    if (names.length === 0) return
    const [offset, slot] = code.locals(valueType.i32, 2)
    code.get(param.first).i32(2).op(op.i32Shl).set(offset).i32(0).set(slot)
    code.repeat(
      () => {
        for (const name of names) {
          writer.address('y', name, offset)
          code.get(slot).op(op.i32Add).get(param.scratch, slot).op(op.i32Add)
          code.memory(op.f32Load, this.frame(writer.output(name))).memory(op.f32Store)
        }
      },
      () => code.get(slot).i32(4).op(op.i32Add).tee(slot).get(blocks).i32(2).op(op.i32Shl, op.i32LtU),
    )
  }
}
