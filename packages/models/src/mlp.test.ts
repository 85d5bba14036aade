import { leafOf, normals, type Batch } from '@lotion/core'
import { centralDifferences, mlpLoss64 } from '@lotion/test-kit'
import '@lotion/tfjs/gradients'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { gelu, relu, silu, tanh } from './activation.js'
import { mlp } from './mlp.js'

beforeAll(() => tf.setBackend('cpu'))

const batch: Batch = {
  x: { data: normals({ seed: 1, stream: 'x' }, 4 * 6), shape: [4, 6] },
  y: { data: Int32Array.from([0, 2, 1, 2]), shape: [4] },
}

describe('mlp', () => {
  test('has the parameter count of the closed form', () => {
    const model = mlp({ layers: [784, 64, 64, 10] })
    expect(model.parameterCount).toBe(784 * 64 + 64 + 64 * 64 + 64 + 64 * 10 + 10)
    expect(model.shapes['layers.2.weight']).toEqual([10, 64])
    expect(model.terms(batch)).toBe(4)
  })

  test.each([relu, tanh, silu, gelu])(
    'agrees with the f64 definition: loss and every slope ($name)',
    (activation) => {
      const model = mlp({ layers: [6, 5, 4, 3], activation })
      const weights = model.init(3)
      const names = Object.keys(weights)
      const [value, slopes] = tf.tidy(() => {
        const feed = {
          x: tf.tensor(leafOf(batch, 'x', 'batch').data, [4, 6]),
          y: tf.tensor(leafOf(batch, 'y', 'batch').data, [4], 'int32'),
        }
        const { value: loss, grads } = tf.valueAndGrads((...points: tf.Tensor[]) =>
          model.loss(Object.fromEntries(names.map((name, i) => [name, points[i]!])), feed).asScalar(),
        )(
          names.map((name) =>
            tf.tensor(leafOf(weights, name, 'weights'), [...leafOf(model.shapes, name, 'shapes')]),
          ),
        )
        return [loss.dataSync()[0]!, grads.map((grad) => [...grad.dataSync()])]
      })
      // f32 roundings, a few times 2^-24 of numbers of order 1.
      expect(Math.abs(value - mlpLoss64(model.config, weights, batch))).toBeLessThan(1e-6)
      names.forEach((name, i) => {
        const everywhere = Array.from(leafOf(weights, name, 'weights'), (_, index) => ({ name, index }))
        // A small step, so that no pre-activation of this seed crosses relu's kink: a crossing would show as
        // an error near 1.
        const expected = centralDifferences(
          (w) => mlpLoss64(model.config, w, batch),
          weights,
          everywhere,
          1e-4,
        )
        expected.forEach((slope, j) =>
          expect(Math.abs(slopes[i]![j]! - slope), `${name}[${j}]`).toBeLessThan(1e-6),
        )
      })
    },
  )

  test.each([[[6]], [[6, 1]], [[6, 2.5, 3]], [[0, 3]]])('refuses widths %o', (layers) => {
    expect(() => mlp({ layers })).toThrow(/layers: expected two or more whole widths/)
  })

  test('refuses options that it does not know', () => {
    expect(() => mlp({ layers: [6, 3], activations: relu } as never)).toThrow(
      "mlp: unknown option 'activations', did you mean 'activation'?; options: layers, activation",
    )
  })

  test('does not count examples of class −100', () => {
    const model = mlp({ layers: [6, 3] })
    const weights = model.init(3)
    const y = (...classes: number[]) => ({ data: Int32Array.from(classes), shape: [classes.length] })
    const partly: Batch = { ...batch, y: y(0, -100, 1, -100) }
    expect(model.terms(partly)).toBe(2)
    const { data } = leafOf(batch, 'x', 'batch')
    const counted: Batch = {
      x: { data: Float32Array.from([...data.slice(0, 6), ...data.slice(12, 18)]), shape: [2, 6] },
      y: y(0, 1),
    }
    expect(mlpLoss64(model.config, weights, partly)).toBe(mlpLoss64(model.config, weights, counted))
  })

  test('refuses features of another width', () => {
    const model = mlp({ layers: [6, 3] })
    expect(() => tf.tidy(() => model.logits({}, { x: tf.zeros([4, 5]) }))).toThrow(
      /x: expected features \[batch, 6\], found \[4, 5\]/,
    )
  })

  test('refuses one target for several rows', () => {
    const model = mlp({ layers: [3, 2] })
    const weights = Object.fromEntries(
      Object.entries(model.init(0)).map(([name, values]) => [
        name,
        tf.tensor(values, [...leafOf(model.shapes, name, 'shapes')]),
      ]),
    )
    const short = { x: tf.zeros([4, 3]), y: tf.zeros([1], 'int32') }
    expect(() => model.loss(weights, short)).toThrow(
      'y: expected the shape [4], one class for each prediction, found [1]',
    )
  })
})
