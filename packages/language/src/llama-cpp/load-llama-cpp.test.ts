// A file in llama.cpp is used as a loaded model is: the same loss, text and answers.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ggufTarget } from '@lotion/export'
import { llama } from '@lotion/models'
import { byteTokenizer, tokenizerFromJson } from '@lotion/text'
import { describe, expect, test } from 'vitest'
import { missing } from '../../test/in-llama-cpp.js'
import {
  checkpoint,
  config,
  extents,
  folder,
  models,
  run,
  TEXT,
  textOf,
  tokenizerJson,
} from '../../test/small-models.js'
import { loadModel } from '../load-model.js'
import { openExport } from '../open-export.js'
import { loadLlamaCpp } from './load-llama-cpp.js'

describe.skipIf(missing)('a model in llama.cpp', () => {
  test('of a long context has memory for as much as is asked for, 4096 tokens where nothing is', async () => {
    const long = llama({ ...extents, context: 16_384 })
    const opened = await openExport(await run('long-context', byteTokenizer(), long))
    const path = join(await folder, 'long-context.gguf')
    const [file] = await ggufTarget.files(opened)
    await writeFile(path, file!.pieces())
    await opened.close()
    for (const [wish, context] of [
      [{}, 4096],
      [{ context: 6000 }, 6000],
    ] as const) {
      const model = await loadLlamaCpp(path, { threads: 1, ...wish })
      expect(model.model.config.context).toBe(context)
      await model.close()
    }
  })

  test('is judged, goes on and answers as here', async () => {
    // Without an end of a text, so that it goes on.
    const { chat_template } = config
    const tokenizer = tokenizerFromJson(await tokenizerJson, { chat_template })
    const opened = await openExport(await run('in-llama-cpp', tokenizer, models['llama']!))
    const path = join(await folder, 'in-llama-cpp.gguf')
    const [file] = await ggufTarget.files(opened)
    await writeFile(path, file!.pieces())
    await opened.close()

    const [ours, theirs] = [
      await loadModel(path, { threads: 1 }),
      await loadLlamaCpp(path, { threads: 1, exact: true }),
    ]
    expect(theirs).toMatchObject({
      path,
      chats: true,
      ends: ours.ends,
      release: expect.stringMatching(/\d/) as string,
    })
    // Windows that fill the context, too.
    expect((await theirs.evaluate(TEXT)).loss).toBeCloseTo((await ours.evaluate(TEXT)).loss, 4)
    const told: number[] = []
    const judged = await theirs.evaluate(TEXT, {
      context: 16,
      onProgress: ({ tokens }) => void told.push(tokens),
    })
    const known = await ours.evaluate(TEXT, { context: 16 })
    // f32 sums in another order.
    expect(judged.loss).toBeCloseTo(known.loss, 4)
    expect(judged).toMatchObject({ tokens: known.tokens, bytes: known.bytes, context: 16 })
    expect(told.at(-1)).toBe(known.tokens)

    // Longer than the context of 32: what is left out is left out of both.
    const greedy = { temperature: 0, length: 60 }
    const text = await textOf(theirs.generate('The rain', greedy))
    expect(text).toBe(await textOf(ours.generate('The rain', greedy)))
    expect(text.length).toBeGreaterThan(20)
    expect(await textOf(theirs.generate('The rain', { seed: 3, length: 8 }))).toBe(
      await textOf(theirs.generate('The rain', { seed: 3, length: 8 })),
    )
    const messages = [{ role: 'user', content: 'Rain?' }]
    const short = { temperature: 0, length: 6 }
    expect(await textOf(theirs.answer(messages, short))).toBe(await textOf(ours.answer(messages, short)))
    await theirs.close()
    await ours.close()
  })
})

test('what is no file for llama.cpp never comes near it', async () => {
  const path = await checkpoint('not-gguf', models['llama']!, 1)
  await expect(loadLlamaCpp(path)).rejects.toThrow(
    `${path}: expected a .gguf file, which is what llama.cpp reads, found another; lotion export ${path} --to gguf makes one`,
  )
  // Without a feed-forward length llama.cpp ends its process.
  const bad = join(await folder, 'bad.gguf')
  const bytes = await readFile(fileURLToPath(new URL('../../test/fixtures/tiny-llama.gguf', import.meta.url)))
  bytes.write('feed_forward_lengtX', bytes.indexOf('feed_forward_length'))
  await writeFile(bad, bytes)
  await expect(loadLlamaCpp(bad)).rejects.toThrow(
    /llama\.feed_forward_length: expected a whole number, found none/,
  )
})
