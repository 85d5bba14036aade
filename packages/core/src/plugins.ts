// What other packages can add: formats, noises, Fishers, transformations. Plain frozen records of pure
// functions. Comes in: nothing. Goes out: types only. Source: docs/design/01-architecture.md.

import type { Block, BlockAxis } from './blocks.js'
import type { StoredCodes } from './codes.js'
import type { Shape, Signal, Tree } from './contracts.js'
import type { Lane, LaneFn } from './lanes/lane.js'

/**
 * Where x stands on the grid: below ≤ lo ≤ x ≤ hi ≤ above. lo === hi on a grid point and beyond the ends.
 * `below` and `above` are the next points outside [lo, hi], or the end of the grid.
 */
export interface Site {
  /** The weight in scaled units. */
  readonly x: Lane
  /** The next point under `lo`, or the lowest of the grid. */
  readonly below: Lane
  /** The largest point that is not above x; beyond an end, that end. */
  readonly lo: Lane
  /** The smallest point that is not below x; beyond an end, that end. */
  readonly hi: Lane
  /** The next point over `hi`, or the highest of the grid. */
  readonly above: Lane
  /** The neighbour with the even code: where nearest rounding goes on a tie (IEEE 754, OCP MX). */
  readonly even: Lane
  /** The same place in fewer operations, if the grid knows it. */
  readonly cell?: Cell
}

/** The cell between lo and hi. */
export interface Cell {
  /** x − lo or hi − x, whichever costs less: how far an end of the cell is; beyond the grid, its end. */
  readonly offset: Lane
  /** hi − lo, exactly. */
  readonly gap: Lane
  /** x lies between lo and hi, whatever the weight: offset is not negative and not above gap. */
  readonly isInside: boolean
}

/** The representable values of a format, in scaled units. */
export interface Grid {
  /** Stands in error messages, such as `int4`. */
  readonly name: string
  /** All points, ascending. The truth that `around` is checked against. */
  readonly points: readonly number[]
  /**
   * Find the neighbours of x as lanes.
   * @param x The weight divided by its scale.
   * @param isBounded |x| is not above the largest point: nothing has to be clipped.
   */
  around(x: Lane, isBounded?: boolean): Site
}

/** A weight in grid units and its scale: a grid value c stands for c · scale. */
export interface Scaled {
  /** The weight divided by its scale: its place among the points of the grid. */
  readonly x: Lane
  /** What one unit of the grid is worth, one value a block (or a tensor). */
  readonly scale: Lane
  /** What the scale knows of the weights (their absmax, the tensor's): held, the scale is a constant. */
  readonly statistics: readonly Lane[]
  /** What a scale that is rounded is proportional to: penalties take scale / follows for its slope of 0. */
  readonly follows?: Lane
  /** The numbers that are stored, if the scale is a product: the block's own, and the tensor's. */
  readonly factors?: Readonly<Record<'block' | 'tensor', Lane>>
  /** |x| is not above the largest point, whatever the weights. Not known if absent. */
  readonly isBounded?: boolean
}

/** How a block's scale follows from its weights. */
export interface ScaleRule {
  /** Stands in error messages, such as `absmax`. */
  readonly name: string
  /** What the rule says of itself; the laws of `@lotion/conformance` hold it to that. */
  readonly claims: {
    /** The scale is continuous in the weights. */
    readonly continuous: boolean
    /** Weights may lie beyond the ends of the grid: they are clipped, and rounding them is biased. */
    readonly saturates: boolean
    /** Scales may be below 0: a grid that is not symmetric is turned over. None is, if absent. */
    readonly signed?: boolean
    /**
     * Whether on this grid a cast weight is representable: casting again moves it by no more than the
     * rounding of its scale. It is, if absent.
     * @param grid The points that scaled weights are rounded to.
     */
    repeats?(grid: Grid): boolean
    /**
     * Whether on this grid a cast weight is its point to the bit: casting again gives the same bits, x is the
     * point, no noise that keeps points moves it. Not said if absent or `undefined`.
     * @param grid The points that scaled weights are rounded to.
     */
    isExact?(grid: Grid): boolean | undefined
  }
  /** Bits that store one block's scale. */
  readonly bits: number
  /** Number type of a block's scale, by the name of its `ScaleCodes`; absent if no scale is stored. */
  readonly stored?: string
  /** Bits that are stored once a tensor. Default 0. */
  readonly tensorBits?: number
  /**
   * The largest magnitude that the scale covers on a grid: weights beyond are clipped, whatever the claims
   * say. Not known if absent.
   * @param grid Its largest point counts.
   */
  reach?(grid: Grid): number
  /**
   * Scale a weight; to be used in a lane function whose layout has the format's blocks.
   * @param w One value a weight.
   * @param grid Where the weight is to be placed.
   */
  scaled(w: Lane, grid: Grid): Scaled
}

