// From a transformation to steps: state, fused lane functions, one pass over each parameter.
// Comes in: gradients. Goes out: new weights and state, in place. Source: docs/design/03-formats-and-methods.md.

import {
  blockName,
  defineLanes,
  layoutOf,
  leafOf,
  mapTree,
  perTensor,
  sizeOf,
  type BlockLayout,
  type Executor,
  type GradientResult,
  type LaneCall,
  type LaneFn,
  type ParameterInfo,
  type Shape,
  type Signal,
  type StepInfo,
  type Transformation,
  type Tree,
} from '@lotion/core'
import { chain, resolved } from './transformation.js'

/**
 * Slots by parameter: parameter name → `part.slot`, such as `adamw.m` → array of the parameter's size.
 * Plain data: stored and restored as it is, it continues the run.
 */
export type OptimizerState<A> = Tree<Tree<A>>

/** Applies a transformation to a tree of parameters. */
export interface Updater<A> {
  /** Names of the slots by parameter: what a state holds. */
  readonly slots: Tree<readonly string[]>
  /** Signals that a gradient step must deliver. */
  readonly needs: readonly Signal[]
  /** Make the state of a run's start, each slot near its parameter; see `Executor.zeros`. */
  init(params?: Tree<A>): OptimizerState<A>
  /**
   * Take a step: writes the new weights and slots over the old. `step` counts the updates before this one, from 0.
   * @throws before anything is written, if an array or signal is missing or a scalar is not finite.
   */
  step(
    params: Tree<A>,
    state: OptimizerState<A>,
    result: GradientResult<A>,
    at: { step: number; steps: number },
  ): void
}

/** What an updater is compiled from. */
export interface UpdaterOptions<A> {
  readonly transformation: Transformation
  readonly shapes: Tree<Shape>
  readonly executor: Executor<A>
}

/**
 * Compile a transformation for the given parameters. What blocks run along stands in the parts themselves; see `quantized`.
 * @throws if a parameter is left without any update, or a part runs over blocks along an axis that nobody told.
 */
export function createUpdater<A>({ transformation, shapes, executor }: UpdaterOptions<A>): Updater<A> {
  // A chain of one names its slots like any other chain.
  const whole = chain(transformation)
  const plans = mapTree(shapes, (shape, name) => {
    const part = resolved(whole, { name, shape })
    if (!part) {
      throw new TypeError(
        `transformation: nothing of '${whole.name}' is left for parameter '${name}'; leave it out of the shapes, or mask less`,
      )
    }
    return {
      part,
      layout: stepLayout(part, { name, shape }),
      fn: stepLanes(part),
    }
  })
  return Object.freeze({
    slots: mapTree(plans, ({ part }) => part.slots),
    needs: [...new Set(Object.values(plans).flatMap(({ part }) => part.needs))],
    init: (params = {}) =>
      mapTree(plans, ({ part }, name) => {
        const parameter = { name, shape: leafOf(shapes, name, 'shapes') }
        return Object.fromEntries(
          part.slots.map((slot) => [slot, initialSlot(executor, part, slot, parameter, params[name])]),
        )
      }),
    step: (params, state, result, at) => {
      const info: StepInfo = { ...at, terms: result.terms }
      executor.lanes(
        Object.entries(plans).map(([name, { part, layout, fn }]): LaneCall<A> => {
          const w = leafOf(params, name, 'params')
          const slots = leafOf(state, name, 'state')
          const gradient = leafOf(result.gradients, name, 'gradients')
          const signals = part.needs.includes('curvature')
            ? { curvature: curvatureOf(result, name, part) }
            : {}
          return {
            fn,
            inputs: { w, gradient, ...signals, ...slots, ...scalarsOf(part, info) },
            layout,
            into: { w, ...slots },
          }
        }),
      )
    },
  } satisfies Updater<A>)
}

/** The blocks that a step of one parameter runs over. @throws if nobody told what they run along, and it matters. */
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

/** The whole step of one parameter as one lane function: w, gradient, signals, slots, scalars → w, slots. */
export function stepLanes(part: Transformation): LaneFn {
  const inputs = ['w', 'gradient', ...part.needs.filter((signal) => signal !== 'gradient'), ...part.slots]
  return defineLanes({
    name: part.name,
    inputs,
    scalars: part.scalarNames,
    outputs: ['w', ...part.slots],
    body: (x) => {
      const { update, ...rest } = part.update({ ...x, update: x['gradient']! })
      return { ...x, ...rest, w: x['w']!.add(update!) }
    },
  })
}

/** Refuse a state of another run: other parameters, or slots of another method or optimizer. */
export function checkState<A>(state: OptimizerState<A>, slots: Tree<readonly string[]>): void {
  const list = (names: readonly string[]): string => [...names].sort().join(', ') || 'none'
  const refuse = (what: string, expected: readonly string[], found: readonly string[]): void => {
    if (list(expected) === list(found)) return
    throw new TypeError(
      `state: expected ${what} ${list(expected)}, found ${list(found)}; continue with the method and optimizer it was made by`,
    )
  }
  refuse('parameters', Object.keys(slots), Object.keys(state))
  for (const [name, expected] of Object.entries(slots))
    refuse(`for '${name}' the slots`, expected, Object.keys(state[name] ?? {}))
}

function scalarsOf(part: Transformation, info: StepInfo): Readonly<Record<string, number>> {
  const scalars = part.scalars(info)
  for (const name of part.scalarNames) {
    if (!Number.isFinite(scalars[name])) {
      throw new RangeError(
        `${name}: expected a finite number at step ${info.step + 1} of ${info.steps}, found ${scalars[name]}; correct what makes it`,
      )
    }
  }
  return scalars
}

function curvatureOf<A>({ curvature }: GradientResult<A>, name: string, part: Transformation): A {
  const found = curvature?.[name]
  if (found !== undefined) return found
  throw new TypeError(
    `${part.name}: needs the signal 'curvature' for '${name}', which this gradient step does not deliver; ` +
      `choose another Fisher estimate, such as empirical()`,
  )
}

function initialSlot<A>(
  executor: Executor<A>,
  part: Transformation,
  slot: string,
  { name, shape }: ParameterInfo,
  near: A | undefined,
): A {
  const given = part.initial?.[slot]
  if (!given) return executor.zeros(shape, near)
  const values = leafOf(given, name, slot)
  if (values.length !== sizeOf(shape)) {
    throw new RangeError(`${slot}: '${name}': expected ${sizeOf(shape)} values, found ${values.length}`)
  }
  return executor.upload(values, shape, near)
}
