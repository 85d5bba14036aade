// A softmax classifier in plain numbers, a gradient step with closed forms. Comes in: examples with labels.
// Goes out: a gradient step over weights [classes, inputs], and the diagonal of its Gauss-Newton matrix.

import type { Batch, GradientStep } from '@lotion/core'

export const classes = 3
export const inputs = 2

/** Examples [n, inputs] with their labels. */
export const examples = (x: readonly (readonly number[])[], y: readonly number[]): Batch => ({
  x: { data: Float32Array.from(x.flat()), shape: [x.length, inputs] },
  y: { data: Int32Array.from(y), shape: [y.length] },
})

/** Probabilities of the classes for one example. */
export function probabilities(w: Float32Array, x: ArrayLike<number>): readonly number[] {
  const scores = Array.from({ length: classes }, (_, c) =>
    Array.from(x).reduce((sum, value, i) => sum + value * w[c * inputs + i]!, 0),
  )
  const masses = scores.map(Math.exp)
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  return masses.map((mass) => mass / total)
}

/** Mean cross-entropy and its gradient; without a signal of its own. */
export const softmax: GradientStep<Float32Array> = {
  name: 'softmax',
  run: ({ w }, { x, y }) => {
    const n = y!.data.length
    const gradient = new Float64Array(classes * inputs)
    let loss = 0
    for (let e = 0; e < n; e++) {
      const row = x!.data.subarray(e * inputs, (e + 1) * inputs)
      const p = probabilities(w!, row)
      loss -= Math.log(p[y!.data[e]!]!) / n
      p.forEach((mass, c) => {
        for (let i = 0; i < inputs; i++)
          gradient[c * inputs + i]! += ((mass - (y!.data[e] === c ? 1 : 0)) * row[i]!) / n
      })
    }
    return Promise.resolve({ loss, terms: n, gradients: { w: Float32Array.from(gradient) } })
  },
  close: () => Promise.resolve(),
}

/** Mean over examples of p_c (1 − p_c) x_i²: the diagonal of the Hessian too, as scores are linear in w. */
export function gaussNewton(w: Float32Array, { x }: Batch): readonly number[] {
  const n = x!.shape[0]!
  return Array.from({ length: classes * inputs }, (_, at) => {
    const [c, i] = [Math.floor(at / inputs), at % inputs]
    return Array.from({ length: n }, (__, e) => {
      const row = x!.data.subarray(e * inputs, (e + 1) * inputs)
      const p = probabilities(w, row)[c]!
      return (p * (1 - p) * row[i]! ** 2) / n
    }).reduce((sum, value) => sum + value, 0)
  })
}
