// The contracts through which packages meet: what flows between an engine, an executor and the training loop.
// Comes in: nothing. Goes out: types only. Source: docs/design/01-architecture.md.

import type { RandomKey } from './numbers/threefry.js'

/** Name a set of arrays: parameter name → array. */
export type Tree<A> = Readonly<Record<string, A>>

/** List the extents of an array, slowest axis first. `[]` is a scalar. */
export type Shape = readonly number[]

/** Hold one input array of a batch on the host. Token ids are `Int32Array`, all else `Float32Array`. */
export interface HostArray {
  /** The values, row by row: the last axis runs fastest. */
  readonly data: Float32Array | Int32Array
  /** Extents; their product is the length of `data`. */
  readonly shape: Shape
}

/** Name the arrays of one batch: `{ x: tokens, y: targets }`. */
export type Batch = Tree<HostArray>

/** Integers that a batch array of ids may hold: 0 … `below` − 1. */
export interface IdRange {
  /** Number of ids: the vocabulary, the classes. */
  readonly below: number
  /** One further value that stands for no id, such as −100 for a target that does not count. */
  readonly ignore?: number
}

/**
 * Describe a differentiable loss over tensors of type `T` (for tfjs engines, `tf.Tensor`). `loss` must be a
 * pure function of its arguments: whatever else it reads would be frozen by a tracing engine.
 */
export interface Program<T> {
  /** Stands in error messages of the engines. */
  readonly name: string
  /** Parameter shapes by name; the order of the keys is the order of the parameters. */
  readonly shapes: Tree<Shape>
  /**
   * Scalar mean loss.
   * @param params The weights by name, in the declared shapes.
   * @param batch The arrays of one batch by name.
   */
  loss(params: Tree<T>, batch: Tree<T>): T
  /**
   * How many loss terms `loss` averages: B examples, or B × T tokens of a language model.
   * @param batch The arrays of one batch on the host, as `run` gets them.
   */
  terms(batch: Batch): number
  /**
   * Ranges of the batch arrays that hold ids. Engines refuse other values before the step runs, and batches
   * in which every id of an array is to be ignored. An array of ids that is looked up or one-hot encoded as
   * it came is held to the table's extent without being declared.
   */
  readonly ids?: Tree<IdRange>
  /** No loss can be lower, such as 0 for a cross-entropy: a lower one is an error. Default: no bound. */
  readonly leastLoss?: number
}

/**
 * Name a quantity that a gradient step can deliver beside the loss. `gradient`, raw (before clipping and
 * penalties), always comes; any other is known only to the engines that deliver it and the estimators that
 * need it.
 */
export interface Signal<N extends string = string> {
  /** What formulas read it by, such as `curvature`. */
  readonly name: N
  /** One value a weight (default), or one number a parameter. */
  readonly per?: 'weight' | 'parameter'
  /**
   * Needed at every so-manieth update of the run, the first one included; a formula finds `undefined` between
   * them. Default 1.
   */
  readonly every?: number
  /**
   * How it scales with the weights: as a gradient, of either sign, or as a curvature (default), which is a
   * gradient's square or a second derivative. Laws of plug-ins make up values by it.
   */
  readonly units?: 'gradient' | 'curvature'
}

/** Report what one gradient evaluation found. */
export interface GradientResult<A> {
  /** The loss at the given point, a mean over `terms`. */
  readonly loss: number
  /** Loss terms averaged in `loss`; the Fisher estimate is scaled by it (see `@lotion/fisher`). */
  readonly terms: number
  /** ∂loss/∂w at the given point. Owned by the engine: valid until its next run. */
  readonly gradients: Tree<A>
  /**
   * Further signals by name, each by parameter, such as `curvature`: the diagonal of the Gauss–Newton matrix
   * at the given point. Those that were not asked for may be left out.
   */
  readonly signals?: Tree<Tree<A | number>>
}

/** Evaluate loss and gradients at a point: the engine's half of a training step. */
export interface GradientStep<A> {
  /** Stands in error messages. */
  readonly name: string
  /** Signals that it delivers where they are asked for, beside the gradient. Default: none. */
  readonly delivers?: readonly (string | Signal)[]
  /**
   * Evaluate loss, gradients and signals for one batch.
   * @param params Every declared parameter, one value a weight.
   * @param batch The arrays that the program reads, on the host.
   * @param wanted Signals that this step must bring, of those that it delivers. Default: none.
   * @param key Of the random draws that signals are made with: the same key, the same bits.
   * @throws if a parameter or batch array is missing, empty or of another size than declared, or an id is out
   * of range.
   */
  run(params: Tree<A>, batch: Batch, wanted?: readonly string[], key?: RandomKey): Promise<GradientResult<A>>
  /** Free what the step holds; it cannot run after that. */
  close(): Promise<void>
}

/** Evaluate a pure function of parameters and a batch, without gradients. */
export interface ForwardStep<A> {
  /** Stands in error messages. */
  readonly name: string
  /**
   * Outputs are owned by the engine: valid until its next run.
   * @param params Every declared parameter, one value a weight.
   * @param batch The arrays that the function reads, on the host.
   */
  run(params: Tree<A>, batch: Batch): Promise<Tree<A>>
  /** Free what the step holds; it cannot run after that. */
  close(): Promise<void>
}

/** Makes zeroed arrays that an executor can work on in place. */
export interface Allocator<A> {
  /**
   * Make zeroed arrays by name, each near the array of that name in `near`, if any; see `Executor.zeros`.
   * @param shapes Extents of each array.
   * @param near Arrays by the same names that these will be used with.
   */
  allocate(shapes: Tree<Shape>, near?: Tree<A>): Tree<A>
}

/** Compile programs over tensors `T` into steps over arrays `A`. */
export interface Engine<T, A> {
  /** Stands in error messages and in records of runs. */
  readonly name: string
  /**
   * Make zeroed arrays that the engine reads in place, without copies; `near` as in `Allocator`.
   * @param shapes Extents of each array.
   * @param near Arrays by the same names that these will be used with.
   */
  allocate(shapes: Tree<Shape>, near?: Tree<A>): Tree<A>
  /**
   * Compile loss and gradients of a program.
   * @param program Loss, shapes and ranges of ids; it may be traced once, or called at every step.
   * @param of Parameters whose gradients are wanted; others are not computed, nor in the results. Default:
   * all.
   * @throws TypeError if `of` names no parameter of the program.
   */
  gradients(program: Program<T>, of?: readonly string[]): GradientStep<A>
  /**
   * Compile a function of parameters and a batch; every output is delivered under its name.
   * @param fn A pure function of the weights and a batch, both by name.
   * @param name Stands in error messages.
   * @param ids Ranges of the batch arrays that hold ids, as a program declares them. Default: none declared.
   */
  forward(
    fn: (params: Tree<T>, batch: Tree<T>) => Tree<T>,
    name?: string,
    ids?: Tree<IdRange>,
  ): ForwardStep<A>
}
