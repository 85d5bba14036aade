// The arguments of a kernel: a record of 32-bit words in memory, so that threads need only its address.
// Comes in: a pass's plan. Goes out: where each word stands. Source: docs/design/07-cpu.md.

import type { PassPlan } from './lane-pass.js'

/** Word positions of the layout; addresses and scalars follow. */
export const recordWord = Object.freeze({
  /** Weights of a line, counted along the axis. */
  length: 0,
  /** Weights of a block. */
  size: 1,
  /** Blocks of a line. */
  perLine: 2,
  /** Lanes beside each other: weights between two neighbours of a block. */
  inner: 3,
  /** Strips into which the inner lanes are cut. */
  strips: 4,
  /** Sums and maxima: one f64 a unit (blocks side by side: one a block) for each node of the goal. */
  partials: 5,
  /** Distance between the partials of two nodes, in bytes. */
  partialStride: 6,
  /** Blocks that go through each loop together, at most `FRAME`. */
  group: 7,
  arrays: 8,
})

/** Most blocks of a group: values of the block are kept in frames of as many f32. */
export const FRAME = 64

/** Inner lanes of a strip: the unit of work where blocks lie beside each other. */
export const STRIP = 64

/** Where a pass's arrays, outputs and scalars stand in its record, in words. */
export interface RecordLayout {
  readonly outputs: number
  readonly scalars: number
  readonly words: number
}

/** Lay out the record of a pass. */
export function recordLayout(plan: PassPlan): RecordLayout {
  const outputs = recordWord.arrays + plan.arrays.length
  const scalars = outputs + plan.outputs.length
  return { outputs, scalars, words: scalars + plan.scalars.length }
}
