// The loss on the assistant's tokens: which targets count, that parts of a batch add up to it, and its value.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leafOf, type HostArray } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { llama } from '@lotion/models'
import { onnxEngine } from '@lotion/onnx'
import { accumulate } from '@lotion/optim'
import { llamaLoss64 } from '@lotion/test-kit'
import { tokenizerFromJson, trainBpe } from '@lotion/text'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sourceData, type SourceOptions } from './source-data.js'

const CHATML =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}'
const special = ['<|endoftext|>', '<|im_start|>', '<|im_end|>']
const json = await trainBpe(['user assistant What is Counting one two three'], { vocabulary: 270, special })
const tokenizer = tokenizerFromJson(json, { eos_token: '<|im_end|>', chat_template: CHATML })

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-chats-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A conversation whose answer is of `words` words. */
const conversation = (i: number, words: number): string => {
  const content = Array.from({ length: words }, () => 'one').join(' ')
  const messages = [
    { role: 'user', content: `Counting ${'?'.repeat(i % 7)}` },
    { role: 'assistant', content },
    { role: 'user', content: 'What is two' },
    { role: 'assistant', content: `three ${i}` },
  ]
  return `${JSON.stringify({ messages })}\n`
}

async function opened(lines: readonly string[], more: Partial<SourceOptions> = {}) {
  const path = join(folder, `${Math.abs(lines.join('').length)}.jsonl`)
  await writeFile(path, lines.join(''))
  return sourceData({
    sources: [{ path }],
    tokenizer,
    cache: join(folder, 'cache'),
    batch: 6,
    context: 24,
    validationWindows: 8,
    lossOn: 'assistant',
    pack: false,
    ...more,
  })
}
const chats = Array.from({ length: 40 }, (_, i) => conversation(i, 1 + (i % 5)))

test('counts what the assistant wrote, its end among it, in training and in judging', async () => {
  const data = await opened(chats)
  for (const { x, y } of [data.batches(3)(0), data.batches(3)(1), ...data.judged]) {
    const length = y!.shape[1]!
    for (let row = 0; row < y!.shape[0]!; row++) {
      const at = (values: ArrayLike<number>) => Array.from(values).slice(row * length, (row + 1) * length)
      const [ids, targets] = [at(x!.data), at(y!.data)]
      const written = tokenizer.decode(targets.filter((id) => id >= 0))
      expect(written).toMatch(/^[ a-z0-9]*(<\|im_end\|>[ a-z0-9]*)*$/)
      expect(written).not.toMatch(/Counting|What|user|assistant|\n/)
      // Where one counts it is the token that follows; the line break behind an answer does not count.
      targets.slice(0, -1).forEach((target, t) => target >= 0 && expect(target).toBe(ids[t + 1]))
    }
  }
  const judged = data.judged.flatMap(({ y }) => Array.from(y!.data)).filter((id) => id >= 0)
  expect(data.facts.judged).toBe(judged.length)
  data.close()
})

test('a batch in parts has the loss and the gradients of the whole, whose definition is in f64', async () => {
  const data = await opened(chats)
  const model = llama({ vocabulary: tokenizer.vocabulary, dimension: 8, layers: 1, heads: 2, context: 24 })
  const batch = data.batches(1)(0)
  // Parts of unlike weight: a mean of their means is another number.
  const counted = [0, 1, 2].map(
    (part) =>
      Array.from(batch['y']!.data.subarray(part * 48, (part + 1) * 48)).filter((id) => id >= 0).length,
  )
  expect(new Set(counted).size).toBeGreaterThan(1)
  const executor = cpuExecutor({ threads: 1 })
  const engine = await onnxEngine({ threads: 1, memory: executor })
  const params = engine.allocate(model.shapes)
  for (const [name, drawn] of Object.entries(model.init(4))) params[name]!.set(drawn)
  const whole = await engine.gradients(model).run(params, batch)
  const expected = llamaLoss64(model.config, params, batch)
  // f32 sums of some hundred terms.
  expect(Math.abs(whole.loss - expected) / expected).toBeLessThan(1e-6)
  const parts = accumulate(engine.gradients(model), 3, { executor, shapes: model.shapes })
  const found = await parts.run(params, batch)
  expect(found.terms).toBe(counted.reduce((sum, count) => sum + count, 0))
  expect(Math.abs(found.loss - whole.loss) / whole.loss).toBeLessThan(1e-6)
  for (const [name, gradient] of Object.entries(whole.gradients)) {
    const scale = Math.hypot(...gradient)
    const distance = Math.hypot(
      ...gradient.map((value, i) => value - leafOf(found.gradients, name, 'gradients')[i]!),
    )
    expect(distance / scale, name).toBeLessThan(1e-5)
  }
  const [judged] = data.judged
  const loss = engine.forward((weights, inputs) => ({ loss: model.loss(weights, inputs) }), 'loss', model.ids)
  const value = (await loss.run(params, judged!))['loss']![0]!
  const exact = llamaLoss64(model.config, params, judged!)
  expect(Math.abs(value - exact) / exact).toBeLessThan(1e-6)
  await engine.close()
  executor.close()
  data.close()
})

