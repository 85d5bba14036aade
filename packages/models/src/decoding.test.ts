// What goes on token by token has the logits of the whole window, for every architecture; and what happens at
// the end of the context.

import { leafOf, type Tree } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { fixtureNames, readFixture } from '../test/fixtures.js'
import { modelFromConfig } from './architectures/architectures.js'
import type { CausalModel } from './architectures/define-architecture.js'
import { loadParameters } from './architectures/load-parameters.js'
import { continuation } from './continuation.js'
import { openDecoding } from './decoding.js'
import { generate } from './generate.js'
import { gpt2 } from './gpt2.js'
import { llama } from './llama.js'

beforeAll(() => tf.setBackend('cpu'))

function opened(model: CausalModel, weights: Tree<Float32Array>) {
  const engine = eagerEngine()
  const params = engine.allocate(model.shapes)
  for (const [name, array] of Object.entries(params)) array.set(leafOf(weights, name, 'weights'))
  const forward = engine.forward((inputs, batch) => ({ logits: model.logits(inputs, batch) }), 'logits')
  const whole = async (ids: readonly number[]): Promise<Float32Array> => {
    const { logits } = await forward.run(params, {
      x: { data: Int32Array.from(ids), shape: [1, ids.length] },
    })
    return logits!.slice((ids.length - 1) * model.config.vocabulary)
  }
  return { engine, params, forward, whole }
}

const distance = (found: Float32Array, expected: Float32Array): number => {
  expect(found.length).toBe(expected.length)
  const scale = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / scale
}

// The same sums in another order: see the bound of the parity with transformers.
const NEAR = 1e-5

describe.each(fixtureNames)('%s', (name) => {
  const { config, source, batch } = readFixture(name)
  const { architecture, model } = modelFromConfig(config)
  const ids = Array.from(batch['x']!.data.subarray(0, batch['x']!.shape[1]))

  it('has the logits of the window, read at once, in parts and one by one', async () => {
    const { engine, params, whole } = opened(model, await loadParameters(model, source, { architecture }))
    const { next, clear } = openDecoding({ model, engine, params })
    expect(ids.length).toBeGreaterThan(9)
    // At once, then two tokens more, then one; then a text that begins alike and goes on otherwise.
    const others = [...ids.slice(0, 5), ...ids.slice(0, 3)]
    for (const text of [ids.slice(0, -3), ids.slice(0, -1), ids, others])
      expect(distance(await next(text), await whole(text))).toBeLessThan(NEAR)
    clear()
    for (let length = 1; length <= 6; length++)
      expect(distance(await next(ids.slice(0, length)), await whole(ids.slice(0, length)))).toBeLessThan(NEAR)
  })

  it('draws the same ids for the same seed as without a cache', async () => {
    const { engine, params, forward } = opened(model, await loadParameters(model, source, { architecture }))
    const { next } = openDecoding({ model, engine, params })
    const common = { prompt: ids.slice(0, 3), length: 6, temperature: 1, seed: 5 }
    const { vocabulary } = model.config
    const found: number[] = []
    for await (const id of continuation({ next, vocabulary, ...common })) found.push(id)
    expect(found).toEqual(Array.from(await generate({ model, forward, params, ...common })))
  })
})

const extents = { vocabulary: 13, dimension: 8, layers: 2, heads: 2, context: 12 }

test.each([llama({ ...extents, heads: 4, headDimension: 4, kvHeads: 2 }), gpt2(extents)])(
  '$name: where the context is full the last three quarters are read again from its beginning',
  async (model) => {
    const { engine, params, whole } = opened(model, model.init(3))
    const { next } = openDecoding({ model, engine, params })
    const ids = Array.from({ length: 30 }, (_, i) => (5 * i * i + 1) % 13)
    // Room for 12: of 13 to 15 tokens the last 10 to 12 are seen, then again.
    for (let length = 10; length <= ids.length; length++) {
      const from = 3 * Math.ceil(Math.max(0, length - 12) / 3)
      const found = await next(ids.slice(0, length))
      expect(distance(found, await whole(ids.slice(from, length)))).toBeLessThan(NEAR)
    }
  },
)

test('has as much room as is asked for, and refuses more than the context', async () => {
  const model = llama(extents)
  const { engine, params, whole } = opened(model, model.init(3))
  const { next, rows } = openDecoding({ model, engine, params, rows: 4 })
  expect(rows).toBe(4)
  expect(distance(await next([1, 2, 3, 4, 5]), await whole([2, 3, 4, 5]))).toBeLessThan(NEAR)
  for (const wrong of [0, 13, 1.5])
    expect(() => openDecoding({ model, engine, params, rows: wrong })).toThrow(
      `rows: expected a whole number from 1 to context = 12, found ${wrong}`,
    )
  await expect(next([])).rejects.toThrow('ids: expected at least one token id, found none')
})

test('ends where an id says so, and at a signal', async () => {
  const model = llama(extents)
  const { engine, params } = opened(model, model.init(3))
  const { next } = openDecoding({ model, engine, params })
  const { vocabulary } = model.config
  const common = { next, vocabulary, prompt: [1], length: 9, temperature: 0, seed: 0 }
  const all: number[] = []
  for await (const id of continuation(common)) all.push(id)
  const stop = all[3]!
  const ended: number[] = []
  for await (const id of continuation({ ...common, stop: [stop] })) ended.push(id)
  expect(ended).toEqual(all.slice(0, all.indexOf(stop)))
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(continuation({ ...common, signal }).next()).rejects.toThrow('enough')
})
