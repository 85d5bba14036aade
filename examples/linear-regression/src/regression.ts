// A regression problem of a seed: features are random mixtures of sources of falling strength, H their
// covariance. Comes in: a seed, a number of weights. Goes out: the loss ½ (w − w*)ᵀ H (w − w*) and its
// gradient step; diag H is the exact Fisher.

import { normals, type GradientStep, type Tree } from '@lotion/core'

export interface Regression {
  loss(params: Tree<Float32Array>): number
  readonly gradientStep: GradientStep<Float32Array>
}

/** Make the problem of a seed with `size` weights. */
export function regression(seed: number, size: number): Regression {
  const mixture = normals({ seed, stream: 'mixture' }, size * size)
  const truth = normals({ seed, stream: 'truth' }, size)
  const H = new Float64Array(size * size)
  for (let k = 0; k < size; k++) {
    const strength = (k + 1) ** -1.1 / size
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        H[i * size + j]! += strength * mixture[k * size + i]! * mixture[k * size + j]!
  }
  const evaluate = ({ w }: Tree<Float32Array>): { loss: number; slope: Float32Array } => {
    const error = w!.map((value, i) => value - truth[i]!)
    const slope = new Float32Array(size)
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) slope[i]! += H[i * size + j]! * error[j]!
    return { loss: error.reduce((sum, e, i) => sum + 0.5 * e * slope[i]!, 0), slope }
  }
  const curvature = { w: Float32Array.from({ length: size }, (_, i) => H[i * size + i]!) }
  return {
    loss: (params) => evaluate(params).loss,
    gradientStep: {
      name: 'regression',
      delivers: ['curvature'],
      run: (params) => {
        const { loss, slope } = evaluate(params)
        return Promise.resolve({ loss, terms: 1, gradients: { w: slope }, signals: { curvature } })
      },
      close: () => Promise.resolve(),
    },
  }
}
