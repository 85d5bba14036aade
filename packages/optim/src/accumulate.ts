// Gradient accumulation: a large batch by parts that fit the memory. Comes in: a gradient step for a part.
// Goes out: a gradient step for the whole, with the mean over all loss terms.
// Source: docs/design/03-formats-and-methods.md (accumulation).

import {
  defineLanes,
  leafOf,
  type Batch,
  type Executor,
  type GradientResult,
  type GradientStep,
  type LaneCall,
  type RandomKey,
  type Shape,
  type Tree,
} from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { partsOf } from './batch-parts.js'
import { numberIn, positiveWhole } from './number-range.js'

/** What accumulation takes besides the step and the number of parts. */
export interface AccumulateOptions<A> {
  /** Sums the gradients; their arrays are of its kind. */
  readonly executor: Executor<A>
  /** Extents of the parameters whose gradients are kept: one array more for each. */
  readonly shapes: Tree<Shape>
  /** Arrays of the batch that go to every part whole, such as a table of positions. Default: none. */
  readonly shared?: readonly string[]
  /**
   * Signals that are means over the loss terms, so that the mean of the parts' is that of the whole; others
   * of the step are not delivered. Default: `curvature`.
   */
  readonly means?: readonly string[]
}

/** From a sum and a part's gradient to the next sum, or at the last part to the mean. */
const added = /* @__PURE__ */ defineLanes({
  name: 'accumulated gradient',
  inputs: ['sum', 'gradient'],
  scalars: ['weight', 'total'],
  outputs: ['sum'],
  body: ({ sum, gradient, weight, total }) => ({ sum: sum.add(gradient.mul(weight)).div(total) }),
})

/** The first part's: what the sum held before, be it NaN, is forgotten. */
const first = /* @__PURE__ */ defineLanes({
  name: 'first accumulated gradient',
  inputs: ['gradient'],
  outputs: ['sum'],
  body: ({ gradient }) => ({ sum: gradient }),
})

/**
 * Make a gradient step that takes a batch by `parts`: each array is split along its first axis, as evenly as
 * it goes, and gradients and losses are averaged by their `terms`, which add up. So λ and the empirical
 * Fisher are those of the whole batch (the square of its mean gradient, not the mean of the parts' squares),
 * and results differ from one large batch by roundings only. The result is valid until its next run.
 * @param gradientStep Evaluates one part; it stays the owner of what it returns.
 * @param parts How many, a positive whole number.
 * @param options What computes, extents of the parameters, and what is not split.
 * @throws TypeError if an option is unknown; RangeError unless `parts` is a positive whole number; when it
 * runs, naming the array, if arrays of the batch disagree on the number of examples or have too few.
 * @example
 * ```ts
 * import type { GradientStep } from '@lotion/core'
 * import { cpuExecutor } from '@lotion/cpu'
 * import { accumulate } from '@lotion/optim'
 *
 * const mean: GradientStep<Float32Array> = {
 *   name: 'mean',
 *   run: async ({ w }, { x }) => {
 *     const values = Array.from(x!.data)
 *     const gradient = values.reduce((sum, each) => sum + (w![0]! - each) / values.length, 0)
 *     return { loss: gradient ** 2, terms: values.length, gradients: { w: Float32Array.of(gradient) } }
 *   },
 *   close: async () => {},
 * }
 * const step = accumulate(mean, 2, { executor: cpuExecutor({ threads: 1 }), shapes: { w: [1] } })
 * const batch = { x: { data: Float32Array.of(1, 2, 3, 4), shape: [4] } }
 * const { terms, gradients } = await step.run({ w: Float32Array.of(0) }, batch)
 * console.log(terms, gradients) // 4, −2.5
 * ```
 */
