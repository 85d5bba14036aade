// Folders that are whole, and files that are refused.

import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSafetensors } from '@lotion/checkpoints'
import { llama } from '@lotion/models'
import { byteTokenizer, tokenizerFromJson } from '@lotion/text'
import { describe, expect, test } from 'vitest'
import {
  config,
  extents,
  folder,
  models,
  run,
  stored,
  TEXT,
  textOf,
  tokenizerJson,
} from '../test/small-models.js'
import { loadModel } from './load-model.js'

test('a folder of a run is whole wherever it lies; a reference needs the same ids', async () => {
  const model = models['gpt2']!
  const tokenizer = tokenizerFromJson(await tokenizerJson, config)
  const first = await run('mine', tokenizer, model)
  const before = await loadModel(first, { threads: 1 })
  expect(before.tokenizer.identity).toBe(tokenizer.identity)
  expect(before.ends).toEqual([tokenizer.eos])
  const text = await textOf(before.generate('The', { length: 8 }))
  await before.close()
  const moved = join(await folder, 'moved')
  await rename(first, moved)
  const after = await loadModel(join(moved, 'model.safetensors'), { threads: 1 })
  expect(await textOf(after.generate('The', { length: 8 }))).toBe(text)
  const bytes = await loadModel(await run('bytes', byteTokenizer(), model), { threads: 1 })
  await expect(after.evaluate(TEXT, { reference: bytes })).rejects.toThrow(
    /reference: expected the 300 ids of/,
  )
  await bytes.close()
  await after.close()
})

describe('refuses in one line', () => {
  const byte = byteTokenizer()
  const model = models['llama']!
  test.each([
    ['a path where nothing is', async () => 'nowhere', /^nowhere: expected a run, .* found nothing there$/],
    [
      'a run that is not finished',
      async () => {
        const path = join(await folder, 'unfinished')
        await mkdir(path)
        await writeFile(join(path, 'run.json'), '{}')
        return path
      },
      /expected a finished run with a model\.safetensors, found none; lotion resume/,
    ],
    [
      'a file without metadata',
      async () => {
        await mkdir(join(await folder, 'bare'))
        await writeSafetensors(join(await folder, 'bare', 'a.safetensors'), stored(model, 1))
        return join(await folder, 'bare', 'a.safetensors')
      },
      /expected metadata 'model', as lotion train writes it, found none; of another checkpoint name the folder/,
    ],
    [
      'a missing tensor',
      async () => {
        const { 'model.norm.weight': _, ...others } = stored(model, 1)
        return run('missing', byte, model, others)
      },
      /expected 'model\.norm\.weight' \[64\], found none; the file is not whole/,
    ],
    [
      'one too many',
      () =>
        run('extra', byte, model, { ...stored(model, 1), extra: { data: Float32Array.of(1), shape: [1] } }),
      /expected the \d+ weights of its model, found 'extra' besides/,
    ],
    [
      'one of another shape',
      () =>
        run('misshapen', byte, model, {
          ...stored(model, 1),
          'model.norm.weight': { data: new Float32Array(32), shape: [32] },
        }),
      /'model\.norm\.weight': expected \[64\], as its metadata say, found \[32\]/,
    ],
    [
      'a tokenizer that is not there',
      async () => {
        const path = await run('lost', tokenizerFromJson(await tokenizerJson, config), model)
        await rm(join(path, 'tokenizer.json'))
        return path
      },
      /expected the tokenizer that it was trained with .*, found none; copy them from the run's folder/,
    ],
    [
      'another tokenizer',
      async () => {
        const path = await run('other', tokenizerFromJson(await tokenizerJson, config), model)
        await writeFile(join(path, 'tokenizer_config.json'), '{}')
        return path
      },
      /expected the tokenizer that it was trained with .*, found another tokenizer\.json/,
    ],
    [
      'a tokenizer of more ids than the model',
      async () =>
        run('large', tokenizerFromJson(await tokenizerJson, config), llama({ ...extents, vocabulary: 280 })),
      /tokenizer: expected at most the 280 ids of .*, found 300/,
    ],
  ])('%s', async (_, path, message) => {
    const error: unknown = await loadModel(await path(), { threads: 1 }).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).not.toContain('\n')
  })

  test('no text, one token of it, another context', async () => {
    const loaded = await loadModel(await run('short', byte, model), { threads: 1 })
    await expect(loaded.evaluate('')).rejects.toThrow('text: expected at least two tokens, found none')
    await expect(loaded.evaluate('a')).rejects.toThrow('text: expected at least two tokens, found one')
    await expect(loaded.evaluate('abc', { context: 33 })).rejects.toThrow(
      'context: expected a whole number from 1 to 32, found 33',
    )
    await loaded.close()
  })
})
