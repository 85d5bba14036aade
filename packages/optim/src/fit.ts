// The training loop, over contracts only: any engine, executor, method and optimizer. Comes in: parameters,
// batches. Goes out: trained parameters, in place. Source: docs/design/03-formats-and-methods.md.

import {
  type Batch,
  type Executor,
  type GradientResult,
  type GradientStep,
  type Shape,
  type Transformation,
  type Tree,
} from '@lotion/core'
import { Diverged, fewNames, notFiniteText, refuseUndelivered, skipGuard } from '@lotion/core/internal'
import type { JsonValue } from './callback.js'
import { checkGradients, checkParams } from './check-arrays.js'
import { checkFitOptions } from './check-fit-options.js'
import { checkState } from './check-state.js'
import { globalNorm, notFinite } from './finite-check.js'
import { gradientPoint } from './gradient-point.js'
import { lossWatch, type LossWatch } from './loss-watch.js'
import { refuseTooLarge } from './memory-need.js'
import { withMethod, type Method } from './method.js'
import { penaltyWatch, type PhaseSpan } from './penalty-watch.js'
import { quantizedAxes, type QuantizeRule } from './quantize-rule.js'
import { refuseClippedParams } from './refuse-clipped-params.js'
import { notFiniteSignals } from './signals.js'
import { refuseMoved, stateClock } from './state-clock.js'
import type { StepRates } from './step-rates.js'
import { createUpdater, type OptimizerState } from './updater.js'

/** Where a stored run stands; with its weights it is all that continuing takes. A `StepEvent` is one. */
export interface ResumePoint<A> {
  /** Steps taken, skipped ones included. */
  readonly step: number
  /** Steps that were skipped among them. Default 0. */
  readonly skipped?: number
  /** Written over as the run goes on: one state serves one continued run, none once its own run went on. */
  readonly state: OptimizerState<A>
  /** States of callbacks by name, for `withCallbacks`; the loop does not read them. */
  readonly callbacks?: Readonly<Record<string, JsonValue>>
  /** Why the run ended before its length: such a run is continued by no step. */
  readonly stopped?: Stopped
}

/** How a run came to end before its length. */
export interface Stopped {
  /** The last step, counted from 1. */
  readonly step: number
  /** Who asked for it: the name of a callback. */
  readonly by: string
  /** Why, in words. */
  readonly reason: string
}

/** What is known after a step. */
export interface StepEvent<A> extends Required<Pick<ResumePoint<A>, 'step' | 'skipped' | 'state'>> {
  /** Length of the whole run. */
  readonly steps: number
  /** Loss at the method's point, before the update. */
  readonly loss: number
  /** Norm of the raw gradient over all parameters that are trained. */
  readonly gradientNorm: number
  /** The weights after the update: the arrays that are trained, no copies. */
  readonly params: Tree<A>
  /** Whether there was an update; `false` if the step was skipped. */
  readonly updated: boolean
  /** Learning rate and λ of the step; with `penalty`, λ · ½ Σ F σ² of the weights after it, one pass more. */
  readonly measure: (of?: 'penalty') => Promise<StepMeasures>
  /**
   * Weights whose cast by their format is the method's cast, as the run would end with; of other weights of
   * the same step, such as averages, or of `params`. New arrays of the parameters for which the method trains
   * values; the same ones of all others.
   */
  readonly settled: (weights?: Tree<A>) => Tree<A>
}

/** What a step says of itself when it is asked. */
export interface StepMeasures extends StepRates {
  /** Absent if the method has none, the step was skipped, or nobody asked. */
  readonly penalty?: number
}

/** What `fit` needs of an `AbortSignal`, which needs the library `dom` or Node's types to be named. */
export interface StopSignal {
  /** Throws the reason once it is aborted; does nothing before. */
  throwIfAborted(): void
}

