// From a transformation to steps: state, fused lane functions, one pass over each parameter.
// Comes in: gradients. Goes out: new weights and state, in place. Source: docs/design/03-formats-and-methods.md.

import {
  defineLanes,
  layoutOf,
  leafOf,
  sizeOf,
  type Executor,
  type GradientResult,
  type LaneCall,
  type LaneFn,
  type Shape,
  type StepInfo,
  type Transformation,
  type Tree,
} from '@lotion/core'
import { resolved } from './transformation.js'

/** Slots by parameter: parameter name → slot name → array. Plain data: it can be stored and restored as it is. */
export type OptimizerState<A> = Tree<Tree<A>>

/** Applies a transformation to a tree of parameters. */
export interface Updater<A> {
  /** Make the state of a run's start. */
  init(): OptimizerState<A>
  /** Take a step: writes the new weights and slots over the old. */
  step(params: Tree<A>, state: OptimizerState<A>, result: GradientResult<A>, at: { step: number; steps: number }): void
}

export interface UpdaterOptions<A> {
  readonly transformation: Transformation
  readonly shapes: Tree<Shape>
  /** Axis of each quantized parameter's blocks. */
  readonly axes: ReadonlyMap<string, number>
  readonly executor: Executor<A>
}

/** Compile a transformation for the given parameters. */
export function createUpdater<A>({ transformation, shapes, axes, executor }: UpdaterOptions<A>): Updater<A> {
  const plans = Object.entries(shapes).map(([name, shape]) => {
    const part = resolved(transformation, { name, shape })
    if (!part) throw new TypeError(`transformation: nothing is left of '${transformation.name}' for parameter '${name}'`)
    const layout = layoutOf(shape, part.block ?? { kind: 'tensor' }, axes.get(name) ?? -1)
    return { name, part, layout, fn: stepLanes(part) }
  })
  return {
    init: () =>
      Object.fromEntries(
        plans.map(({ name, part }) => [
          name,
          Object.fromEntries(part.slots.map((slot) => [slot, initialSlot(executor, part, slot, name, shapes[name]!)])),
        ]),
      ),
    step: (params, state, result, at) => {
      const info: StepInfo = { ...at, terms: result.terms }
      executor.lanes(
        plans.map(({ name, part, layout, fn }): LaneCall<A> => {
          const w = leafOf(params, name, 'params')
          const slots = leafOf(state, name, 'state')
          const signals = Object.fromEntries(part.needs.map((signal) => [signal, signalOf(result, signal, name, part)]))
          const gradient = leafOf(result.gradients, name, 'gradients')
          return { fn, inputs: { w, ...signals, gradient, ...slots, ...part.scalars(info) }, layout, into: { w, ...slots } }
        }),
      )
    },
  }
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

function signalOf<A>(result: GradientResult<A>, signal: string, name: string, part: Transformation): A {
  const tree = signal === 'gradient' ? result.gradients : result.curvature
  const found = tree?.[name]
  if (found === undefined) {
    throw new TypeError(
      `${part.name}: needs the signal '${signal}' for '${name}', which this gradient step does not deliver; ` +
        `choose another Fisher estimate, such as empirical()`,
    )
  }
  return found
}

function initialSlot<A>(executor: Executor<A>, part: Transformation, slot: string, name: string, shape: Shape): A {
  const given = part.initial?.[slot]
  if (!given) return executor.zeros(shape)
  const values = leafOf(given, name, slot)
  if (values.length !== sizeOf(shape)) {
    throw new RangeError(`${slot}: '${name}': expected ${sizeOf(shape)} values, found ${values.length}`)
  }
  return executor.upload(values, shape)
}
