// Logits, loss and gradients of small random checkpoints against those of transformers, which are committed.

import type { Batch, Tree } from '@lotion/core'
import '@lotion/tfjs/gradients'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { fixtureNames, readFixture } from '../../test/fixtures.js'
import { builtInArchitectures, modelFromConfig } from './architectures.js'
import type { CausalModel } from './define-architecture.js'
import { loadParameters } from './load-parameters.js'

beforeAll(() => tf.setBackend('cpu'))

function tensors(model: CausalModel, weights: Tree<Float32Array>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [name, tf.tensor(values, [...model.shapes[name]!])]),
  )
}

function batchTensors(batch: Batch): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape], 'int32')]),
  )
}

/** The largest distance, relative to the largest value that is expected. */
function distance(found: ArrayLike<number>, expected: Float32Array): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(found.length).toBe(expected.length)
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0) / scale
}

it('there is a fixture of every architecture', () => {
  const types = new Set(fixtureNames.map((name) => readFixture(name).config['model_type']))
  expect(types).toEqual(new Set(builtInArchitectures.map(({ name }) => name)))
})

// Both compute in f32, in another order: some 50 roundings of 2^-24 of values that are up to ten times what
// comes out. Without any of its terms (a bias, a turn, a norm) a model is off by 1e-2 and more.
const NEAR = 1e-5

describe.each(fixtureNames)('%s', (name) => {
  const { config, source, batch, logits, loss, gradients } = readFixture(name)
  const { architecture, model } = modelFromConfig(config)

  it('has the logits and the loss of transformers', async () => {
    const params = await loadParameters(model, source, { architecture })
    tf.tidy(() => {
      const [at, feed] = [tensors(model, params), batchTensors(batch)]
      expect(distance(model.logits(at, feed).dataSync(), logits)).toBeLessThan(NEAR)
      expect(distance(model.loss(at, feed).dataSync(), Float32Array.of(loss))).toBeLessThan(NEAR)
    })
  })

  it('has the gradients of autograd', async () => {
    const params = await loadParameters(model, source, { architecture })
    const expected = await loadParameters(model, gradients, { architecture })
    const names = Object.keys(model.shapes)
    const found = tf.tidy(() => {
      const at = tensors(model, params)
      const feed = batchTensors(batch)
      const gradient = tf.grads((...points: tf.Tensor[]) =>
        model.loss(Object.fromEntries(names.map((key, i) => [key, points[i]!])), feed),
      )
      return gradient(names.map((key) => at[key]!)).map((tensor) => tensor.dataSync())
    })
    names.forEach((key, i) => expect(distance(found[i]!, expected[key]!), key).toBeLessThan(5 * NEAR))
  })
})
