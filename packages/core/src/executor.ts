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
   * @param calls Formulas with their arrays; arrays of one call have the same size.
   */
  lanes(calls: readonly LaneCall<A>[]): readonly Tree<A>[]
  /**
   * Uniforms in [0, 1) by key, one per weight.
   * @param key The same key gives the same numbers, on every executor.
   * @param length How many, at least 0.
   */
  uniforms(key: RandomKey, length: number): A
  /**
   * Make an array of zeros. `near` is an array it will be used with, such as the weights of a moment: an
   * executor with several memories puts both into the same if it has room. Results do not depend on it.
   * @param shape Extents; the array is flat, its last axis is contiguous.
   * @param near An array that it will be used with. Default: none.
   */
  zeros(shape: Shape, near?: A): A
  /**
   * Copy values from the host; `near` as in `zeros`.
   * @param data One value an element, the last axis contiguous.
   * @param shape Extents of the array.
   * @param near An array that it will be used with. Default: none.
   * @throws if their count does not fit the shape.
   */
  upload(data: Float32Array, shape: Shape, near?: A): A
  /** Copy values to the host. @param x An array of this executor. */
  read(x: A): Promise<Float32Array>
  /**
   * Give an array's memory back without waiting for the garbage collector; it cannot be used after that.
   * Calls that read it before are not disturbed. Executors whose arrays are garbage like any other object
   * leave it out.
   * @param x An array of this executor; it cannot be used again.
   */
  free?(x: A): void
}
