import { leafOf, type ForwardStep } from '@lotion/core'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { generate } from './generate.js'
import { nextToken } from './next-token.js'
import { llama } from './llama.js'

beforeAll(() => tf.setBackend('cpu'))

const model = llama({ vocabulary: 13, dimension: 8, layers: 1, heads: 2, hidden: 8, context: 5 })
const seen: number[][] = []

/** The plain tfjs forward pass, which also notes what it was shown. */
const forward: ForwardStep<Float32Array> = {
  name: 'eager',
  async run(params, batch) {
    const x = leafOf(batch, 'x', 'batch')
    seen.push([...x.data])
    const logits = tf.tidy(() => {
      const tensors = Object.fromEntries(
        Object.entries(params).map(([name, values]) => [
          name,
          tf.tensor(values, [...leafOf(model.shapes, name, 'shapes')], 'float32'),
        ]),
      )
      return model.logits(tensors, { x: tf.tensor(x.data, [...x.shape], 'int32') }).dataSync<'float32'>()
    })
    return { logits }
  },
  close: async () => {},
}

const params = model.init(2)
const common = { model, forward, params, prompt: [1, 2, 3], length: 6, temperature: 1, seed: 9 }

describe('nextToken', () => {
  const logits = [0, 2, 1, 2].map((count) => Math.log(count)) // masses 0, .4, .2, .4

  test('inverts the cumulative distribution, likeliest first, ties by id', () => {
    const drawn = [0, 0.39, 0.41, 0.79, 0.81, 1 - 2 ** -24].map((u) =>
      nextToken(logits, { temperature: 1 }, u),
    )
    expect(drawn).toEqual([1, 1, 3, 3, 2, 2])
  })

  test('takes the likeliest at temperature 0 or topK 1', () => {
    expect(nextToken(logits, { temperature: 0 }, 0.99)).toBe(1)
    expect(nextToken(logits, { temperature: 1, topK: 1 }, 0.99)).toBe(1)
  })

  test('sharpens by the temperature: at ½, masses 4/9, 4/9, 1/9', () => {
    expect(nextToken(logits, { temperature: 0.5 }, 8 / 9 - 1e-6)).toBe(3)
    expect(nextToken(logits, { temperature: 0.5 }, 8 / 9 + 1e-6)).toBe(2)
  })

  test('topP keeps the fewest of the likeliest that hold the share: of .4, .4, .2 at .5 two, at .3 one', () => {
    const drawn = (topP: number) =>
      [0, 0.49, 0.51, 1 - 2 ** -24].map((u) => nextToken(logits, { temperature: 1, topP }, u))
    expect(drawn(0.5)).toEqual([1, 1, 3, 3])
    expect(drawn(0.3)).toEqual([1, 1, 1, 1])
    expect(drawn(0.9)).toEqual([1, 3, 3, 2])
  })

  test('takes the same from the best of many, kept or sorted', () => {
    const many = Array.from({ length: 2000 }, (_, id) => Math.round(5 * Math.sin(id * id)))
    for (const u of [0, 0.3, 0.7, 0.99]) {
      const kept = nextToken(many, { temperature: 1, topK: 40 }, u)
      const order = many.map((_, id) => id).sort((a, b) => many[b]! - many[a]! || a - b)
      // Of the best forty, all five: each has the same mass.
      expect(kept).toBe(order[Math.floor(u * 40)])
      expect(many[kept]).toBe(5)
    }
  })

  test.each([
    [{ temperature: 1, topP: 0 }, /topP: expected.*found 0/],
    [{ temperature: 1, topP: 1.1 }, /topP: expected.*found 1.1/],
    [{ temperature: -1 }, /temperature: expected.*found -1/],
    [{ temperature: 1, topK: 0 }, /topK: expected.*found 0/],
  ])('refuses %o', (sampling, message) => {
    expect(() => nextToken(logits, sampling, 0)).toThrow(message)
  })

  test('refuses logits that are no numbers', () => {
    expect(() => nextToken([0, Number.NaN], { temperature: 1 }, 0)).toThrow(/logits\[1\]: .*found NaN/)
    expect(() => nextToken([-Infinity], { temperature: 1 }, 0)).toThrow(/at least one finite/)
  })
})

describe('generate', () => {
  test('repeats itself for a seed and varies with it', async () => {
    const first = await generate(common)
    expect(first.length).toBe(6)
    expect(await generate(common)).toEqual(first)
    const others = await Promise.all([1, 2, 3].map((seed) => generate({ ...common, seed })))
    expect(others.some((ids) => ids.join() !== first.join())).toBe(true)
  })

  test('follows the argmax of the model at temperature 0, seeing only the last window', async () => {
    seen.length = 0
    const ids = [1, 2, 3, ...(await generate({ ...common, temperature: 0 }))]
    expect(seen[0]).toEqual([1, 2, 3, 0, 0])
    expect(seen.at(-1)).toEqual(ids.slice(-6, -1))
    const { logits } = await forward.run(params, {
      x: { data: Int32Array.from(ids.slice(-6, -1)), shape: [1, 5] },
    })
    const last = logits!.subarray(4 * 13)
    expect(ids.at(-1)).toBe(last.indexOf(Math.max(...last)))
  })

  test.each([
    [{ prompt: [] }, /prompt: expected at least one/],
    [{ prompt: [13] }, /prompt\[0\]: expected a token id in 0 … 12, found 13/],
    [{ length: -1 }, /length: expected.*found -1/],
  ])('refuses %o', async (wrong, message) => {
    await expect(generate({ ...common, ...wrong })).rejects.toThrow(message)
  })
})
