// The optimizer of a compiled model: a method around an optimizer of tfjs or of @lotion/optim. Comes in:
// both. Goes out: a `tf.Optimizer`, with a length of the run and rates that may change while it goes on.
// Source: docs/design/09-tfjs.md (the door).

import type { Executor, Shape, Transformation, Tree } from '@lotion/core'
import { createUpdater, withMethod, type Method, type QuantizeRule } from '@lotion/optim'
import type * as tfjs from '@tensorflow/tfjs-core'
import { lotionOptimizer } from '../lotion-optimizer.js'
import { keepForwardState, type Skipping } from './forward-state.js'
import { hostedUpdater } from './hosted-updater.js'
import { rateOf, setRate } from './inner-rate.js'
import { named, namingOf, type Naming, type Rated } from './named-updater.js'
import type { QuantizedOptions } from './quantized-model.js'
import { steered, type Steering } from './steered.js'

/** What a method is joined with an optimizer by. */
export interface Joining {
  readonly tf: typeof tfjs
  readonly executor: Executor<tfjs.Tensor>
  readonly method: Method
  readonly quantize: QuantizeRule
  /** Name of a variable → the parameter's, which is the same in every process. */
  readonly paths: ReadonlyMap<string, string>
  /** All variables of the model. */
  readonly weights: () => readonly tfjs.Variable[]
  readonly options: QuantizedOptions
}

/** The optimizer of a compiled model. */
export interface MethodOptimizer {
  readonly optimizer: tfjs.Optimizer
  /** Say that so many steps follow; NaN if that is not known. The length that was asked for goes before. */
  planned(more: number): void
  get learningRate(): number | undefined
  set learningRate(value: number)
  get lambda(): number | undefined
  set lambda(value: number)
  /** What a run remembers beside the weights. */
  readonly memory: RunMemory
}

/** Where a run's memory lies. */
export interface RunMemory {
  readonly optimizer: Skipping & { skipped: number; stepsTaken(): number }
  /** What the optimizer inside is called. */
  readonly name: string
  /** An optimizer of tfjs, if it is one. */
  readonly inner?: tfjs.Optimizer
  /** Paths of all variables that it has met, in order. */
  readonly met: string[]
  readonly steering: Steering
  readonly naming: Naming
}

/** Join a method and an optimizer. */
export function methodOptimizer(
  { tf, executor, method, quantize, paths, weights, options }: Joining,
  inner: tfjs.Optimizer | Transformation,
): MethodOptimizer {
  const { terms, seed, nonFinite } = options
  const steering: Steering = {}
  const met: string[] = []
  const naming = namingOf(paths)
  const updaterOf = (shapes: Tree<Shape>): Rated => {
    const { variableOf } = naming
    if (isTfjs(inner))
      return hostedUpdater({ tf, inner, method, quantize, executor, steering, met, variableOf }, shapes)
    const transformation = steered(withMethod(method, inner, quantize), steering)
    return createUpdater({ transformation, shapes, executor })
  }
  let steps = options.steps ?? Number.NaN
  let last: { readonly rates: Rated['rates']; readonly step: number } | undefined
  const optimizer = lotionOptimizer({
    tf,
    steps: () => steps,
    compile: (shapes) => {
      const updater = named(updaterOf(naming.byPath(shapes)), naming)
      return {
        ...updater,
        step: (params, state, result, at) => {
          last = { rates: updater.rates, step: at.step }
          updater.step(params, state, result, at)
        },
      }
    },
    ...(terms === undefined ? {} : { terms }),
    ...(seed === undefined ? {} : { seed }),
    ...(nonFinite === undefined ? {} : { nonFinite }),
  }) as RunMemory['optimizer']
  keepForwardState(tf, optimizer, weights)
  let unmoved: Rated['rates'] | undefined
  const rates = () => {
    const { step } = last ?? { step: 0 }
    // Before the first step nobody has said which variables take part: those of the model do.
    const of = last?.rates ?? (unmoved ??= updaterOf(naming.byPath(shapesOf(weights()))).rates)
    return of({ step, steps, terms: 1 })
  }
  return {
    optimizer,
    memory: {
      optimizer,
      name: isTfjs(inner) ? inner.getClassName() : inner.name,
      met,
      steering,
      naming,
      ...(isTfjs(inner) ? { inner } : {}),
    },
    planned: (more) => {
      steps = options.steps ?? optimizer.stepsTaken() + more
    },
    get learningRate() {
      return isTfjs(inner) ? rateOf(inner) : rates().learningRate
    },
    set learningRate(value: number | undefined) {
      const rate = checked('learningRate', value)
      if (isTfjs(inner)) setRate(inner, rate)
      else steering.learningRate = rate
    },
    get lambda() {
      return rates().lambda
    },
    set lambda(value: number | undefined) {
      steering.lambda = checked('lambda', value)
    },
  }
}

const shapesOf = (variables: readonly tfjs.Variable[]): Tree<Shape> =>
  Object.fromEntries(variables.map(({ name, shape }) => [name, shape]))

/** Whether an optimizer is one of tfjs. */
export const isTfjs = (optimizer: tfjs.Optimizer | Transformation): optimizer is tfjs.Optimizer =>
  'applyGradients' in optimizer

function checked(name: string, value: number | undefined): number {
  if (value !== undefined && Number.isFinite(value) && value >= 0) return value
  throw new RangeError(`${name}: expected a number of at least 0, found ${value}`)
}