/** What a run takes. */
export interface FitOptions<A> {
  /** Trained in place. */
  readonly params: Tree<A>
  /** Extents of every parameter that is trained, under the same names; others stay as they are. */
  readonly shapes: Tree<Shape>
  /** Gives loss and gradients; refused where it does not deliver a signal that is needed. */
  readonly gradientStep: GradientStep<A>
  /** The batch of a step, from 0; the same step must always give the same batch. */
  readonly batches: (step: number) => Batch
  /** Where the gradient is taken, and what is added to the optimizer. */
  readonly method: Method
  /** Which parameters are trained for the format; an error if it matches none. */
  readonly quantize: QuantizeRule
  /** Turns gradients into updates, such as `adamw(…)`; it may have no method of its own. */
  readonly optimizer: Transformation
  /** Applied to the task's gradient before the method's penalty, e.g. `[clipByGlobalNorm(1)]`. */
  readonly before?: readonly Transformation[]
  /** Length of the whole run, whatever part of it is still to do. */
  readonly steps: number
  /** Key of the uniforms of casts that draw: the same seed gives the same run. */
  readonly seed: number
  /** Computes updates and casts; the arrays of `params` are of its kind. */
  readonly executor: Executor<A>
  /**
   * Continue a stored run: `params` as they were after `from.step` steps. With the other options unchanged
   * the result is the same bits as without the interruption.
   */
  readonly from?: ResumePoint<A> | undefined
  /** Arrays for the method's point that the engine reads without copies; default `executor.zeros`. */
  readonly allocate?: (shapes: Tree<Shape>, near: Tree<A>) => Tree<A>
  /**
   * On a loss or gradient that is not finite: stop with an error (default), or leave the step out and count
   * it. Schedules and bias corrections then run as if the run were a step shorter.
   */
  readonly nonFinite?: 'refuse' | 'skip'
  /**
   * So many steps in a row may be skipped; one more stops with an error. Counted from the start or the
   * resumption. Default 20.
   */
  readonly skipLimit?: number
  /**
   * Told in words, once each, if the penalty stays without effect (½ tr(F Σ) below a thousandth of the loss
   * at half of sixteen looks, of a phase where there are some), or the loss of the run or a phase ends 1½
   * times higher than it began, or was gone on with. Default: `console.warn`, once a process.
   */
  readonly onWarning?: (message: string) => void
  /**
   * Called after every step, skipped ones too; awaited. Copy arrays to keep them. `'stop'` ends the run here,
   * as if it had its length.
   */
  readonly onStep?: (event: StepEvent<A>) => void | 'stop' | Promise<void | 'stop'>
  /** Looked at between steps; the weights are then those of the last `onStep`. */
  readonly signal?: StopSignal
}

/**
 * Train: batch → loss and gradients at the method's point → penalty, optimizer, correction → weights.
 * @param options Weights and data, method and optimizer, length and seed of the run; what computes it.
 * @returns the optimizer's state.
 * @throws TypeError if an option is unknown; RangeError if one or the process's memory does not fit, the
 * rule quantizes nothing, a gradient or weight is not finite, or a weight is beyond what its format's scale
 * covers, before or after training (naming the parameter), or if every step was skipped; the abort's reason.
 * @example
 * ```ts
 * import type { GradientStep } from '@lotion/core'
 * import { cpuExecutor } from '@lotion/cpu'
 * import { int4 } from '@lotion/formats'
 * import { everything, fit, linear, qat, sgd } from '@lotion/optim'
 *
 * const gradientStep: GradientStep<Float32Array> = {
 *   name: 'distance to 0.3',
 *   run: async ({ w }) => ({
 *     loss: w!.reduce((sum, x) => sum + 0.5 * (x - 0.3) ** 2, 0),
 *     terms: 1,
 *     gradients: { w: w!.map((x) => x - 0.3) },
 *   }),
 *   close: async () => {},
 * }
 * const w = Float32Array.of(0.1, -1, 0.5, 0.7)
 * await fit({
 *   params: { w },
 *   shapes: { w: [4] },
 *   gradientStep,
 *   batches: () => ({}),
 *   method: qat({ format: int4 }),
 *   quantize: everything,
 *   optimizer: sgd({ learningRate: linear(0.1, 0) }),
 *   executor: cpuExecutor({ threads: 1 }),
 *   steps: 100,
 *   seed: 1,
 * })
 * console.log(w)
 * ```
 */
export async function fit<A>(options: FitOptions<A>): Promise<OptimizerState<A>> {
  const losses = lossWatch(options)
  const state = await fitPhase(options, { start: 0, end: options.steps }, losses)
  losses.end()
  return state
}