export function accumulate<A>(
  gradientStep: GradientStep<A>,
  parts: number,
  options: AccumulateOptions<A>,
): GradientStep<A> {
  refuseUnknownKeys('accumulate', options, { executor: true, shapes: true, shared: true, means: true })
  numberIn(positiveWhole, 'parts', parts)
  if (parts === 1) return gradientStep
  const { executor, shapes, shared = [], means = ['curvature'] } = options
  const names = Object.keys(shapes)
  const nameOf = (signal: string | { readonly name: string }): string =>
    typeof signal === 'string' ? signal : signal.name
  const sums = new Map<string, A>()
  const sumOf = (key: string, name: string, near: A): A => {
    const made = sums.get(key) ?? executor.zeros(leafOf(shapes, name, 'shapes'), near)
    sums.set(key, made)
    return made
  }

  /** Take in one part's arrays. @param total 1 but for the last part. */
  function take(
    { gradients, signals = {} }: GradientResult<A>,
    wanted: readonly string[],
    at: Moment,
  ): Taken<A> {
    const calls: LaneCall<A>[] = []
    const sum = (key: string, name: string, gradient: A): A => {
      const into = { sum: sumOf(key, name, gradient) }
      const { isFirst, weight, total } = at
      calls.push(
        isFirst
          ? { fn: first, inputs: { gradient }, into }
          : { fn: added, inputs: { ...into, gradient, weight, total }, into },
      )
      return into.sum
    }
    const kept = Object.fromEntries(
      names.map((name) => [name, sum(name, name, leafOf(gradients, name, 'gradients'))]),
    )
    const averaged = wanted.map((signal) => {
      const found = names.flatMap((name): readonly (readonly [string, A | number])[] => {
        const value = signals[signal]?.[name]
        if (value === undefined) return []
        if (typeof value !== 'number') return [[name, sum(`${name} ${signal}`, name, value)]]
        const before = at.isFirst ? 0 : (at.numbers.get(`${name} ${signal}`) ?? 0)
        const next = (before + value * at.weight) / at.total
        at.numbers.set(`${name} ${signal}`, next)
        return [[name, next]]
      })
      return [signal, Object.fromEntries(found)] as const
    })
    executor.lanes(calls)
    return { gradients: kept, signals: Object.fromEntries(averaged) }
  }

  return Object.freeze({
    name: `${gradientStep.name}, ${parts} parts`,
    delivers: (gradientStep.delivers ?? []).filter((signal) => means.includes(nameOf(signal))),
    run: async (params: Tree<A>, batch: Batch, wanted: readonly string[] = [], key?: RandomKey) => {
      const split = partsOf(batch, parts, shared)
      const numbers = new Map<string, number>()
      let [loss, terms, weights, unit] = [0, 0, 0, 1]
      let taken: Taken<A> = { gradients: {}, signals: {} }
      for (const [part, piece] of split.entries()) {
        // Draws of one part are not those of another.
        const own = key && { ...key, stream: `${key.stream}/${part}` }
        const result = await gradientStep.run(params, piece, wanted, own)
        if (part === 0) unit = result.terms
        // In units of the first part's terms: 1 where the parts are even, which rounds nothing.
        const weight = result.terms / unit
        weights += weight
        loss += result.loss * result.terms
        terms += result.terms
        const total = part === parts - 1 ? weights : 1
        taken = take(result, wanted, { isFirst: part === 0, weight, total, numbers })
      }
      return { loss: loss / terms, terms, ...taken }
    },
    close: async () => {
      for (const sum of sums.values()) executor.free?.(sum)
      sums.clear()
      await gradientStep.close()
    },
  } satisfies GradientStep<A>)
}

type Taken<A> = Required<Pick<GradientResult<A>, 'gradients' | 'signals'>>

/** Where a part stands. */
interface Moment {
  readonly isFirst: boolean
  /** Its loss terms, in those of the first part. */
  readonly weight: number
  /** What the sum is divided by: 1 before the last part. */
  readonly total: number
  /** Signals of one number a parameter. */
  readonly numbers: Map<string, number>
}
