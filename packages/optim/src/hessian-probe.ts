// Signal: a probe of the Hessian's diagonal, by a difference of gradients. Comes in: a gradient step. Goes
// out: a gradient step that delivers it.
// Source: Hutchinson's estimator v ⊙ Hv, as what others write of Sophia (arXiv 2305.14342) tells it; Hv by a
// central difference, since tfjs has no second derivatives that can be trusted.

import {
  defineLanes,
  leafOf,
  mapTree,
  sizeOf,
  type GradientStep,
  type LaneCall,
  type Shape,
  type Tree,
} from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { numberIn, positive } from './number-range.js'
import { gradientOf, withSignal, type SignalMemory } from './with-signal.js'

/** What a probe of the Hessian takes. */
export interface HessianProbeOptions<A> extends SignalMemory<A> {
  /** How far the weights are moved to either side. Default 1e-3. */
  readonly epsilon?: number
  /** Arrays for the moved weights that the engine reads without copies. Default: the executor's. */
  readonly allocate?: (shapes: Tree<Shape>, near: Tree<A>) => Tree<A>
}

const moved = /* @__PURE__ */ defineLanes({
  name: 'probed weight',
  inputs: ['w', 'u'],
  scalars: ['epsilon'],
  outputs: ['w'],
  body: ({ w, u, epsilon }) => ({ w: w.add(u.less(0.5, epsilon.mul(-1), epsilon)) }),
})

const ahead = /* @__PURE__ */ defineLanes({
  name: 'gradient ahead',
  inputs: ['gradient'],
  outputs: ['kept'],
  body: ({ gradient }) => ({ kept: gradient }),
})

const probed = /* @__PURE__ */ defineLanes({
  name: 'probe of the Hessian',
  inputs: ['gradient', 'kept', 'u'],
  scalars: ['width'],
  outputs: ['kept'],
  body: ({ gradient, kept, u, width }) => {
    const slope = kept.sub(gradient).div(width)
    return { kept: u.less(0.5, slope.mul(-1), slope) }
  },
})

/**
 * Deliver `hessianProbe` where it is asked for: v ⊙ (∂loss(w + εv) − ∂loss(w − εv)) / 2ε, v of ±1 by key,
 * whose mean is the diagonal of the Hessian, of either sign. Two evaluations more at the steps at which it is
 * due; two arrays more a parameter, and its draws.
 * @param gradientStep Evaluates the moved weights too; it stays the owner of its gradients.
 * @param options What computes, extents of the parameters, and how far they are moved.
 * @throws TypeError if an option is unknown, RangeError unless epsilon is finite and above 0.
 */
export function hessianProbe<A>(
  gradientStep: GradientStep<A>,
  options: HessianProbeOptions<A>,
): GradientStep<A> {
  refuseUnknownKeys('hessianProbe', options, { executor: true, shapes: true, epsilon: true, allocate: true })
  const { executor, shapes, epsilon = 1e-3, allocate } = options
  numberIn(positive, 'epsilon', epsilon)
  let weights: Tree<A> | undefined
  return withSignal(gradientStep, {
    signal: { name: 'hessianProbe' },
    executor,
    shapes,
    make: async (kept, params, batch, key) => {
      const into = (weights ??=
        allocate?.(shapes, params) ?? mapTree(shapes, (shape, name) => executor.zeros(shape, params[name])))
      const signs = mapTree(shapes, (shape, name) =>
        executor.uniforms({ ...key, stream: `${key.stream}/${name}` }, sizeOf(shape)),
      )
      const signOf = (name: string): A => leafOf(signs, name, 'signs')
      const gradientAt = async (distance: number): Promise<(name: string) => A> => {
        executor.lanes(
          Object.entries(into).map(([name, w]): LaneCall<A> => ({
            fn: moved,
            inputs: { w: leafOf(params, name, 'params'), u: signOf(name), epsilon: distance },
            into: { w },
          })),
        )
        const { gradients } = await gradientStep.run({ ...params, ...into }, batch)
        return gradientOf(gradients)
      }
      try {
        const plus = await gradientAt(epsilon)
        kept.take(ahead, (name) => ({ gradient: plus(name) }))
        const minus = await gradientAt(-epsilon)
        kept.take(probed, (name) => ({ gradient: minus(name), u: signOf(name), width: 2 * epsilon }))
      } finally {
        for (const array of Object.values(signs)) executor.free?.(array)
      }
    },
    close: () => {
      // What the engine allocated is its own to free.
      if (!allocate) for (const array of Object.values(weights ?? {})) executor.free?.(array)
    },
  })
}
