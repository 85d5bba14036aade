// From a transformation to steps: state, fused lane functions, one pass over each parameter. Comes in:
// gradients. Goes out: new weights and state, in place. Source: docs/design/03-formats-and-methods.md.

import {
  layoutOf,
  leafOf,
  mapTree,
  perTensor,
  scalarNames,
  type BlockLayout,
  type Executor,
  type GradientResult,
  type LaneCall,
  type ParameterInfo,
  type Quantized,
  type Shape,
  type Signal,
  type StepInfo,
  type Transformation,
  type Tree,
} from '@lotion/core'
import { blockName, isDue, joinNeeds, refuseUnknownKeys } from '@lotion/core/internal'
import { checkGradients } from './check-arrays.js'
import { castPoint, settling, type CastPoint } from './cast-point.js'
import { checkTransformation } from './check-plugins.js'
import { signalsOf } from './signals.js'
import { ratesOf, type StepRates } from './step-rates.js'
import { firstSlots } from './slot-starts.js'
import { formsOf } from './step-forms.js'
import { chain, resolved } from './transformation.js'
import { slotOfValues } from './value-slots.js'

/**
 * Slots by parameter: parameter name → `part.slot`, such as `adamw.m` → array of the parameter's size.
 * Plain data: stored and restored as it is, it continues the run.
 */
export type OptimizerState<A> = Tree<Tree<A>>

/** Applies a transformation to a tree of parameters. */
export interface Updater<A> {
  /** Names of the slots by parameter: what a state holds. */
  readonly slots: Tree<readonly string[]>
  /** Signals that a gradient step must deliver; refuse one that does not by `refuseUndelivered`. */
  readonly needs: readonly Signal[]
  /**
   * Signals that the gradient step before an update must bring, the gradient aside: its last argument.
   * @param step Updates before this one, from 0.
   */
  wanted(step: number): readonly string[]
  /** What each parameter is trained for; `null` in full precision. */
  readonly quantized: Tree<Quantized | null>
  /** Where the gradient of a step must be taken; absent if at the weights. */
  readonly point?: CastPoint<A>
  /**
   * Make the weights whose cast by their format is the method's cast, as at the end of `fit`; absent if the
   * method trains no values. Done twice they stay.
   * @param params The weights.
   * @param state The state that belongs to them.
   * @param into Arrays to write to, such as `params`. Default: new ones, of the parameters that have values.
   */
  settled?(params: Tree<A>, state: OptimizerState<A>, into?: Tree<A>): Tree<A>
  /** Slots by parameter that never hold a number below 0. */
  readonly nonNegative: Tree<readonly string[]>
  /**
   * Make the state of a run's start, each slot near its parameter; see `Executor.zeros`.
   * @param params Weights that the slots are made near, and that trained values begin from: needed there.
   */
  init(params?: Tree<A>): OptimizerState<A>
  /**
   * Take a step: writes the new weights and slots over the old.
   * @param params All parameters by name, one value a weight; written over.
   * @param state All slots, as `init` made them; written over.
   * @param result Gradients of the shapes of `params`, the number of loss terms, and the signals that are
   * due.
   * @param at Where the run stands, and whether the gradient was taken at the point.
   * @throws before anything is written, if an array or signal is missing, `terms` is no positive whole
   * number, a scalar is not finite, or there is a `point` and `result` does not say that the gradient was
   * taken there.
   */
  step(params: Tree<A>, state: OptimizerState<A>, result: GradientResult<A>, at: StepMoment): void
  /**
   * Sum what the method's penalty adds to the loss of weights spread evenly over their cells, without its
   * factor λ, after a step that was given the same arguments; or the penalty itself. Absent if there is none.
   * @param params The weights after the step.
   * @param state The slots after the step.
   * @param result That of the step.
   * @param at That of the step.
   * @param of `weights`: λ · ½ Σ F σ², of the weights as they are. Default: the mean over their cells.
   */
  penalty?(
    params: Tree<A>,
    state: OptimizerState<A>,
    result: GradientResult<A>,
    at: StepMoment,
    of?: 'cells' | 'weights',
  ): Promise<number>
  /**
   * Step size, and strength of the method, of the first parameter that has them; of quantized ones first.
   * @param at Where the run stands; its loss terms.
   */
  rates(at: Omit<StepInfo, 'updates'>): StepRates
}

