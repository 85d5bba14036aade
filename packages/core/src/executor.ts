// The executor's contract: run lane functions over arrays of one kind.
// Comes in: lane functions with their arrays and scalars. Goes out: arrays. Source: docs/design/02-lanes.md.

import type { BlockLayout } from './blocks.js'
import type { LaneFn } from './lanes/lane.js'
import type { BinaryOp, UnaryOp } from './lanes/node.js'
import type { RandomKey } from './numbers/threefry.js'
import type { Shape, Tree } from './contracts.js'

/** One lane function with what it reads and, if it may write in place, where to. */
export interface LaneCall<A> {
  /** The formula to run over every weight. */
  readonly fn: LaneFn
  /** Every input and scalar by name. */
  readonly inputs: Tree<A | number>
  /** Blocks of the weights; without it all weights are one block. */
  readonly layout?: BlockLayout
  /** Outputs to write to these arrays, which may be inputs of this call but of no other. Others are made. */
  readonly into?: Tree<A>
}

/** How far an executor's operations may be from correct rounding, measured on its device. */
export interface ErrorBounds {
  /** Largest error of an operation on ordinary numbers, in units in the last place. 0 where not named. */
  readonly ulp?: Readonly<Partial<Record<UnaryOp | BinaryOp, number>>>
  /** Numbers under 2^−126 in magnitude may be taken for 0, as operands and as results. */
  readonly flushes?: boolean
}

/**
 * Run lane functions over arrays `A`. Results equal the evaluation of the same graph in the executor's
 * arithmetic: f32 results bit for bit where the platform's operations round as IEEE 754 says.
 */
export interface Executor<A> {
  /** Stands in error messages and in records of runs. */
  readonly name: string
  /** Which evaluation its results are compared with: `f64`, or the twin that rounds every node to f32. */
  readonly arithmetic: 'f64' | 'f32'
  /** Where results may differ from the evaluation; without it they equal it bit for bit. */
  readonly bounds?: ErrorBounds
  /**
   * Run several calls as one: totals of the same name add up over them, in the order of the calls. An output
   * per weight has the inputs' size, one per block `layout.blocks` values, one per call a single value.
   */
  lanes(calls: readonly LaneCall<A>[]): readonly Tree<A>[]
  /** Uniforms in [0, 1) by key, one per weight. */
  uniforms(key: RandomKey, length: number): A
  /**
   * Make an array of zeros. `near` is an array it will be used with, such as the weights of a moment: an
   * executor with several memories puts both into the same if it has room. Results do not depend on it.
   */
  zeros(shape: Shape, near?: A): A
  /** Copy values from the host; `near` as in `zeros`. @throws if their count does not fit the shape. */
  upload(data: Float32Array, shape: Shape, near?: A): A
  /** Copy values to the host. */
  read(x: A): Promise<Float32Array>
  /**
   * Give an array's memory back without waiting for the garbage collector; it cannot be used after that.
   * Calls that read it before are not disturbed. Executors whose arrays are garbage like any other object
   * leave it out.
   */
  free?(x: A): void
}
