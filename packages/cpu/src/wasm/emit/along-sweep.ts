// One loop over the weights of a block whose weights are neighbours: four a vector, the last ones through the same code.
// Comes in: what to sum, to maximise, to store, and to leave in memory. Goes out: instructions, and where results are.
// Source: docs/design/07-cpu.md; order of sums: sumInOrder in @lotion/core.

import { SUM_CHUNK, type LaneNode, type ReduceNode } from '@lotion/core'
import { OP, SIMD, TYPE } from './function-writer.js'
import type { Loop } from './pass-loops.js'
import { isOneOtherwise, isZeroOrOne } from './node-forms.js'
import { pushLesser, type Filled, type PassWriter } from './pass-writer.js'
import { Scope } from './vector-expression.js'

/** Vectors in a row without a loop: the first number that divides a block's vectors. */
const UNROLLED = [8, 7, 6, 5, 4, 3, 2, 1] as const

/** A loop, and the locals that say where it runs. */
export interface SweepOptions {
  readonly loop: Loop
  /** Values of the call and of the block. */
  readonly scope: Scope
  /** Values that earlier loops have left in memory, each with an address that array offsets are added to. */
  readonly loads: readonly (readonly [node: LaneNode, address: number])[]
  /** Values to leave in memory. */
  readonly spills: readonly (readonly [node: LaneNode, address: number])[]
  /** Bytes of an array before the block. */
  readonly base: number
  /** Weights of the block. */
  readonly count: number
  /** How many vectors that is, if it is the same for every block and no weight is left over: the loop is unrolled. */
  readonly vectors: number | undefined
}

/** Locals with the results of a loop. */
export interface SweepResult {
  /** Sums, as f64. */
  readonly sums: readonly (readonly [node: ReduceNode, total: number])[]
  /** Maxima, in all lanes of a vector. */
  readonly maxima: readonly (readonly [node: ReduceNode, largest: number])[]
}