/** A quantized number format: blocks of weights, each with a scale, on a common grid. */
export interface NumberFormat {
  /** What it is chosen and recorded by, such as `int4`. */
  readonly name: string
  /** Bits of one code, without the scale. */
  readonly bits: number
  /** The weights that share a scale. */
  readonly block: Block
  /** The blocks of the published standard whose name it bears; with others it is no longer that standard. */
  readonly standardBlock?: Block
  /** How the scale of a block follows from its weights. */
  readonly scale: ScaleRule
  /** The points that scaled weights are rounded to. */
  readonly grid: Grid
  /** How it stands in files; without it no packed file can be written. */
  readonly packing?: StoredCodes
}

/** One outcome of a rounding law. */
export interface Atom {
  /** Where x may go, in scaled units. */
  readonly value: Lane
  /** Its probability, in [0, 1]; those of a law add up to 1. */
  readonly mass: Lane
}

/** A law of rounding on the grid. */
export interface Noise {
  /** What it is chosen and recorded by, such as `randomized-rounding`. */
  readonly name: string
  /** What the law says of itself; the laws of `@lotion/conformance` hold it to that. */
  readonly claims: {
    /** E[q] = x between the ends of the grid. */
    readonly unbiased: boolean
    /** The variance is continuous in x. */
    readonly continuous: boolean
    /** A grid point is rounded to itself with certainty. */
    readonly preserving: boolean
    /** Every outcome is a grid point. Not said if absent. */
    readonly onGrid?: boolean
    /** E[f(q)] has a continuous derivative by x inside the grid, for continuous f. Absent: not claimed. */
    readonly smooth?: boolean
  }
  /** The exact law, if of finitely many outcomes, in ascending order. @param at x and its neighbours. */
  atoms?(at: Site): readonly Atom[]
  /** E[(q − x)²] in scaled units squared. @param at x and its neighbours. */
  variance(at: Site): Lane
  /** Outcome, non-decreasing in u. @param at x and its neighbours. @param u Uniform in [0, 1). */
  sample(at: Site, u: Lane): Lane
}

/** Where a run stands. */
export interface StepInfo {
  /** Steps taken before this one. */
  readonly step: number
  /** Steps of the whole run. */
  readonly steps: number
  /** Loss terms averaged in the gradient. */
  readonly terms: number
  /**
   * Updates that this parameter has had before, for bias corrections: fewer than `step` where it joined late
   * or was frozen for a while. Default: `step`.
   */
  readonly updates?: number
}

/** The lanes a part of a step reads, by local name: weight, signals, slots, borrowed values, scalars. */
export type StepLanes = Readonly<Record<string, Lane>>

/** What the formula of a transformation returns: the next update, and new values of its slots. */
export type UpdateLanes = StepLanes & {
  /** What the next part of the chain takes up; the last one is added to the weight. */
  readonly update: Lane
}

/**
 * A diagonal curvature estimate. Its state is one array per slot and parameter; everything is lanes, so it
 * fuses into the pass that updates the weights.
 */
export interface FisherEstimator {
  /** Stands in records and error messages, such as `empirical`. */
  readonly name: string
  /** Signals that `observe` and the formulas read; an updater asks the gradient step for them. */
  readonly needs: readonly Signal[]
  /** Local names of its arrays, one value a weight; they start from 0. */
  readonly slots: readonly string[]
  /** Local name → slot or scalar of another transformation in the chain, e.g. `adamw.v`. */
  readonly borrows: Readonly<Record<string, string>>
  /** Slots that start from given values instead of 0. Every other slot must be returned by `observe`. */
  readonly initial?: Readonly<Record<string, Tree<Float32Array>>>
  /** Slots that are never negative, such as averages of squares: a negative stored state is refused. */
  readonly nonNegative?: readonly string[]
  /** Compute the scalars of a step on the host: always the same names. @param at Where the run stands. */
  scalars(at: StepInfo): Readonly<Record<string, number>>
  /**
   * Take in this step's signals: new values of the slots.
   * @param x The weight `w`, signals, slots, borrowed values and scalars by name.
   */
  observe(x: StepLanes): StepLanes
  /**
   * F per weight.
   * @param x The weight `w`, signals, borrowed values, scalars, and the slots as `observe` left them.
   */
  diagonal(x: StepLanes): Lane
  /**
   * F as this step alone shows it, if the estimate has a memory that outlives what it remembers: where a
   * penalty is watched for its effect, F counts no more than this. Absent, F counts as it is.
   * @param x As for `diagonal`.
   */
  present?(x: StepLanes): Lane
}