/** Where a run stands when it takes a step. */
export interface StepMoment {
  /** Updates before this one, from 0. */
  readonly step: number
  /** Updates of the whole run. */
  readonly steps: number
  /** The gradient was taken at the updater's `point`. Must be said where there is one. */
  readonly atPoint?: boolean
  /** Updates that single parameters have had before, if other than `step`; see `StepInfo`. */
  readonly updates?: Tree<number>
}

/** What a step is given. */
interface StepArguments<A> {
  readonly params: Tree<A>
  readonly state: OptimizerState<A>
  readonly result: GradientResult<A>
  readonly at: StepMoment
}

/** What an updater is compiled from. */
export interface UpdaterOptions<A> {
  /** What makes updates of gradients, a whole chain as a rule; see `withMethod`. */
  readonly transformation: Transformation
  /** Extents of every parameter by name. */
  readonly shapes: Tree<Shape>
  /** Holds the state and runs the compiled formulas. */
  readonly executor: Executor<A>
}

/**
 * Compile a transformation for the given parameters. What blocks run along stands in the parts themselves;
 * see `quantized`.
 * @param options The transformation, extents of all parameters, and what computes.
 * @throws TypeError if a parameter is left without any update, a part changes the update of one that
 * refuses it, or a part runs over blocks and no axis was given for them.
 * @example
 * ```ts
 * import { cpuExecutor } from '@lotion/cpu'
 * import { createUpdater, sgd } from '@lotion/optim'
 *
 * const executor = cpuExecutor({ threads: 1 })
 * const updater = createUpdater({ transformation: sgd({ learningRate: 0.1 }), shapes: { w: [2] }, executor })
 * console.log(Object.keys(updater))
 * ```
 */
