// Scale rule: the clip, of a few candidates, with the least squared error of the nearest cast. Comes in: a
// weight and its grid. Goes out: a rule. Source: the clip search that post-training quantization does.

import { nearestPoint, type Lane, type ScaleRule } from '@lotion/core'
import { divisor, finiteScale } from './absmax.js'
import { topPoint } from './top-point.js'

const clipFactors = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5] as const

/**
 * Scale by c · amax, c the candidate that minimizes Σ (cast(w) − w)² over the block; the first of equals.
 * Saturates on purpose where c < 1. A pass over the block with all candidates: some nine times the work of
 * `absmax`.
 * @param candidates Shares of the largest magnitude, each in (0, 1]; the first wins a tie.
 * @throws RangeError unless there is a candidate and every one is in (0, 1].
 * @example
 * ```ts
 * import { int4, mseClip, withScale } from '@lotion/formats'
 *
 * console.log(withScale(int4, mseClip()).scale.claims)
 * ```
 */
export function mseClip(candidates: readonly number[] = clipFactors): ScaleRule {
  const bad = candidates.find((c) => !(c > 0 && c <= 1))
  if (bad !== undefined || candidates.length === 0) {
    throw new RangeError(`candidates: expected fractions of the absmax in (0, 1], found ${bad ?? 'none'}`)
  }
  return Object.freeze({
    name: 'mse-clip',
    claims: Object.freeze({ continuous: false, saturates: candidates.some((c) => c < 1) }),
    bits: 32,
    stored: 'f32',
    scaled: (w, grid) => {
      const top = topPoint(grid)
      const amax = w.abs().blockMax()
      // In units of amax / top: no error overflows.
      const y = w.div(divisor(amax)).mul(top)
      const errors = candidates.map((c) => {
        const error = nearestPoint(grid.around(y.div(c)))
          .mul(c)
          .sub(y)
        return error.mul(error).blockSum()
      })
      let [best, clip]: [Lane, Lane | number] = [errors[0]!, candidates[0]!]
      errors.slice(1).forEach((error, i) => {
        clip = error.less(best, candidates[i + 1]!, clip)
        best = error.less(best, error, best)
      })
      return { x: y.div(clip), scale: finiteScale(amax.mul(clip).div(top), grid), statistics: [amax] }
    },
  } satisfies ScaleRule)
}