/**
 * A step from gradient to update, as in optax: pure, with named state. The chain's last `update` is added to
 * the weight. `update` reads `w`, `update` (what the chain made so far; first the raw gradient), its signals,
 * slots, borrowed values and scalars, and returns `update` and the new values of its slots.
 */
export interface Transformation {
  /** The part before the point in names of its slots and scalars: `adamw` of `adamw.v`. */
  readonly name: string
  /** Signals that its formulas read; an updater asks the gradient step for them. */
  readonly needs: readonly Signal[]
  /** Local names of its arrays, one value a weight; they start from 0. */
  readonly slots: readonly string[]
  /** Local name → slot or scalar of another transformation in the chain, e.g. `adamw.v`. */
  readonly borrows: Readonly<Record<string, string>>
  /** Slots that start from given values instead of 0, by parameter. `update` must return all others. */
  readonly initial?: Readonly<Record<string, Tree<Float32Array>>>
  /** Slots that are never negative, such as averages of squares: a negative stored state is refused. */
  readonly nonNegative?: readonly string[]
  /** First values of slots that begin from the weights: `w` → slots. */
  readonly begin?: LaneFn
  /** For an optimizer: the scalar with its step size, the learning rate, above 0 where it moves at all. */
  readonly stepSize?: string
  /** For an optimizer such as SGD, whose update is −`stepSize` times the gradient, momentum aside. */
  readonly linear?: boolean
  /** The blocks its block reductions run over. */
  readonly block?: Block
  /** What these blocks run along; said for each parameter by what `resolve` leaves. */
  readonly axis?: BlockAxis
  /** How it trains a parameter, `null` if not for a format; steps honour the point. @param parameter It. */
  quantizes?(parameter: ParameterInfo): Quantized | null
  /** The transformations a chain is made of. */
  readonly parts?: readonly Transformation[]
  /** What is left for a parameter: itself if absent, `null` for nothing. @param parameter Name, shape. */
  resolve?(parameter: ParameterInfo): Transformation | null
  /** Refuse a part that changes its update. @param behind Parts behind it. @param parameter Its name. */
  refuseBehind?(behind: readonly Transformation[], parameter: string): void
  /** Refuse a pattern that no name is left for, once. @param parameters All that are trained. */
  refuseUnused?(parameters: readonly ParameterInfo[]): void
  /** Compute the scalars of a step on the host: always the same names. @param at Where the run stands. */
  scalars(at: StepInfo): Readonly<Record<string, number>>
  /** Make the next update and the new slots. @param x What it reads: `w`, `update`, declared names. */
  update(x: StepLanes): UpdateLanes
  /**
   * If the update is the slope of a term of the loss: what a weight adds to that term in the mean over its
   * cell of the grid, without the factor λ: a term without effect is told from one that weights have met.
   * @param x As for `update`.
   * @param of `weights`: as the weight stands and with λ, the term itself. Default: the mean over the cell.
   */
  penalty?(x: StepLanes, of?: 'cells' | 'weights'): Lane
}

/** How a method treats a parameter that it trains for a format. */
export interface Quantized {
  /** Name of the method. */
  readonly method: string
  /** The format that its weights are trained for. */
  readonly format: NumberFormat
  /** What the blocks run along. */
  readonly axis: BlockAxis
  /** Where the gradient is taken, from `w` (and `u`, trained values); at the weight itself if absent. */
  readonly point?: LaneFn
  /** If it trains values: from `w` and them to the weights whose cast is the point. */
  readonly settled?: LaneFn
}

/** A parameter as rules see it. */
export interface ParameterInfo {
  /** As in the tree of parameters, such as `mlp.up.weight`. */
  readonly name: string
  /** Extents, slowest axis first. */
  readonly shape: Shape
}
