// A GGUF file that PyPI gguf wrote: all that is needed stands in it, and transformers agrees.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { q4_0 } from '@lotion/formats'
import { expect, test } from 'vitest'
import { textOf } from '../test/small-models.js'
import { loadModel } from './load-model.js'

const fixture = (name: string): string => fileURLToPath(new URL(`../test/fixtures/${name}`, import.meta.url))
const expected = JSON.parse(readFileSync(fixture('tiny-llama.json'), 'utf8')) as {
  readonly text: string
  readonly ids: readonly number[]
  readonly loss: number
  readonly prompt: string
  readonly continuation: readonly number[]
}

test('a GGUF file is judged, goes on and answers by what it says itself', async () => {
  const model = await loadModel(fixture('tiny-llama.gguf'), { threads: 1 })
  const { tokenizer, model: program } = model
  expect(program.config).toMatchObject({ vocabulary: 300, dimension: 64, layers: 2, context: 64 })
  expect(Array.from(tokenizer.encode(expected.text))).toEqual(expected.ids)
  // Its end of a text and its end of a turn.
  expect(model.ends).toEqual([0, 2])

  const found = await model.evaluate(expected.text, { context: 64 })
  // Sums in f32, in two orders; the reference adds the losses in f64.
  expect(found.loss).toBeCloseTo(expected.loss, 5)
  expect(found).toMatchObject({ tokens: expected.ids.length - 1 })
  const cast = await model.evaluate(expected.text, { context: 64, format: q4_0 })
  expect(cast.reference!.loss).toBeCloseTo(expected.loss, 5)
  expect(cast.reference!.divergence).toBeGreaterThan(0)

  const greedy = { temperature: 0, length: expected.continuation.length }
  const end = expected.continuation.findIndex((id) => model.ends.includes(id))
  expect(end).toBeGreaterThan(0)
  const goesOn = tokenizer.decode(expected.continuation.slice(0, end))
  expect(await textOf(model.generate(expected.prompt, greedy))).toBe(goesOn)
  expect(model.chats).toBe(true)
  const messages = [{ role: 'user', content: 'Rain?' }]
  const { ids } = tokenizer.chatTokens!(messages, { prompt: true })
  expect(tokenizer.decode(ids)).toBe('<|im_start|>user\nRain?<|im_end|>\n<|im_start|>assistant\n')
  expect(await textOf(model.answer(messages, greedy))).toBe(await textOf(model.generate(ids, greedy)))
  await model.close()
  // Another tokenizer has other ends; its own one's ids would be bytes there.
  const bytes = await loadModel(fixture('tiny-llama.gguf'), { threads: 1, tokenizer: 'bytes' })
  expect(bytes.ends).toEqual([])
  await bytes.close()
})
