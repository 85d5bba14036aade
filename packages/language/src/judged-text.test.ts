// Windows with targets that do not count: what is measured is what the others alone would give.

import { onnxEngine } from '@lotion/onnx'
import { byteTokenizer, tokenizerFromJson } from '@lotion/text'
import { expect, test } from 'vitest'
import { config, models, TEXT, tokenizerJson } from '../test/small-models.js'
import { measured } from './evaluate.js'
import { judgedWindows } from './judged-text.js'

const tokenizer = tokenizerFromJson(await tokenizerJson, config)
const model = models['llama']!
const ids = tokenizer.encode(TEXT).subarray(0, 25)

/** One window of the text; targets from `counted` on do not count. */
const window = (length: number, counted = length) => ({
  x: { data: ids.slice(0, length), shape: [1, length] },
  y: { data: ids.slice(1, length + 1).map((id, t) => (t < counted ? id : -100)), shape: [1, length] },
})

test('loss, divergence, agreement and bytes are those of the tokens that count', async () => {
  const engine = await onnxEngine({ threads: 1 })
  const weights = (seed: number) => {
    const params = engine.allocate(model.shapes)
    for (const [name, drawn] of Object.entries(model.init(seed))) params[name]!.set(drawn)
    return { model, params }
  }
  const [judged, reference] = [weights(5), weights(6)]
  const measure = (batch: ReturnType<typeof window>, beside = true) =>
    measured({
      engine,
      judged,
      ...(beside ? { reference } : {}),
      text: judgedWindows([batch], tokenizer),
      context: 24,
    })
  // Attention is causal: what comes behind the tokens that count changes nothing of them.
  const [part, alone, whole] = [
    await measure(window(24, 9)),
    await measure(window(9)),
    await measure(window(24)),
  ]
  expect([part.tokens, part.bytes]).toEqual([9, alone.bytes])
  // f32 sums in another order.
  expect(part.loss).toBeCloseTo(alone.loss, 5)
  expect(part.reference!.loss).toBeCloseTo(alone.reference!.loss, 5)
  expect(part.reference!.divergence).toBeCloseTo(alone.reference!.divergence, 5)
  expect(part.reference!.agreement).toBeCloseTo(alone.reference!.agreement, 6)
  expect(Math.abs(whole.reference!.divergence - part.reference!.divergence)).toBeGreaterThan(1e-3)
  expect((await measure(window(24, 9), false)).loss).toBeCloseTo(alone.loss, 5)
  await engine.close()
})

test('bytes are those of each run of tokens that count', () => {
  const bytes = byteTokenizer()
  const [x, y] = [bytes.encode('Größe, 雨.'), bytes.encode('röße, 雨. ')]
  const half = y.map((id, t) => (t % 5 < 2 ? -100 : id))
  const shape = [1, x.length]
  const { tokens, bytes: found } = judgedWindows([{ x: { data: x, shape }, y: { data: half, shape } }], bytes)
  expect(found).toBe(tokens)
  expect(tokens).toBe(Array.from(half).filter((id) => id >= 0).length)
})
