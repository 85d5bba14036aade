// Gradients of tfjs, on which a trace builds, against differences of the forward pass: agreement of two
// engines is no proof.

import { sizeOf, type HostArray, type Tree } from '@lotion/core'
import { kernelCases, type KernelCase } from '@lotion/test-kit/kernel-cases'
import { valueAndGradients } from '@lotion/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'

const STEP = 2 ** -9

beforeAll(() => tf.setBackend('cpu'))

const cases = Object.values(kernelCases).flatMap((table) =>
  table.flatMap((example) => (example.differentiate ?? []).map((by) => [example.name, by, example] as const)),
)

const tensors = (inputs: Tree<HostArray>): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )
const weights = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.cos(i + 1))

/** Σ c_j f_j in f64, of outputs in f32. */
function lossAt({ fn, inputs }: KernelCase, by: string, data: Float32Array): number {
  return tf.tidy(() => {
    const y = fn(tensors({ ...inputs, [by]: { data, shape: inputs[by]!.shape } }))
    const c = weights(y.size)
    return [...y.dataSync()].reduce((sum, value, i) => sum + value * c[i]!, 0)
  })
}

describe('gradients', () => {
  it.each(cases)('%s by %s', (_, by, example) => {
    const { data, shape } = example.inputs[by]!
    const x = Float32Array.from(data)
    const at = (i: number, step: number): readonly [number, number] => {
      const moved = x.slice()
      moved[i]! += step
      return [lossAt(example, by, moved), moved[i]!]
    }
    const slope = (
      [above, to]: readonly [number, number],
      [below, from]: readonly [number, number],
    ): number => (above - below) / (to - from)
    const gradient = tf.tidy(() => {
      const inputs = tensors(example.inputs)
      const loss = (): tf.Tensor => {
        const y = example.fn(inputs)
        return tf.sum(tf.mul(tf.cast(y, 'float32'), tf.tensor(weights(y.size), y.shape)))
      }
      return valueAndGradients(tf, example.name, loss, [inputs[by]!]).gradients[0]!.dataSync()
    })
    const quotients = Array.from(x, (_value, i) => {
      const [down, here, up] = [at(i, -STEP), at(i, 0), at(i, STEP)]
      return { left: slope(here, down), right: slope(up, here), both: slope(up, down) }
    })
    const largest = Math.max(...quotients.map(({ both }) => Math.abs(both)), ...gradient.map(Math.abs), 0.1)
    // Where left and right differ there is a kink or a jump in reach, and no slope to compare with.
    const smooth = [...x.keys()].filter((i) => {
      const { left, right } = quotients[i]!
      return Math.abs(left - right) < 2e-2 * largest
    })
    // Rounding of outputs of order 1 to 100 is 2⁻²⁴ / 2⁻⁹ ≈ 3e-5 each; the step leaves STEP² f‴ / 6 ≈ 6e-7
    // f‴.
    for (const i of smooth)
      expect(Math.abs(gradient[i]! - quotients[i]!.both), `at ${i}`).toBeLessThan(1e-2 * largest)
    expect(smooth.length).toBeGreaterThanOrEqual(example.name.startsWith('round') ? 2 : 0.6 * sizeOf(shape))
  })
})
