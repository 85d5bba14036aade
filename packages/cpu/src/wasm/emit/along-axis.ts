// The axis of blocks whose weights are neighbours in memory: four of them a vector, the last ones through the
// same code. Comes in: where a block lies. Goes out: how a sweep runs along it. Source:
// docs/design/07-cpu.md.

import type { LaneNode } from '@lotion/core'
import { op, simd, valueType } from './function-writer.js'
import { isOneOtherwise, isZeroOrOne } from './node-forms.js'
import type { Filled, PassWriter } from './pass-writer.js'
import type { Axis, Sums } from './sweep.js'

/** Vectors in a row without a loop: the first number that divides a block's vectors. */
const unrolledSteps = [8, 7, 6, 5, 4, 3, 2, 1] as const

/** Locals that say where a sweep runs. */
export interface AlongPlace {
  /** Bytes of an array before the block. */
  readonly base: number
  /** Weights of the block. */
  readonly count: number
  /** How many vectors that is, if every block has as many and no weight is left over: it is unrolled. */
  readonly vectors: number | undefined
  /** Values kept in memory, each with an address that array offsets are added to. */
  readonly kept: ReadonlyMap<LaneNode, number>
}

/** Make the axis; a sum is one f64. */
export function alongAxis(writer: PassWriter, { base, count, vectors, kept }: AlongPlace): Axis<number> {
  const { code } = writer
  let [at, stop] = [0, 0]

  const mask = (filled: Filled): void => {
    if (filled === 'full') return
    code.words(0, 1, 2, 3).get(filled.lanes).simd(simd.i32x4Splat).simd(simd.i32x4LtS).simd(simd.and)
  }

  const sums: Axis<number>['sums'] = (nodes, loads) => {
    const totals = nodes.map((node) => [node, code.local(valueType.f64)] as const)
    const halves = nodes.map(() => code.locals(valueType.v128, 2))
    // Whole numbers add up exactly in any order: 0s and 1s are counted.
    const ones = nodes.map(({ of }) =>
      isZeroOrOne(of) && writer.plan.rate(of) === 'element' && !loads.includes(of) ? of : undefined,
    )
    return {
      totals,
      open: () => totals.forEach(([, total]) => code.f64(0).set(total)),
      clear: () => halves.flat().forEach((half) => code.splat(0).set(half)),
      add: (n, values, filled) => {
        const [low, high] = halves[n]!
        const choice = ones[n]
        if (choice) {
          // A mask is −1.
          code.get(low)
          values.pushMask(choice)
          mask(filled)
          code.simd(simd.i32x4Sub).set(low)
          return
        }
        const value = code.local(valueType.v128)
        values.push(nodes[n]!.of)
        mask(filled)
        code.set(value)
        code.get(low, value).simd(simd.f64x2PromoteLowF32x4).simd(simd.f64x2Add).set(low)
        code.get(high, value, value).lanes(2, 3, 2, 3)
        code.simd(simd.f64x2PromoteLowF32x4).simd(simd.f64x2Add).set(high)
      },
      close: (chunk) =>
        totals.forEach(([, total], n) => {
          const [low, high] = halves[n]!
          if (ones[n]) {
            for (const lane of [0, 1, 2, 3]) code.get(low).simd(simd.i32x4ExtractLane, lane)
            code.op(op.i32Add, op.i32Add, op.i32Add)
            if (isOneOtherwise(ones[n])) {
              const held = code.local(valueType.i32)
              code.set(held).get(chunk, held).op(op.i32Sub)
            }
            code.op(op.f64ConvertI32U).get(total).op(op.f64Add).set(total)
            return
          }
          // (s0 + s2) + (s1 + s3)
          code.get(low, high).simd(simd.f64x2Add).tee(low).simd(simd.f64x2ExtractLane, 0)
          code.get(low).simd(simd.f64x2ExtractLane, 1).op(op.f64Add)
          code.get(total).op(op.f64Add).set(total)
        }),
    } satisfies Sums<number>
  }

  /** As many vectors as are known, by straight code or a loop over a few of them. */
  const runKnown = (most: number, body: (filled: Filled, further: number) => void): void => {
    const step = unrolledSteps.find((n) => most % n === 0)!
    const some = (): void => {
      for (let n = 0; n < step; n++) body('full', 16 * n)
    }
    if (step === most) return some()
    const further = (count: number): void => {
      code
        .get(at)
        .i32(16 * count)
        .op(op.i32Add)
    }
    further(most)
    code.set(stop)
    code.repeat(some, () => {
      further(step)
      code.tee(at).get(stop).op(op.i32LtU)
    })
  }

  return {
    count,
    isOneChunk: vectors !== undefined,
    sums,
    open: (local) => {
      at = local
      stop = code.local(valueType.i32)
      code.get(base).set(at)
    },
    run: (weights, body) => {
      if (vectors !== undefined) return runKnown(vectors, body)
      code.get(at, weights).i32(-4).op(op.i32And).i32(2).op(op.i32Shl, op.i32Add).tee(stop)
      code
        .get(at)
        .op(op.i32GtU)
        .when(() => {
          code.repeat(
            () => body('full'),
            () => code.get(at).i32(16).op(op.i32Add).tee(at).get(stop).op(op.i32LtU),
          )
        })
      const tail = code.local(valueType.i32)
      code.get(weights).i32(3).op(op.i32And).tee(tail)
      code.when(() => body({ lanes: tail }))
    },
    kept: (node) => void code.get(kept.get(node)!, at).op(op.i32Add),
    mask,
    settle: (local) => {
      code.get(local, local, local).lanes(2, 3, 0, 1).simd(simd.f32x4PMax).tee(local)
      code.get(local, local).lanes(1, 0, 3, 2).simd(simd.f32x4PMax).set(local)
    },
  }
}