/** Train one phase of a run: `fit` but for the end of the watch over its losses. */
export async function fitPhase<A>(
  options: FitOptions<A>,
  span: PhaseSpan,
  losses: LossWatch,
): Promise<OptimizerState<A>> {
  const { params, shapes, gradientStep, method, executor, steps, from } = options
  checkFitOptions(options)
  // A rule that matches nothing is refused with the names there are.
  quantizedAxes(options.quantize, shapes)
  const transformation = withMethod(method, options.optimizer, options.quantize, options.before)
  const updater = createUpdater({ transformation, shapes, executor })
  refuseUndelivered(transformation.name, updater.needs, gradientStep)
  refuseTooLarge({ params, shapes, slots: updater.slots, casts: updater.point?.names ?? [] })
  checkParams(params, shapes)
  if (from) {
    await checkState(from.state, { updater, shapes, executor, params })
    refuseMoved(from.state, from.step)
  }
  await refuseWeights(executor, params, 'before training: look for an overflow in what made them')
  await refuseClippedParams(executor, params, updater.quantized, 'params: before training')
  const state = from?.state ?? updater.init(params)
  const point = gradientPoint(options, updater, state)
  const clock = stateClock(state, from?.step ?? 0)
  const guard = skipGuard(options)
  const watch = penaltyWatch(options, updater, state, span)
  losses.begin(method.name, from?.step ?? 0)
  let skipped = from?.skipped ?? 0
  let lastReason = ''
  try {
    let stop = from?.stopped !== undefined
    for (let step = from?.step ?? 0; step < steps && !stop; step++) {
      options.signal?.throwIfAborted()
      const wanted = updater.wanted(step - skipped)
      const key = { seed: options.seed, stream: 'signals', step }
      const result = await gradientStep.run(point.at(step), options.batches(step), wanted, key)
      // What a gradient step makes of its first batch it makes of all.
      if (step === (from?.step ?? 0)) checkGradients(result, params, { shapes, needs: updater.needs })
      const gradientNorm = await globalNorm(executor, trained(result.gradients, shapes))
      const signals = await notFiniteSignals(executor, result, wanted)
      const at = { step: step - skipped, steps: steps - skipped, atPoint: true }
      const finite = [gradientNorm, result.loss].every(Number.isFinite) && Object.keys(signals).length === 0
      if (finite) {
        guard.took()
        clock(step + 1)
        updater.step(params, state, result, at)
        losses.see(result.loss)
        await watch(result, at)
      } else {
        lastReason = await nonFiniteMessage(options, result, signals, step)
        guard.skip(lastReason)
        skipped++
        clock(step + 1)
      }
      const { loss } = result
      const measure = async (of?: 'penalty'): Promise<StepMeasures> => ({
        ...updater.rates({ ...at, terms: result.terms }),
        ...(of && finite && updater.penalty
          ? { penalty: await updater.penalty(params, state, result, at, 'weights') }
          : {}),
      })
      const settled = (weights = params): Tree<A> => updater.settled?.(weights, state) ?? weights
      const seen = { loss, gradientNorm, skipped, params, state, updated: finite, measure, settled }
      stop = (await options.onStep?.({ step: step + 1, steps, ...seen })) === 'stop'
    }
  } finally {
    point.free()
  }
  if (skipped === steps) {
    throw new Diverged(
      `nonFinite: 'skip': expected steps that train, found all ${steps} skipped: the weights are those of the start` +
        (lastReason === '' ? '' : `; the last one: ${lastReason}`),
    )
  }
  // What is cast, stored and shared from here on is what was trained.
  updater.settled?.(params, state, params)
  await refuseWeights(
    executor,
    params,
    'after training: the last steps were too large, lower the learning rate or clip',
  )
  await refuseClippedParams(executor, params, updater.quantized, 'params: after training')
  return state
}

/** Gradients of the parameters that are trained, in their order. */
const trained = <A>(gradients: Tree<A>, shapes: Tree<Shape>): Tree<A> =>
  Object.fromEntries(Object.entries(gradients).filter(([name]) => Object.hasOwn(shapes, name)))

async function refuseWeights<A>(executor: Executor<A>, params: Tree<A>, when: string): Promise<void> {
  const names = await notFinite(executor, params)
  if (names.length > 0)
    throw new Diverged(`params: expected finite weights, found others in ${fewNames(names)} ${when}`)
}

async function nonFiniteMessage<A>(
  { executor, params, shapes, nonFinite = 'refuse' }: FitOptions<A>,
  { loss, gradients }: GradientResult<A>,
  signals: Tree<readonly string[]>,
  step: number,
): Promise<string> {
  return notFiniteText({
    step: step + 1,
    loss,
    gradients: await notFinite(executor, trained(gradients, shapes)),
    signals,
    weights: await notFinite(executor, params),
    nonFinite,
  })
}
