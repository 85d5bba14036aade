// Signal: the gradient of a loss whose labels the model itself has drawn. Comes in: a gradient step, and what
// draws labels. Goes out: a gradient step that delivers it.
// Source: Liu et al., arXiv 2305.14342 (Sophia), the Gauss-Newton-Bartlett estimator, as its code draws
// labels.

import { defineLanes, type Batch, type GradientStep, type RandomKey, type Tree } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { gradientOf, withSignal, type SignalMemory } from './with-signal.js'

/** What a gradient with drawn labels takes. */
export interface SampledGradientOptions<A> extends SignalMemory<A> {
  /**
   * Make the batch with labels drawn from what the model says of its inputs, as many loss terms as before.
   * @param params The weights.
   * @param batch That of the step.
   * @param key Of the draws.
   */
  readonly relabel: (params: Tree<A>, batch: Batch, key: RandomKey) => Promise<Batch>
}

const copied = /* @__PURE__ */ defineLanes({
  name: 'sampled gradient',
  inputs: ['gradient'],
  outputs: ['kept'],
  body: ({ gradient }) => ({ kept: gradient }),
})

/**
 * Deliver `sampledGradient` where it is asked for: ∂loss/∂w with labels drawn from the model, as
 * `gaussNewtonBartlett` of @lotion/fisher needs it. One more evaluation of loss and gradient, and what
 * `relabel` takes, at the steps at which it is due; one array more a parameter.
 * @param gradientStep Evaluates both; it stays the owner of its gradients.
 * @param options What draws labels, what computes, extents of the parameters.
 * @throws TypeError if an option is unknown; when it runs, if it is asked for the signal without a key.
 */
export function sampledGradient<A>(
  gradientStep: GradientStep<A>,
  options: SampledGradientOptions<A>,
): GradientStep<A> {
  refuseUnknownKeys('sampledGradient', options, { executor: true, shapes: true, relabel: true })
  const { executor, shapes, relabel } = options
  return withSignal(gradientStep, {
    signal: { name: 'sampledGradient', units: 'gradient' },
    executor,
    shapes,
    make: async (kept, params, batch, key) => {
      const { gradients } = await gradientStep.run(params, await relabel(params, batch, key))
      const of = gradientOf(gradients)
      kept.take(copied, (name) => ({ gradient: of(name) }))
    },
  })
}
