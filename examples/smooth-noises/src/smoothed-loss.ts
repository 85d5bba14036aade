// The whole smoothed loss of a noise that may be biased, as a method. Comes in: a format, a noise with atoms.
// Goes out: a method. For a quadratic loss and independent outcomes E[L(q)] = L(m(w)) + ½ Σ H_ii Var[q_i],
// m(w) = E[q].

import { defineLanes, gradient, locate, type Lane, type Noise, type NumberFormat } from '@lotion/core'
import { defineMethod, defineTransformation, type Method } from '@lotion/optim'

/** Take the gradient at m(w), multiply it by ∂m/∂w, add the slope of the variance around m(w). */
export function smoothedLoss(format: NumberFormat, noise: Noise): Method {
  const law = (w: Lane): { mean: Lane; variance: Lane } => {
    const { site, scale } = locate(format, w)
    const mean = noise.atoms!(site)
      .map(({ value, mass }) => value.mul(mass))
      .reduce((sum, part) => sum.add(part))
    const off = mean.sub(site.x)
    return { mean: mean.mul(scale), variance: noise.variance(site).sub(off.mul(off)).mul(scale).mul(scale) }
  }
  const point = defineLanes({
    name: `mean ${noise.name}`,
    inputs: ['w'],
    outputs: ['w'],
    body: ({ w }) => ({ w: law(w).mean }),
  })
  return defineMethod({
    name: `smoothed loss, ${noise.name}`,
    format,
    point,
    penalty: defineTransformation({
      name: 'smoothed loss',
      needs: ['curvature'],
      block: format.block,
      update: ({ w, update, curvature }) => {
        const { mean, variance } = law(w)
        const value = mean.mul(update).add(curvature.mul(variance).mul(0.5))
        return { update: gradient(value, w, { hold: [update, curvature] }) }
      },
    }),
  })
}
