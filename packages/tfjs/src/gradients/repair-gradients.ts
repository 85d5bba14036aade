// Gradients of tfjs that are not those of its own forward pass, put right. Comes in: an instance of tfjs.
// Goes out: the same instance with our rules, and how to give back its own.
// Source: central differences of the forward pass; docs/design/09-tfjs.md.

import type * as tfjs from '@tensorflow/tfjs-core'
import './core-gradients.js'
import { arrayGradients } from './array-gradients.js'
import type { GradientRule } from './gradient-rule.js'
import { windowGradients } from './window-gradients.js'

/**
 * Give tfjs right gradients where its own are wrong (4.22): `avgPool` and `avgPool3d` with padding, pooling
 * and `conv2d` with a `dimRoundingMode`, `mirrorPad`, `cumsum` along another axis than the last. Through a
 * resize with `halfPixelCenters` it refuses to go back. Our engines and `lotionOptimizer` do this by
 * themselves; call it once for the optimizers of tfjs itself.
 *
 * ```ts
 * const restore = repairGradients(tf)
 * ```
 * @param tf The instance whose rules are replaced.
 * @returns what puts tfjs's own rules back.
 */
export function repairGradients(tf: typeof tfjs): () => void {
  const own = [...windowGradients, ...arrayGradients].flatMap((rule) => replace(tf, rule) ?? [])
  return () => own.forEach((config) => tf.registerGradient(config))
}

/** Marks a rule of ours, in whichever copy of this package: applied twice, it would be wrong. */
const ownGradient = Symbol.for('@lotion/tfjs gradient')

/** Nothing to replace where we have a rule, and in builds of tfjs without that operation's gradient. */
function replace(tf: typeof tfjs, rule: GradientRule): tfjs.GradConfig | undefined {
  const own = tf.getGradient(rule.kernel)
  // The typings promise a rule for every name.
  if ((own as tfjs.GradConfig | undefined) === undefined || ownGradient in own) return undefined
  const ours: tfjs.GradConfig & { readonly [ownGradient]: true } = {
    ...own,
    [ownGradient]: true,
    gradFunc: (dy, saved, attributes) => {
      if (Array.isArray(dy)) throw new TypeError(`${rule.kernel}: expected one gradient, found ${dy.length}`)
      return rule.gradients({
        tf,
        dy,
        saved,
        attributes,
        own: (gradient, changed) => own.gradFunc(gradient, saved, changed as tfjs.NamedAttrMap),
      })
    },
  }
  tf.registerGradient(ours)
  return own
}
