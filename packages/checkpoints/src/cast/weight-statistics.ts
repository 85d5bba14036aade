// What a format does to weights. Comes in: weights and a format. Goes out: sums that add up over tensors, and
// their ratios.
// Source: docs/design/03-formats-and-methods.md; σ² is that of randomized rounding, LOTION.

import {
  defineLanes,
  locate,
  nearestCast,
  nearestPoint,
  type BlockLayout,
  type Lane,
  type LaneFn,
  type Located,
  type NumberFormat,
} from '@lotion/core'
import type { CpuExecutor } from '@lotion/cpu'
import { randomizedRounding } from '@lotion/noise'
import { isKept } from './kept-weights.js'
import { piecewiseRun } from './piecewise-run.js'
import type { WeightReader } from './weight-reader.js'

/** Sums over weights w with nearest casts q. */
export interface WeightSums {
  /** How many were summed. */
  readonly weights: number
  /** Weights beyond the ends of the grid. */
  readonly saturated: number
  /** Weights that are their own nearest cast, see `isKept`. */
  readonly onGrid: number
  /** Σ σ², σ² the variance of randomized rounding. */
  readonly variance: number
  /** Σ w². */
  readonly signal: number
  /** Σ (q − w)². */
  readonly error: number
}

/** The ratios that people read. */
export interface WeightRatios {
  /** Share of the weights beyond the ends of the grid. */
  readonly saturated: number
  /** Mean σ² of randomized rounding, in units of the weights squared. */
  readonly variance: number
  /** 10 log10(Σ w² / Σ (q − w)²) of the nearest cast, in dB; infinite if nothing is lost. */
  readonly sqnr: number
  /** Share of the weights that are their own nearest cast, up to the last bits. */
  readonly onGrid: number
}

/** Measure tensors piece by piece, with one formula for all of them; the formula is f32, the sums are f64. */
export function weightMeter(
  executor: CpuExecutor,
  format: NumberFormat,
  pieceWeights?: number,
): (reader: WeightReader, layout: BlockLayout) => Promise<WeightSums> {
  const run = piecewiseRun(executor, rounding(format), { pieceWeights })
  return async (reader, layout) => {
    const sums = { weights: reader.count, saturated: 0, onGrid: 0, variance: 0, signal: 0, error: 0 }
    for await (const { weights: w, outputs } of run.over(reader, layout)) {
      const { cast, deviation, outside } = outputs
      for (let i = 0; i < w.length; i++) {
        const lost = cast![i]! - w[i]!
        sums.saturated += outside![i]!
        sums.onGrid += isKept(w[i]!, cast![i]!) ? 1 : 0
        sums.variance += deviation![i]! ** 2
        sums.signal += w[i]! ** 2
        sums.error += lost ** 2
      }
    }
    return sums
  }
}

/**
 * Add the sums of several tensors.
 * @param a Of some weights.
 * @param b Of others, under the same format.
 */
export function addSums(a: WeightSums, b: WeightSums): WeightSums {
  return {
    weights: a.weights + b.weights,
    saturated: a.saturated + b.saturated,
    onGrid: a.onGrid + b.onGrid,
    variance: a.variance + b.variance,
    signal: a.signal + b.signal,
    error: a.error + b.error,
  }
}

/**
 * Divide sums into ratios.
 * @param sums Of one tensor, or of several by `addSums`; of at least one weight, or the ratios are not
 * numbers.
 */
export function ratiosOf({ weights, saturated, onGrid, variance, signal, error }: WeightSums): WeightRatios {
  return {
    saturated: saturated / weights,
    variance: variance / weights,
    sqnr: error === 0 ? Infinity : 10 * Math.log10(signal / error),
    onGrid: onGrid / weights,
  }
}

/**
 * Where weights stand on the grid of their blocks: `w` → `x`, the weight over its scale; `lo` and `hi`, its
 * neighbours there, and `point`, the nearer one; `cast`, `point` times the scale; `deviation`, σ of
 * randomized rounding in units of the weights. Run it with the format's block layout.
 */
export function gridPlaces(
  format: NumberFormat,
): LaneFn<'w', never, 'x' | 'lo' | 'hi' | 'point' | 'cast' | 'deviation'> {
  return defineLanes({
    name: `places ${format.name}`,
    inputs: ['w'],
    outputs: ['x', 'lo', 'hi', 'point', 'cast', 'deviation'],
    body: ({ w }) => {
      const at = locate(format, w)
      const { x, lo, hi } = at.site
      return { x, lo, hi, point: nearestPoint(at.site), cast: nearestCast(at), deviation: deviationAt(at) }
    },
  })
}

/** σ and not σ²: the square of a small scale may be less than the smallest f32. */
const deviationAt = ({ site, scale }: Located): Lane =>
  randomizedRounding.variance(site).sqrt().mul(scale.abs())

function rounding(format: NumberFormat): LaneFn<'w', never, 'cast' | 'deviation' | 'outside'> {
  return defineLanes({
    name: `inspect ${format.name}`,
    inputs: ['w'],
    outputs: ['cast', 'deviation', 'outside'],
    body: ({ w }) => {
      const at = locate(format, w)
      const { x, lo, hi } = at.site
      return { cast: nearestCast(at), deviation: deviationAt(at), outside: x.less(lo, 1, hi.less(x, 1, 0)) }
    },
  })
}
