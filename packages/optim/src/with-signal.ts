// A gradient step that delivers one signal more, made by further evaluations of its own. Comes in: a gradient
// step, and how the signal is made. Goes out: a gradient step. Those that ask for other signals pay nothing.
// Source: docs/design/03-formats-and-methods.md (signals are open).

import type {
  Batch,
  Executor,
  GradientStep,
  LaneCall,
  LaneFn,
  RandomKey,
  Shape,
  Signal,
  Tree,
} from '@lotion/core'
import { leafOf } from '@lotion/core'

/** What keeps a signal between evaluations. */
export interface SignalMemory<A> {
  /** Computes the signal; its arrays are of the step's kind. */
  readonly executor: Executor<A>
  /** Extents of the parameters whose gradients are taken: one array more for each. */
  readonly shapes: Tree<Shape>
}

/** Arrays of a signal: what one formula after the other leaves in them. */
export interface KeptArrays<A> {
  /**
   * Run a formula once a parameter, over the arrays that it reads by name; it writes `kept`.
   * @param fn Its output is `kept`.
   * @param inputs What it reads for a parameter, beside `kept`.
   */
  take(fn: LaneFn, inputs: (name: string) => LaneCall<A>['inputs']): void
  /** As the last formula left them. */
  readonly arrays: Tree<A>
}

/** How a signal is made. */
export interface SignalMaking<A> extends SignalMemory<A> {
  readonly signal: Signal
  /** Fill the kept arrays. */
  make(kept: KeptArrays<A>, params: Tree<A>, batch: Batch, key: RandomKey): Promise<void>
  /** Give back what it holds besides. */
  close?(): Promise<void> | void
}

/**
 * Let a gradient step deliver a signal. The signal is made first: the step's own result is valid behind
 * it.
 */
export function withSignal<A>(gradientStep: GradientStep<A>, making: SignalMaking<A>): GradientStep<A> {
  const { signal, executor, shapes, make } = making
  const { name } = signal
  let arrays: Tree<A> | undefined
  const keptNear = (params: Tree<A>): KeptArrays<A> => {
    const own = (arrays ??= Object.fromEntries(
      Object.entries(shapes).map(([key, shape]) => [key, executor.zeros(shape, params[key])]),
    ))
    return {
      arrays: own,
      take: (fn, inputs) => {
        executor.lanes(
          Object.entries(own).map(([key, kept]): LaneCall<A> => {
            const given = inputs(key)
            return { fn, inputs: fn.inputs.includes('kept') ? { ...given, kept } : given, into: { kept } }
          }),
        )
      },
    }
  }
  return Object.freeze({
    name: gradientStep.name,
    delivers: [...(gradientStep.delivers ?? []), signal],
    run: async (params: Tree<A>, batch: Batch, wanted: readonly string[] = [], key?: RandomKey) => {
      if (!wanted.includes(name)) return gradientStep.run(params, batch, wanted, key)
      if (!key)
        throw new TypeError(
          `${gradientStep.name}: expected a key for the draws of the signal '${name}', found none; give it as the last argument of run, as fit does`,
        )
      const kept = keptNear(params)
      await make(kept, params, batch, { ...key, stream: `${key.stream}/${name}` })
      const others = wanted.filter((each) => each !== name)
      const result = await gradientStep.run(params, batch, others, key)
      return { ...result, signals: { ...result.signals, [name]: kept.arrays } }
    },
    close: async () => {
      for (const array of Object.values(arrays ?? {})) executor.free?.(array)
      await making.close?.()
      await gradientStep.close()
    },
  } satisfies GradientStep<A>)
}

/** The gradient of one parameter. */
export const gradientOf =
  <A>(gradients: Tree<A>): ((name: string) => A) =>
  (name) =>
    leafOf(gradients, name, 'gradients')