export function createUpdater<A>(options: UpdaterOptions<A>): Updater<A> {
  refuseUnknownKeys('createUpdater', options, { transformation: true, shapes: true, executor: true })
  const { transformation, shapes, executor } = options
  checkTransformation('createUpdater: transformation', transformation)
  // A chain of one names its slots like any other chain.
  const whole = chain(transformation)
  const parameters = Object.entries(shapes).map(([name, shape]) => ({ name, shape }))
  whole.parts?.forEach((part) => part.refuseUnused?.(parameters))
  const plans = mapTree(shapes, (shape, name) => {
    const part = resolved(whole, { name, shape })
    if (!part) {
      throw new TypeError(
        `transformation: nothing of '${whole.name}' is left for parameter '${name}'; leave it out of the shapes, or mask less`,
      )
    }
    part.parts?.forEach((each, i, parts) => each.refuseBehind?.(parts.slice(i + 1), name))
    return { part, layout: stepLayout(part, { name, shape }), ...formsOf(part) }
  })
  const needs = joinNeeds(Object.values(plans).map(({ part }) => part))
  const quantized = mapTree(shapes, (shape, name) => whole.quantizes?.({ name, shape }) ?? null)
  const over = { executor, shapes, quantized, slotOf: slotOfValues(plans) }
  const [point, settled] = [castPoint(over), settling(over)]
  const callOf = (
    name: string,
    { params, state, result, at: { step, steps, updates } }: StepArguments<A>,
  ): Pick<LaneCall<A>, 'inputs' | 'layout'> => {
    const { part, layout } = leafOf(plans, name, 'shapes')
    const gradient = leafOf(result.gradients, name, 'gradients')
    const info: StepInfo = { step, steps, terms: result.terms, updates: updates?.[name] ?? step }
    const signals = signalsOf(result, { name, part, step })
    const [w, slots] = [leafOf(params, name, 'params'), leafOf(state, name, 'state')]
    return { inputs: { w, gradient, ...signals, ...slots, ...scalarsOf(part, info) }, layout }
  }
  const adding = Object.entries(plans).filter(([, { part }]) => part.penalty)
  // What a gradient step makes of its first batch it makes of all.
  let checked = false
  return Object.freeze({
    slots: mapTree(plans, ({ part }) => part.slots),
    nonNegative: mapTree(plans, ({ part }) => part.nonNegative ?? []),
    quantized,
    ...(point ? { point } : {}),
    ...(settled ? { settled } : {}),
    needs,
    wanted: (step) =>
      needs.flatMap((need) => (need.name !== 'gradient' && isDue(need, step) ? need.name : [])),
    rates: ratesOf(Object.entries(plans).map(([name, { part }]) => ({ part, quantized: quantized[name] }))),
    init: (params = {}) =>
      mapTree(plans, ({ part, layout }, name) => {
        const parameter = { name, shape: leafOf(shapes, name, 'shapes') }
        return firstSlots({ executor, part, parameter, layout, near: params[name] })
      }),
    ...(adding.length === 0
      ? {}
      : {
          penalty: async (params, state, result, at, of = 'cells') => {
            const calls = adding.map(([name, { penaltyAt }]) => ({
              fn: penaltyAt(at.step, of),
              ...callOf(name, { params, state, result, at }),
            }))
            // The total over all calls is an output of each of them.
            const totals = executor.lanes(calls).map((outputs) => leafOf(outputs, 'penalty', 'penalty'))
            try {
              const [total] = totals
              return (total === undefined ? undefined : (await executor.read(total))[0]) ?? Number.NaN
            } finally {
              for (const total of totals) executor.free?.(total)
            }
          },
        }),
    step: (params, state, result, at) => {
      if (!checked) checkGradients(result, params, { shapes, needs })
      checked = true
      checkTerms(result.terms)
      if (point && at.atPoint !== true) {
        throw new TypeError(
          `${point.method}: expected a gradient taken at the method's point, found one taken elsewhere; take it at ` +
            'updater.point.at(params, { seed, step }) and say so by atPoint: true, as fit and lotionOptimizer do',
        )
      }
      executor.lanes(
        Object.entries(plans).map(([name, { formAt }]): LaneCall<A> => {
          const { inputs, layout } = callOf(name, { params, state, result, at })
          return {
            fn: formAt(at.step),
            inputs,
            ...(layout ? { layout } : {}),
            into: { w: leafOf(params, name, 'params'), ...leafOf(state, name, 'state') },
          }
        }),
      )
    },
  } satisfies Updater<A>)
}

/** A Fisher that is scaled by 0 or less would turn the penalty off, or against the grid. */
function checkTerms(terms: number): void {
  if (Number.isInteger(terms) && terms > 0) return
  throw new RangeError(
    `terms: expected a positive whole number, found ${String(terms)}; a gradient step reports how many loss terms its gradient averages`,
  )
}

/**
 * The blocks that a step of one parameter runs over.
 * @throws if the axis that they run along was not given, and they depend on it.
 */
function stepLayout(
  { name: part, block = perTensor, axis }: Transformation,
  parameter: ParameterInfo,
): BlockLayout {
  const { name, shape } = parameter
  if (axis === undefined && block.kind !== 'tensor' && shape.length > 1) {
    throw new TypeError(
      `transformation: '${part}' runs over blocks of ${blockName(block)}, and nothing says along which axis of '${name}' ` +
        `[${shape.join(', ')}]; join it by withMethod, or wrap the part: quantized(rule, part)`,
    )
  }
  return layoutOf(shape, block, axis)
}

function scalarsOf(part: Transformation, info: StepInfo): Readonly<Record<string, number>> {
  const scalars = part.scalars(info)
  for (const name of scalarNames(part)) {
    if (!Number.isFinite(scalars[name])) {
      throw new RangeError(
        `${name}: expected a finite number at step ${info.step + 1} of ${info.steps}, found ${scalars[name]}; correct what makes it`,
      )
    }
  }
  return scalars
}
