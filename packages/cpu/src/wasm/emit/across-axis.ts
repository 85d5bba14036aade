// The axis of blocks that lie beside each other in memory: the same weight of four blocks a vector, row by
// row. Comes in: where the blocks lie. Goes out: how a sweep runs down them. Source: docs/design/07-cpu.md.

import type { LaneNode } from '@lotion/core'
import { op, simd, valueType } from './function-writer.js'
import type { Filled, PassWriter } from './pass-writer.js'
import type { Axis, Sums } from './sweep.js'

/** Sums of four blocks: two vectors of two f64. */
export type Halves = readonly [low: number, high: number]

/** Locals that say where a sweep runs. */
export interface AcrossPlace {
  /** Bytes of an array before the blocks' first weights. */
  readonly base: number
  /** Weights of a block. */
  readonly count: number
  /** Bytes from one weight of a block to the next. */
  readonly stride: number
  /** Which of the four are blocks. */
  readonly filled: Filled
  /** Addresses of values kept in memory, a vector a row. */
  readonly kept: ReadonlyMap<LaneNode, number>
  /** The current row, in bytes of them. */
  readonly row: number
}

/** Make the axis; a sum is four f64, one a block. */
export function acrossAxis(
  writer: PassWriter,
  { base, count, stride, filled, kept, row }: AcrossPlace,
): Axis<Halves> {
  const { code } = writer
  let [at, k] = [0, 0]

  const sums: Axis<Halves>['sums'] = (nodes) => {
    const totals = nodes.map((node) => [node, code.locals(valueType.v128, 2)] as const)
    // Accumulators of the chunk: four in turn, each of two halves.
    const turns = nodes.map(() => [code.locals(valueType.v128, 4), code.locals(valueType.v128, 4)] as const)
    return {
      totals,
      open: () => totals.forEach(([, halves]) => halves.forEach((half) => code.splat(0).set(half))),
      clear: () => turns.flat(2).forEach((local) => code.splat(0).set(local)),
      add: (n, values) => {
        const value = code.local(valueType.v128)
        values.push(nodes[n]!.of)
        code.set(value)
        turns[n]!.forEach(([p, q, u, v], half) => {
          code.get(p, value)
          if (half === 1) code.get(value).lanes(2, 3, 2, 3)
          code.simd(simd.f64x2PromoteLowF32x4).simd(simd.f64x2Add)
          // Rotating keeps the pairs (first, third) and (second, fourth) together whatever the count.
          code.get(q).set(p).get(u).set(q).get(v).set(u).set(v)
        })
      },
      close: () =>
        totals.forEach(([, halves], n) =>
          turns[n]!.forEach(([p, q, u, v], half) => {
            const total = halves[half as 0 | 1]
            code.get(p, u).simd(simd.f64x2Add).get(q, v).simd(simd.f64x2Add).simd(simd.f64x2Add)
            code.get(total).simd(simd.f64x2Add).set(total)
          }),
        ),
    } satisfies Sums<Halves>
  }

  return {
    count,
    isOneChunk: false,
    sums,
    open: (local) => {
      at = local
      k = code.local(valueType.i32)
      code.get(base).set(at).i32(0).set(row)
    },
    run: (weights, body) => {
      code.get(weights).set(k)
      code.repeat(
        () => {
          body(filled)
          code.get(at, stride).op(op.i32Add).set(at)
          if (kept.size > 0) code.get(row).i32(16).op(op.i32Add).set(row)
        },
        () => code.get(k).i32(1).op(op.i32Sub).tee(k),
      )
    },
    kept: (node) => void code.get(kept.get(node)!, row).op(op.i32Add),
    // A lane is a block of its own: what is in those that are none is not stored.
    mask: () => undefined,
    settle: () => undefined,
  }
}
