// One loop over the weights of blocks, whichever way their weights lie: what it sums, maximises, stores and
// leaves in memory. Comes in: a loop, and the axis that it runs along. Goes out: instructions, and where
// results are. Source: docs/design/07-cpu.md; order of sums: sumInOrder in @lotion/core.

import type { LaneNode, ReduceNode } from '@lotion/core'
import { SUM_CHUNK } from '@lotion/core/internal'
import { op, simd, valueType } from './function-writer.js'
import type { Loop } from './pass-loops.js'
import { pushLesser, type Filled, type PassWriter } from './pass-writer.js'
import { Scope, type VectorExpression } from './vector-expression.js'

/** The sums of a loop, as an axis accumulates them; `T` is the locals with a sum. */
export interface Sums<T> {
  readonly totals: readonly (readonly [node: ReduceNode, total: T])[]
  /** Set all to 0. */
  open(): void
  /** Begin a chunk. */
  clear(): void
  /** Add the n-th sum's terms at the current weights. */
  add(n: number, values: VectorExpression, filled: Filled): void
  /** End a chunk of as many weights as a local says. */
  close(chunk: number): void
}

/** How a loop runs: four weights of a block a vector, or the same weight of four blocks. */
export interface Axis<T> {
  /** A local with the weights of a block. */
  readonly count: number
  /** Whether these are known to be one chunk of a sum. */
  readonly isOneChunk: boolean
  sums(nodes: readonly ReduceNode[], loads: readonly LaneNode[]): Sums<T>
  /** Set the local with the bytes before the current weights to the first of them. */
  open(at: number): void
  /** Write `body` for as many weights as a local says; `further`: constant bytes beyond the current ones. */
  run(count: number, body: (filled: Filled, further?: number) => void): void
  /** Push the address of a kept value for the current weights. */
  kept(node: LaneNode): void
  /** Set lanes that are not of the block to 0. */
  mask(filled: Filled): void
  /** Combine what maxima have in the lanes of a vector, if these are of one block. */
  settle(largest: number): void
}

/** Locals with the results of a loop. */
export interface SweepResult<T> {
  readonly sums: Sums<T>['totals']
  /** Maxima, a vector each. */
  readonly maxima: readonly (readonly [node: ReduceNode, largest: number])[]
}

/** Write a loop; `scope` has the values of the call and of the block. */
export function sweep<T>(writer: PassWriter, axis: Axis<T>, loop: Loop, scope: Scope): SweepResult<T> {
  const { code } = writer
  const { roots, loads, spills, stores } = loop
  const sums = axis.sums(loop.sums, loads)
  const maxima = loop.maxima.map((node) => [node, code.local(valueType.v128)] as const)
  const [at, left, chunk] = code.locals(valueType.i32, 3)
  const body = (filled: Filled, further = 0): void => {
    const inner = new Scope(scope)
    for (const node of loads) {
      axis.kept(node)
      code.vectorMemory(simd.load, further)
      writer.keep(node, inner)
    }
    const values = writer.expression([...roots, ...spills], inner, at, further)
    loop.sums.forEach((_, n) => sums.add(n, values, filled))
    for (const [{ of }, local] of maxima) {
      code.get(local)
      values.push(of)
      axis.mask(filled)
      code.simd(simd.f32x4PMax).set(local)
    }
    for (const node of spills) {
      axis.kept(node)
      values.push(node)
      code.vectorMemory(simd.store, further)
    }
    // All values first: an output may overwrite an input.
    const stored = stores.map((name) => {
      const local = code.local(valueType.v128)
      values.push(writer.output(name))
      code.set(local)
      return [name, local] as const
    })
    writer.store(stored, at, filled, further)
  }
  axis.open(at)
  for (const [, local] of maxima) code.splat(0).set(local)
  const sumChunk = (): void => {
    sums.clear()
    axis.run(chunk, body)
    sums.close(chunk)
  }
  if (loop.sums.length === 0) axis.run(axis.count, body)
  else {
    sums.open()
    if (axis.isOneChunk) {
      code.get(axis.count).set(chunk)
      sumChunk()
    } else {
      const most = code.local(valueType.i32)
      code.get(axis.count).set(left).i32(SUM_CHUNK).set(most)
      code.repeat(
        () => {
          pushLesser(code, left, most)
          code.set(chunk)
          sumChunk()
        },
        () => code.get(left, chunk).op(op.i32Sub).tee(left),
      )
    }
  }
  for (const [, local] of maxima) axis.settle(local)
  return { sums: sums.totals, maxima }
}
