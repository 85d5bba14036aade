// Losses of weights as trained and as a format has them. Comes in: a problem, a format. Goes out: losses,
// cast weights.
// Source: docs/design/04-bench.md, rules of a comparison: both casts.

import { castNearest, castSample, mapTree, type NumberFormat, type Tree } from '@lotion/core'
import { randomizedRounding } from '@lotion/noise'
import { castTree, quantizedAxes } from '@lotion/optim'
import type { OpenWorkload, Problem, Workload } from '../tasks/task.js'

/**
 * Losses of a trained parameter tree: as it is, cast to nearest, and over randomized roundings (mean). One
 * that is no finite number is `Infinity`, which JSON has as `null`.
 */
export interface CastLosses {
  /** Loss of the weights as they are, in the unit of the task's loss, as all three. */
  readonly fullPrecision: number
  /** Loss of the weights cast to the nearest points of the format. */
  readonly nearest: number
  /** Mean loss over random casts; NaN if none was asked for. */
  readonly randomized: number
}

/** Measures the parameters of a problem as they are at the time. */
export interface CastMeter {
  /** The nearest cast; its arrays are those of the next cast too. */
  nearest(): Tree<Float32Array>
  /** Losses as it is and cast to nearest. */
  losses(): Promise<Omit<CastLosses, 'randomized'>>
  /**
   * Mean loss over draws of randomized rounding, keyed by the seed.
   * @param draws How many, at least 1.
   * @param signal Looked at before each draw.
   * @throws the signal's reason.
   */
  randomized(draws: number, signal?: AbortSignal): Promise<number>
}

/**
 * Measure a problem under a format.
 * @param options The problem, opened of its workload; the format; the key of random casts.
 * @throws RangeError if the workload quantizes no parameter.
 */
export function castMeter(options: {
  readonly workload: Pick<Workload, 'quantize' | 'shapes'>
  readonly opened: Pick<OpenWorkload, 'executor' | 'allocate'>
  readonly problem: Pick<Problem, 'params' | 'loss'>
  readonly format: NumberFormat
  readonly seed: number
}): CastMeter {
  const { workload, opened, problem, format, seed } = options
  const { executor, allocate } = opened
  const { shapes } = workload
  const { params } = problem
  const into = allocate ? allocate(shapes) : mapTree(shapes, (shape) => executor.zeros(shape))
  const tree = {
    executor,
    format,
    params,
    shapes,
    axes: quantizedAxes(workload.quantize, shapes),
    into,
    seed,
  }
  const sample = (own: NumberFormat) => castSample(own, randomizedRounding)
  const lossOf = async (weights: Tree<Float32Array>): Promise<number> => {
    const loss = await problem.loss(weights)
    // NaN is below and above nothing, and is null in JSON: what is told and what is read again would differ.
    return Number.isFinite(loss) ? loss : Infinity
  }
  const nearest = (): Tree<Float32Array> => castTree({ ...tree, cast: castNearest })
  return {
    nearest,
    losses: async () => ({
      fullPrecision: await lossOf(params),
      nearest: await lossOf(nearest()),
    }),
    randomized: async (draws, signal) => {
      let mean = 0
      for (let draw = 0; draw < draws; draw++) {
        signal?.throwIfAborted()
        mean += (await lossOf(castTree({ ...tree, cast: sample, step: draw }))) / draws
      }
      return mean
    },
  }
}
