// What a format does to given weights, as sums. Comes in: a format. Goes out: a lane function.
// Source: docs/design/03-formats-and-methods.md; signal-to-quantization-noise ratio as in signal processing.

import { defineLanes, locate, nearestCast, type LaneFn, type NumberFormat } from '@lotion/core'

/** The sums of `castStatistics`, each one value a tensor, and one value a block. */
export type CastStatistic = 'energy' | 'error' | 'randomizedError' | 'size' | 'bias' | 'saturated'

/**
 * Measure the casts of one parameter: `w` → `energy` Σ w², `error` Σ (cast(w) − w)² of the nearest cast,
 * `randomizedError` Σ E[(randomized cast − w)²], `size` Σ |w|, `bias` Σ |E[randomized cast] − w|, and per
 * block `saturated`: 1 if a weight lies beyond the ends of the grid. 10 · log10(energy / error) is the SQNR
 * in dB. Run it with the format's block layout.
 * @param format Its grid and scale rule are in the formula; its block is in the layout of the call.
 */
export function castStatistics(format: NumberFormat): LaneFn<'w', never, CastStatistic> {
  const [bottom, top] = [format.grid.points[0]!, format.grid.points.at(-1)!]
  return defineLanes({
    name: `statistics ${format.name} ${format.scale.name}`,
    inputs: ['w'],
    outputs: ['energy', 'error', 'randomizedError', 'size', 'bias', 'saturated'],
    body: ({ w }) => {
      const at = locate(format, w)
      const { scale } = at
      const { x, lo, hi } = at.site
      const error = nearestCast(at).sub(w)
      const beyond = x.less(bottom, 1, x.mul(-1).less(-top, 1, 0))
      return {
        energy: w.mul(w).tensorSum(),
        error: error.mul(error).tensorSum(),
        // The variance between two points; at a point or beyond the ends, where lo = hi, nothing is random.
        randomizedError: lo
          .less(hi, x.sub(lo).mul(hi.sub(x)).mul(scale).mul(scale), error.mul(error))
          .tensorSum(),
        size: w.abs().tensorSum(),
        bias: x.max(bottom).min(top).mul(scale).sub(w).abs().tensorSum(),
        saturated: beyond.blockMax(),
      }
    },
  })
}