test('packed, a sequence is whole conversations, and its loss that of each alone, in f64', async () => {
  const [context, pack] = [160, true]
  const data = await opened(chats, { context, pack })
  const model = llama({ vocabulary: tokenizer.vocabulary, dimension: 8, layers: 1, heads: 2, context })
  const executor = cpuExecutor({ threads: 1 })
  const engine = await onnxEngine({ threads: 1, memory: executor })
  const params = engine.allocate(model.shapes)
  for (const [name, drawn] of Object.entries(model.init(4))) params[name]!.set(drawn)
  const loss = engine.forward((weights, inputs) => ({ loss: model.loss(weights, inputs) }), 'loss', model.ids)
  const step = engine.gradients(model)
  let conversations = 0
  for (const batch of [data.batches(1)(0), data.judged[0]!]) {
    const { x, y, segments } = batch as Record<'x' | 'y' | 'segments', HostArray>
    let [sum, terms] = [0, 0]
    for (let row = 0; row < x.shape[0]!; row++) {
      const at = ({ data: values }: HostArray) => Array.from(values).slice(row * context, (row + 1) * context)
      const [ids, targets, parts] = [at(x), at(y), at(segments)]
      for (const part of new Set(parts)) {
        const of = (values: readonly number[]) => Int32Array.from(values.filter((_, t) => parts[t] === part))
        const [own, aims] = [of(ids), of(targets)]
        const count = aims.filter((target) => target >= 0).length
        if (count === 0) continue
        const text = tokenizer.decode(own)
        expect(text).toMatch(/^<\|im_start\|>user\nCounting [^]*three \d+<\|im_end\|>\n$/)
        conversations++
        const alone = { x: { data: own, shape: [1, own.length] }, y: { data: aims, shape: [1, own.length] } }
        sum += count * llamaLoss64(model.config, params, alone)
        terms += count
      }
    }
    const found = (await loss.run(params, batch))['loss']![0]!
    // f32 sums of some hundred terms.
    expect(Math.abs(found - sum / terms) / found).toBeLessThan(1e-6)
    expect((await step.run(params, batch)).loss).toBeCloseTo(found, 6)
  }
  // Some rows hold more than one.
  expect(conversations).toBeGreaterThan(data.judged[0]!['x']!.shape[0]! + 6)
  expect(data.warnings).toEqual([])
  await engine.close()
  executor.close()
  data.close()
})

test('packed, says how many documents no sequence holds', async () => {
  const data = await opened([conversation(1, 200), ...chats, conversation(2, 200)], {
    context: 160,
    pack: true,
  })
  const whole = await opened([conversation(1, 200), ...chats, conversation(2, 200)], {
    context: 1200,
    pack: true,
  })
  expect(data.warnings).toHaveLength(1)
  expect(data.warnings![0]).toMatch(
    /: [12] of \d+ documents are longer than a sequence of 160 tokens \(--context\)/,
  )
  expect(whole.warnings).toEqual([])
  data.close()
  whole.close()
})

test('refuses, by name, text in which nobody is an assistant, and conversations without one', async () => {
  await expect(opened([...chats, '{"text":"Nobody speaks."}\n'])).rejects.toThrow(
    /data: .*\.jsonl: expected conversations alone \(--loss-on assistant\), lines of \.jsonl with messages, found 1 of 41 documents that are none/,
  )
  const silent = JSON.stringify({ messages: [{ role: 'user', content: 'Counting one two three' }] })
  await expect(opened(Array.from({ length: 30 }, () => `${silent}\n`))).rejects.toThrow(
    /data: .*\.jsonl: to train on: tokens: expected at least one that counts, behind the first, found none of \d+/,
  )
  const thinking = tokenizerFromJson(json, {
    chat_template:
      "{% for m in messages %}{{ m.role }}{{ ' one' if loop.last else '' }}{{ m.content }}{% endfor %}",
  })
  await expect(opened(chats, { tokenizer: thinking })).rejects.toThrow(
    /data: .*\.jsonl: line 1: field 'messages': messages\[1\]: expected a chat template that writes a turn the same way whatever follows, .*; leave --loss-on assistant out/,
  )
  ;(await opened(chats, { tokenizer: thinking, lossOn: 'all' })).close()
  // The same text is learnt whole without the option.
  const data = await opened([...chats, '{"text":"Nobody speaks."}\n'], { lossOn: 'all' })
  expect(data.judged.every(({ y }) => y!.data.every((id) => id >= 0))).toBe(true)
  data.close()
})
