// The LOTION penalty λ · ½ Σ F σ²: value and slope. Comes in: weights and curvature. Goes out: a gradient
// term.
// Source: LOTION (arXiv 2510.08757); docs/design/03-formats-and-methods.md (slope through the
// scale).

import {
  castVariance,
  defineLanes,
  fisherDiagonal,
  gradient,
  leafOf,
  locate,
  observedSlots,
  type FisherEstimator,
  type Lane,
  type LaneFn,
  type Located,
  type Noise,
  type NumberFormat,
  type StepLanes,
  type Transformation,
} from '@lotion/core'
import { checkFormat } from '@lotion/core/internal'
import { divisor } from '@lotion/formats/internal'
import type { AnnealedNoise } from './annealed-noise.js'
import { checkFisher, checkNoise } from './check-plugins.js'
import { nonNegative } from './number-range.js'
import { withinCell } from './penalty-reach.js'
import { scheduleOf, type Schedule } from './schedule.js'
import { LINEAR_STEP_SIZE } from './step-size.js'
import { transformationOf } from './define-transformation.js'

/** What the penalty is made of. */
export interface SmoothingOptions {
  /** The format whose scale and grid make σ². */
  readonly format: NumberFormat
  /** The law whose variance σ² is; of scheduled width: `annealed(…)`. */
  readonly noise: Noise | AnnealedNoise
  /** Gives F, one value a weight; no slope is taken through it. */
  readonly fisher: FisherEstimator
  /** λ ≥ 0, in units of F per loss term; a number or a schedule. */
  readonly lambda: number | Schedule
  /** Differentiate through the block's scale. Default true: without it most of the gain is lost. */
  readonly scaleGradient?: boolean
}

/**
 * The penalty ½ Σ F σ²(w) of one parameter as a lane function: `w`, `fisher` → `penalty` (one value).
 * @param format Makes scale and grid; its blocks must be those of the layout that the function is run over.
 * @param noise The law whose variance is σ².
 * @example
 * ```ts
 * import { evaluate, layoutOf } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { randomizedRounding } from '@lotion/noise'
 * import { smoothingPenalty } from '@lotion/optim'
 *
 * const fn = smoothingPenalty(int4, randomizedRounding)
 * const inputs = { w: [0.31, -1.2, 0.05, 0.6], fisher: [1, 1, 1, 1] }
 * console.log(evaluate([{ fn, inputs, layout: layoutOf([4], int4.block) }]))
 * ```
 */
export function smoothingPenalty(
  format: NumberFormat,
  noise: Noise,
): LaneFn<'w' | 'fisher', never, 'penalty'> {
  return defineLanes({
    name: `penalty ${format.name} ${noise.name}`,
    inputs: ['w', 'fisher'],
    outputs: ['penalty'],
    body: ({ w, fisher }) => ({
      penalty: fisher
        .mul(castVariance(locate(format, w), noise))
        .mul(0.5)
        .total('penalty'),
    }),
  })
}

/**
 * Add λ · ∂(½ Σ F σ²)/∂w to the gradient, F detached: it stands before the optimizer. At a grid point the
 * slope is 0; through the block's scale it falls on the block's maximum alone, or in equal shares on those
 * that attain it. The Fisher sees the raw gradient, also behind a clip. Its formula is that of `lotion`.
 * @param options Format, noise, Fisher and λ, none of which has a default.
 * @throws TypeError if format, noise or Fisher is none, or the Fisher has a slot or scalar named `lambda` or
 * `width`; RangeError if λ is negative or not finite.
 */
export function smoothing({
  format,
  noise,
  fisher,
  lambda,
  scaleGradient = true,
}: SmoothingOptions): Transformation {
  checkFormat('smoothing: format', format)
  checkNoise('smoothing: noise', noise)
  checkFisher('smoothing: fisher', fisher)
  const weight = scheduleOf(lambda, { option: 'lambda', range: nonNegative })
  const shrinking = 'law' in noise ? noise : undefined
  const term = (curvature: Lane, at: Located, x: StepLanes): Lane => {
    const law = 'law' in noise ? noise.law(leafOf(x, 'width', 'smoothing')) : noise
    // λ within the derivative: a factor of the call, multiplied once a block.
    return curvature.mul(castVariance(at, law)).mul(leafOf(x, 'lambda', 'smoothing').mul(0.5))
  }
  return transformationOf({
    name: 'smoothing',
    needs: fisher.needs,
    slots: fisher.slots,
    borrows: { ...fisher.borrows, [LINEAR_STEP_SIZE]: LINEAR_STEP_SIZE },
    ...(fisher.initial ? { initial: fisher.initial } : {}),
    ...(fisher.nonNegative ? { nonNegative: fisher.nonNegative } : {}),
    block: format.block,
    scalars: (at): Readonly<Record<string, number>> => {
      const own = { lambda: weight(at), ...(shrinking ? { width: shrinking.width(at) } : {}) }
      const estimated = fisher.scalars(at)
      const twice = Object.keys(own).find((name) => Object.hasOwn(estimated, name))
      if (twice !== undefined)
        throw new TypeError(
          `${fisher.name}: expected scalars with names of their own, found '${twice}', which the penalty has; rename it`,
        )
      return { ...own, ...estimated }
    },
    update: (x) => {
      const slots = observedSlots(fisher, x)
      const curvature = fisherDiagonal(fisher, { ...x, ...slots })
      const at = locate(format, x.w)
      const penalty = term(curvature, at, x)
      const slope = gradient(penalty, x.w, {
        hold: scaleGradient ? [curvature] : [curvature, ...at.statistics],
      })
      const through = scaleGradient ? throughRounding(penalty, at, x.w, curvature) : undefined
      const whole = through ? slope.add(through) : slope
      const known = Object.hasOwn(x, LINEAR_STEP_SIZE) ? leafOf(x, LINEAR_STEP_SIZE, 'smoothing') : undefined
      return { update: x.update.add(known ? withinCell(whole, x.w, at, known) : whole), ...slots }
    },
    // From the slots as they are stored: the Fisher has seen the step's gradient. On a cell of width d the
    // variance of randomized rounding has mean d²/6; where weights have landed on the grid it is 0, and says
    // nothing of F.
    penalty: (x, of) => {
      const at = locate(format, x.w)
      if (of === 'weights') return term(fisherDiagonal(fisher, x), at, x)
      const { scale, site } = at
      const width = site.above.sub(site.below).div(3).mul(scale)
      const known = fisherDiagonal(fisher, x)
      // A long memory outlives what it remembers: it counts as far as the present step confirms it.
      const fresh = fisherDiagonal(fisher, x, 'present')
      return known
        .less(fresh, known, fresh)
        .mul(width.mul(width))
        .mul(1 / 12)
    },
  })
}

/**
 * The slope of a penalty through a scale whose rounding hides it: ∂penalty/∂scale · scale / follows, on the
 * weights that `follows` is taken from.
 */
function throughRounding(
  penalty: Lane,
  { scale, follows }: Located,
  w: Lane,
  curvature: Lane,
): Lane | undefined {
  if (!follows) return undefined
  // A block of zeros has scale 0, and no slope.
  const ratio = scale.div(divisor(follows))
  const share = gradient(penalty, scale, { hold: [curvature] }).mul(ratio)
  return gradient(follows.mul(share), w, { hold: [share] })
}
