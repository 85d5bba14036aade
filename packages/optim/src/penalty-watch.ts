// A penalty that does nothing is reported. Comes in: steps of a run. Goes out: a message, once, if the
// penalty stays far below the loss. With exact gradients, or where a model interpolates, squared gradients
// vanish and with them the empirical Fisher: the method is PTQ then, and nothing fails.

import type { GradientResult, Signal } from '@lotion/core'
import type { FitOptions } from './fit.js'
import type { OptimizerState, StepMoment, Updater } from './updater.js'
import { warnOnce } from './warn-once.js'

/** Looks a phase: each reads one number. */
const LOOKS = 16

/** Looks in a row that must agree: half of the phase. */
const AGREEING = 8

/**
 * Below this share of the loss a penalty is without effect, of weights spread evenly over their cells: Σ F
 * d²/12, d a cell's width.
 */
const SHARE = 1e-3

/** Estimators that do not vanish with the residual, by the signal that they need. */
const lasting: Readonly<Record<string, string>> = {
  curvature: 'exact',
  sampledGradient: 'gauss-newton-bartlett',
  hessianProbe: 'hutchinson',
}

/** Names of those that a gradient step can feed; of what needs no signal where there is none. */
const fedBy = (delivers: readonly (string | Signal)[]): string =>
  delivers.flatMap((one) => lasting[typeof one === 'string' ? one : one.name] ?? []).join(' or ') ||
  'constant'

/** The part of a run that one method trains. */
export interface PhaseSpan {
  /** Updates of the run before it. */
  readonly start: number
  /** Updates of the run at its end. */
  readonly end: number
}

/** Watch the penalty of a phase. @returns what is called after every step that was taken. */
export function penaltyWatch<A>(
  { params, method, gradientStep: { delivers = [] }, onWarning = warnOnce }: FitOptions<A>,
  { penalty }: Updater<A>,
  state: OptimizerState<A>,
  { start, end }: PhaseSpan,
): (result: GradientResult<A>, at: StepMoment) => Promise<void> {
  const every = Math.ceil((end - start) / LOOKS)
  let small = 0
  let since = 0
  let told = false
  return async (result, at) => {
    if (!penalty || told || (at.step - start + 1) % every !== 0) return
    const value = await penalty(params, state, result, at)
    small = value < SHARE * Math.abs(result.loss) ? small + 1 : 0
    if (small === 1) since = at.step + 1
    if (small < AGREEING) return
    told = true
    const { fisher } = method.settings
    onWarning(
      `${method.name} trains as without its penalty: its Fisher times the mean variance of rounding, ½ tr(F Σ), stayed below ${SHARE} of the loss from update ${since} to ${at.step + 1} ` +
        `(format ${method.format.name}${fisher === undefined ? '' : `, Fisher ${String(fisher)}`}). Squared gradients vanish ` +
        `where they are exact or the model interpolates: use the Fisher ${fedBy(delivers)}, smaller batches or qat. Or casts hardly change the loss: ptq will do.`,
    )
  }
}