/** Write the loop. */
export function alongSweep(
  writer: PassWriter,
  { loop, scope, loads, spills, base, count: whole, vectors }: SweepOptions,
): SweepResult {
  const { code } = writer
  const { sums, maxima, stores } = loop
  const totals = sums.map((node) => [node, code.local(TYPE.f64)] as const)
  const halves = sums.map(() => [code.local(TYPE.v128), code.local(TYPE.v128)] as const)
  const loaded = new Set(loads.map(([node]) => node))
  // Whole numbers add up exactly in any order: 0s and 1s are counted.
  const ones = sums.map(({ of }) =>
    isZeroOrOne(of) && writer.plan.rate(of) === 'element' && !loaded.has(of) ? of : undefined,
  )
  const largest = maxima.map((node) => [node, code.local(TYPE.v128)] as const)
  const [at, left, chunk, stop] = [0, 0, 0, 0].map(() => code.local(TYPE.i32)) as [
    number,
    number,
    number,
    number,
  ]
  const body = (filled: Filled, further = 0): void => {
    const inner = new Scope(scope)
    for (const [node, address] of loads) {
      code.get(address, at).op(OP.i32Add).vectorMemory(SIMD.load, further)
      writer.keep(node, inner)
    }
    const values = writer.expression([...loop.roots, ...loop.spills], inner, at, further)
    const within = (lanes: Filled): void => {
      if (lanes === 'full') return
      code.words(0, 1, 2, 3).get(lanes.lanes).simd(SIMD.i32x4Splat).simd(SIMD.i32x4LtS).simd(SIMD.and)
    }
    const push = (node: LaneNode): void => {
      values.push(node)
      within(filled)
    }
    sums.forEach(({ of }, i) => {
      const [low, high] = halves[i]!
      const choice = ones[i]
      if (choice) {
        // A mask is −1.
        code.get(low)
        values.pushMask(choice)
        within(filled)
        code.simd(SIMD.i32x4Sub).set(low)
        return
      }
      const value = code.local(TYPE.v128)
      push(of)
      code.set(value)
      code.get(low, value).simd(SIMD.f64x2PromoteLowF32x4).simd(SIMD.f64x2Add).set(low)
      code
        .get(high, value, value)
        .lanes(2, 3, 2, 3)
        .simd(SIMD.f64x2PromoteLowF32x4)
        .simd(SIMD.f64x2Add)
        .set(high)
    })
    largest.forEach(([{ of }, local]) => {
      code.get(local)
      push(of)
      code.simd(SIMD.f32x4PMax).set(local)
    })
    for (const [node, address] of spills) {
      code.get(address, at).op(OP.i32Add)
      values.push(node)
      code.vectorMemory(SIMD.store, further)
    }
    // All values first: an output may overwrite an input.
    const stored = stores.map((name) => {
      const local = code.local(TYPE.v128)
      values.push(writer.output(name))
      code.set(local)
      return [name, local] as const
    })
    writer.store(stored, at, filled, further)
  }
  /** As many vectors as are known, by straight code or a loop over a few of them. */
  const runKnown = (most: number): void => {
    const step = UNROLLED.find((n) => most % n === 0)!
    const some = (): void => {
      for (let n = 0; n < step; n++) body('full', 16 * n)
    }
    if (step === most) return some()
    code
      .get(at)
      .i32(16 * most)
      .op(OP.i32Add)
      .set(stop)
    code.repeat(some, () =>
      code
        .get(at)
        .i32(16 * step)
        .op(OP.i32Add)
        .tee(at)
        .get(stop)
        .op(OP.i32LtU),
    )
  }
  const run = (count: number): void => {
    if (vectors !== undefined) return runKnown(vectors)
    code.get(at, count).i32(-4).op(OP.i32And).i32(2).op(OP.i32Shl, OP.i32Add).tee(stop)
    code
      .get(at)
      .op(OP.i32GtU)
      .when(() => {
        code.repeat(
          () => body('full'),
          () => code.get(at).i32(16).op(OP.i32Add).tee(at).get(stop).op(OP.i32LtU),
        )
      })
    const tail = code.local(TYPE.i32)
    code
      .get(count)
      .i32(3)
      .op(OP.i32And)
      .tee(tail)
      .when(() => body({ lanes: tail }))
  }
  code.get(base).set(at)
  for (const [, local] of largest) code.splat(0).set(local)
  if (sums.length === 0) run(whole)
  else {
    for (const [, total] of totals) code.f64(0).set(total)
    const sumChunk = (): void => {
      for (const half of halves.flat()) code.splat(0).set(half)
      run(chunk)
      totals.forEach(([, total], i) => {
        const [low, high] = halves[i]!
        if (ones[i]) {
          for (const lane of [0, 1, 2, 3]) code.get(low).simd(SIMD.i32x4ExtractLane, lane)
          code.op(OP.i32Add, OP.i32Add, OP.i32Add)
          if (isOneOtherwise(ones[i])) {
            const held = code.local(TYPE.i32)
            code.set(held).get(chunk, held).op(OP.i32Sub)
          }
          code.op(OP.f64ConvertI32U).get(total).op(OP.f64Add).set(total)
          return
        }
        // (s0 + s2) + (s1 + s3)
        code.get(low, high).simd(SIMD.f64x2Add).tee(low).simd(SIMD.f64x2ExtractLane, 0)
        code.get(low).simd(SIMD.f64x2ExtractLane, 1).op(OP.f64Add)
        code.get(total).op(OP.f64Add).set(total)
      })
    }
    if (vectors !== undefined) {
      code.get(whole).set(chunk)
      sumChunk()
    } else {
      const most = code.local(TYPE.i32)
      code.get(whole).set(left).i32(SUM_CHUNK).set(most)
      code.repeat(
        () => {
          pushLesser(code, left, most)
          code.set(chunk)
          sumChunk()
        },
        () => code.get(left, chunk).op(OP.i32Sub).tee(left),
      )
    }
  }
  for (const [, local] of largest) {
    code.get(local, local, local).lanes(2, 3, 0, 1).simd(SIMD.f32x4PMax).tee(local)
    code.get(local, local).lanes(1, 0, 3, 2).simd(SIMD.f32x4PMax).set(local)
  }
  return { sums: totals, maxima: largest }
}
