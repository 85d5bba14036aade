// Small random models from folders and files: what they write and how they are judged.

import { castNearest, leafOf, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { q4_0 } from '@lotion/formats'
import { generate, type CausalModel } from '@lotion/models'
import { onnxEngine } from '@lotion/onnx'
import { byName, castTree, quantizedAxes } from '@lotion/optim'
import { byteTokenizer, tokenizerFromJson } from '@lotion/text'
import { describe, expect, test } from 'vitest'
import { checkpoint, config, models, run, stored, TEXT, textOf, tokenizerJson } from '../test/small-models.js'
import { loadModel } from './load-model.js'

/** Log-probabilities of a text by the plain forward pass, one window after the other, in f64. */
async function logProbabilities(
  model: CausalModel,
  weights: Tree<Float32Array>,
  ids: Int32Array,
  context: number,
) {
  const engine = await onnxEngine({ threads: 1 })
  const params = engine.allocate(model.shapes)
  for (const [name, array] of Object.entries(params)) array.set(leafOf(weights, name, 'weights'))
  const forward = engine.forward((inputs, batch) => ({ logits: model.logits(inputs, batch) }), 'logits')
  const rows: number[][] = []
  for (let at = 0; at < ids.length - 1; at += context) {
    const seen = ids.subarray(at, Math.min(at + context, ids.length - 1))
    const { logits } = await forward.run(params, {
      x: { data: Int32Array.from(seen), shape: [1, seen.length] },
    })
    for (let t = 0; t < seen.length; t++) {
      const scores = Array.from(logits!.subarray(t * 300, (t + 1) * 300))
      const most = Math.max(...scores)
      const norm = most + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0))
      rows.push(scores.map((score) => score - norm))
    }
  }
  await engine.close()
  return rows
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
const likeliest = (row: readonly number[]): number => row.indexOf(Math.max(...row))

describe.each(Object.entries(models))('%s', (name, model) => {
  // GPT-2 is stored the other way round elsewhere: only our own files have the model's shapes.
  const made = async (seed: number): Promise<string> =>
    name === 'gpt2'
      ? run(`${name}-${seed}`, tokenizerFromJson(await tokenizerJson, config), model, stored(model, seed))
      : checkpoint(`${name}-${seed}`, model, seed)

  test('goes on as the model does without a cache, in pieces that add up, the same for the same seed', async () => {
    const loaded = await loadModel(await made(5), { threads: 1 })
    const { tokenizer, params } = loaded
    const prompt = 'The rain in '
    const sampling = { length: 20, temperature: 1.5, topK: 300, seed: 3 }
    const pieces: string[] = []
    for await (const piece of loaded.generate(prompt, sampling)) pieces.push(piece)
    const engine = await onnxEngine({ threads: 1 })
    const weights = engine.allocate(model.shapes)
    for (const [key, array] of Object.entries(weights)) array.set(params[key]!)
    const forward = engine.forward((inputs, batch) => ({ logits: model.logits(inputs, batch) }), 'logits')
    const ids = await generate({
      model,
      forward,
      params: weights,
      prompt: tokenizer.encode(prompt),
      ...sampling,
    })
    await engine.close()
    const end = ids.indexOf(tokenizer.eos!)
    expect(pieces.join('')).toBe(tokenizer.decode(end < 0 ? ids : ids.subarray(0, end)))
    expect(pieces.length).toBeGreaterThan(3)
    await textOf(loaded.generate('Something else', { length: 3 }))
    expect(await textOf(loaded.generate(prompt, sampling))).toBe(pieces.join(''))
    await loaded.close()
  })

  test('is judged on every token but the first, also beside a cast and another model', async () => {
    const loaded = await loadModel(await made(5), { threads: 1 })
    const other = await loadModel(await made(6), { threads: 1 })
    const ids = loaded.tokenizer.encode(TEXT)
    const context = 24
    // No whole number of windows: the last one is shorter.
    expect((ids.length - 1) % context).not.toBe(0)
    const found = await loaded.evaluate(TEXT, { context })
    const ours = await logProbabilities(model, loaded.params, ids, context)
    const loss = -mean(ours.map((row, i) => row[ids[i + 1]!]!))
    // f32 against f64 over sums of 300 terms.
    expect(found.loss).toBeCloseTo(loss, 5)
    expect(found.tokens).toBe(ids.length - 1)
    const bytes =
      Buffer.byteLength(loaded.tokenizer.decode(ids)) -
      Buffer.byteLength(loaded.tokenizer.decode(ids.subarray(0, 1)))
    expect(found).toMatchObject({ perplexity: Math.exp(found.loss), bytes, context })
    expect(found.bitsPerByte).toBeCloseTo((loss * (ids.length - 1)) / bytes / Math.LN2, 5)
    expect(found.reference).toBeUndefined()

    const theirs = await logProbabilities(model, other.params, ids, context)
    const beside = await loaded.evaluate(TEXT, { context, reference: other })
    expect(beside.loss).toBeCloseTo(loss, 5)
    expect(beside.reference!.loss).toBeCloseTo((await other.evaluate(TEXT, { context })).loss, 5)
    expect(beside.reference!.divergence).toBeCloseTo(
      mean(theirs.map((row, i) => row.reduce((sum, q, id) => sum + Math.exp(q) * (q - ours[i]![id]!), 0))),
      4,
    )
    const same = theirs.map((row, i) => Number(likeliest(row) === likeliest(ours[i]!)))
    expect(beside.reference!.agreement).toBeCloseTo(mean(same), 6)

    const cast = await loaded.evaluate(TEXT, { context, format: q4_0 })
    const executor = cpuExecutor({ threads: 1 })
    const axes = quantizedAxes(byName(), model.shapes)
    const rounded = castTree({
      executor,
      format: q4_0,
      cast: castNearest,
      params: Object.fromEntries(Object.entries(loaded.params).map(([key, array]) => [key, array.slice()])),
      shapes: model.shapes,
      axes,
    })
    const quantized = await logProbabilities(model, rounded, ids, context)
    executor.close()
    expect(cast.loss).toBeCloseTo(-mean(quantized.map((row, i) => row[ids[i + 1]!]!)), 5)
    expect(cast.reference!.loss).toBeCloseTo(loss, 5)
    await other.close()
    await loaded.close()
  })
})

test('answers by the chat template, and ends where an id says so', async () => {
  const loaded = await loadModel(await checkpoint('chat', models['llama']!, 5), { threads: 1 })
  expect(loaded.chats).toBe(true)
  const messages = [{ role: 'user', content: 'Rain?' }]
  const answer = await textOf(loaded.answer(messages, { length: 6, temperature: 0 }))
  const { ids } = loaded.tokenizer.chatTokens!(messages, { prompt: true })
  expect(answer).toBe(await textOf(loaded.generate(ids, { length: 6, temperature: 0 })))
  const long = [{ role: 'user', content: TEXT }]
  await expect(textOf(loaded.answer(long))).rejects.toThrow(
    /fewer than context = 32 tokens, found \d+; leave/,
  )
  await loaded.close()
  const plain = await loadModel(await run('plain', byteTokenizer(), models['llama']!), { threads: 1 })
  await expect(textOf(plain.answer(messages))).rejects.toThrow(
    /expected a tokenizer with a chat template, found none/,
  )
  await plain.close()
})
