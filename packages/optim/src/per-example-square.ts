// Signal: the mean of squared gradients of single examples. Comes in: a gradient step. Goes out: a gradient
// step that delivers it.
// Source: the definition; docs/design/03-formats-and-methods.md (Fishers).

import { defineLanes, type Batch, type GradientStep } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { partsOf } from './batch-parts.js'
import { gradientOf, withSignal, type SignalMemory } from './with-signal.js'

/** What squares of single examples take. */
export interface PerExampleSquareOptions<A> extends SignalMemory<A> {
  /** Arrays of the batch that belong to every example, such as a table of positions. Default: none. */
  readonly shared?: readonly string[]
  /**
   * Count the loss terms of a batch; examples without any are left out. Default: all are evaluated.
   * @param batch That of one example.
   */
  readonly terms?: (batch: Batch) => number
}

const first = /* @__PURE__ */ defineLanes({
  name: 'first squared gradient',
  inputs: ['gradient'],
  scalars: ['weight'],
  outputs: ['kept'],
  body: ({ gradient, weight }) => ({ kept: gradient.mul(gradient).mul(weight) }),
})

const next = /* @__PURE__ */ defineLanes({
  name: 'next squared gradient',
  inputs: ['gradient', 'kept'],
  scalars: ['weight'],
  outputs: ['kept'],
  body: ({ gradient, kept, weight }) => ({ kept: kept.add(gradient.mul(gradient).mul(weight)) }),
})

const mean = /* @__PURE__ */ defineLanes({
  name: 'mean squared gradient',
  inputs: ['kept'],
  scalars: ['terms'],
  outputs: ['kept'],
  body: ({ kept, terms }) => ({ kept: kept.div(terms) }),
})

/**
 * Deliver `perExampleSquare` where it is asked for: the mean over examples n of T_n g_n², g_n the gradient of
 * example n alone and T_n its loss terms, examples weighed by T_n. Of one loss term an example that is the
 * mean square of single gradients. One evaluation more an example, at the steps at which it is due.
 * @param gradientStep Evaluates single examples too; it stays the owner of its gradients.
 * @param options What computes, extents of the parameters, and what of a batch is not split.
 * @throws TypeError if an option is unknown; when it runs, as `accumulate` where a batch cannot be split.
 */
export function perExampleSquare<A>(
  gradientStep: GradientStep<A>,
  options: PerExampleSquareOptions<A>,
): GradientStep<A> {
  refuseUnknownKeys('perExampleSquare', options, { executor: true, shapes: true, shared: true, terms: true })
  const { executor, shapes, shared = [], terms } = options
  return withSignal(gradientStep, {
    signal: { name: 'perExampleSquare' },
    executor,
    shapes,
    make: async (kept, params, batch) => {
      let total = 0
      for (const example of examplesOf(batch, shared)) {
        if (terms?.(example) === 0) continue
        const found = await gradientStep.run(params, example)
        const of = gradientOf(found.gradients)
        // Single precision takes T² of a text: both factors in one number.
        kept.take(total === 0 ? first : next, (name) => ({ gradient: of(name), weight: found.terms ** 2 }))
        total += found.terms
      }
      kept.take(mean, () => ({ terms: total }))
    },
  })
}

function examplesOf(batch: Batch, shared: readonly string[]): readonly Batch[] {
  const [, array] = Object.entries(batch).find(([name]) => !shared.includes(name)) ?? []
  return partsOf(batch, array?.shape[0] ?? 1, shared)
}
