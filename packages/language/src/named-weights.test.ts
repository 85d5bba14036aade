// Of several files of weights the one that is meant: by a run's own records, and by name.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSafetensors } from '@lotion/checkpoints'
import { byteTokenizer, tokenizerFromJson, trainBpe } from '@lotion/text'
import { expect, test } from 'vitest'
import { checkpoint, config, folder, models, run, stored, tokenizerJson } from '../test/small-models.js'
import { loadModel, type LoadModelOptions } from './load-model.js'
import { tokenizerRecord } from './model-record.js'

const model = models['llama']!

/** The first weights that are loaded. */
async function loaded(path: string, options: LoadModelOptions = {}) {
  const { params, ends, close } = await loadModel(path, { threads: 1, ...options })
  const weights = params['model.norm.weight']!.slice()
  const embedding = params['model.embed_tokens.weight']!.slice(0, 8)
  await close()
  return { weights: [...weights, ...embedding], ends }
}
const of = (seed: number): readonly number[] => {
  const init = model.init(seed)
  return [...init['model.norm.weight']!, ...init['model.embed_tokens.weight']!.slice(0, 8)]
}

test('the weights before the cast are those that were taken, not the last, nor another method’s', async () => {
  const own = { method: 'lotion', seed: '0', steps: '9', 'number format': 'q4_0', block: '32' }
  const text = {
    model: JSON.stringify({ type: model.name, ...model.config }),
    ...tokenizerRecord(byteTokenizer(), []).metadata,
  }
  const taken = { ...own, taken: 'averages of weights (decay 0.9) after step 9, the last' }
  const last = { ...own, taken: 'weights after step 9, the last' }
  const path = await run('judged', byteTokenizer(), model)
  await writeSafetensors(join(path, 'model.safetensors'), stored(model, 1), {
    ...text,
    ...taken,
    'lotion.weights': 'cast',
  })
  await writeFile(join(path, 'run.json'), '{"finishedAt": "2026-01-01T00:00:00Z"}')
  await mkdir(join(path, 'weights'))
  const files = {
    'a.cast': [1, { ...taken, 'lotion.weights': 'cast' }],
    'a.last': [2, { ...last, 'lotion.weights': 'last' }],
    a: [3, { ...taken, method: 'ptq', 'lotion.weights': 'trained' }],
    b: [4, { ...taken, taken: 'weights after step 3, the best evaluated', 'lotion.weights': 'trained' }],
    z: [5, { ...taken, 'lotion.weights': 'trained' }],
  } as const
  for (const [name, [seed, metadata]] of Object.entries(files))
    await writeSafetensors(join(path, 'weights', `${name}.safetensors`), stored(model, seed), {
      ...text,
      ...metadata,
    })
  expect((await loaded(path)).weights).toEqual(of(1))
  expect((await loaded(path, { weights: 'trained' })).weights).toEqual(of(5))

  await rm(join(path, 'weights', 'z.safetensors'))
  await expect(loaded(path, { weights: 'trained' })).rejects.toThrow(
    /judged: expected the weights that its model was cast from in .*weights, found none; name .*model\.safetensors to take those after the cast/,
  )
  await rm(join(path, 'model.safetensors'))
  await expect(loaded(path)).rejects.toThrow(
    /found none, though it was finished; name one of its files of weights, such as .*a\.cast\.safetensors$/,
  )
  await rm(join(path, 'weights'), { recursive: true })
  await expect(loaded(path)).rejects.toThrow(/though it was finished: every method diverged, or the file/)
})

test('a file that is named is loaded, whatever else lies in its folder', async () => {
  const path = await checkpoint('several', model, 1)
  await writeSafetensors(join(path, 'step-9.safetensors'), stored(model, 2))
  expect((await loaded(path)).weights).toEqual(of(1))
  expect((await loaded(join(path, 'model.safetensors'))).weights).toEqual(of(1))
  expect((await loaded(join(path, 'step-9.safetensors'))).weights).toEqual(of(2))
  // What a file says of itself goes before the config.json beside it.
  const ours = await run('ours', byteTokenizer(), model, stored(model, 3))
  await writeFile(join(path, 'ours.safetensors'), await readFile(join(ours, 'model.safetensors')))
  const found = await loadModel(join(path, 'ours.safetensors'), { threads: 1 })
  expect(found.tokenizer.name).toBe('byte')
  await found.close()

  const { 'model.norm.weight': norm, ...others } = stored(model, 1)
  await writeSafetensors(join(path, 'model-00001-of-00002.safetensors'), { 'model.norm.weight': norm! })
  await writeSafetensors(join(path, 'adapter.safetensors'), others)
  await expect(loaded(join(path, 'model-00001-of-00002.safetensors'))).rejects.toThrow(
    /several.model-00001-of-00002\.safetensors: checkpoint: expected the \d+ tensors .*; the file is one of several parts: name the folder$/,
  )
  await expect(loaded(join(path, 'adapter.safetensors'))).rejects.toThrow(
    /several.adapter\.safetensors: checkpoint: .*'model\.norm\.weight' \[64\] is missing$/,
  )
})

test('what ends a text is of the tokenizer that is used', async () => {
  const other = await trainBpe(['another text'], { vocabulary: 260, special: ['<stop>', '<|endoftext|>'] })
  const elsewhere = join(await folder, 'elsewhere')
  await mkdir(elsewhere)
  await writeFile(join(elsewhere, 'tokenizer.json'), JSON.stringify(other))
  await writeFile(join(elsewhere, 'tokenizer_config.json'), JSON.stringify({ eos_token: '<|endoftext|>' }))
  const tokenizer = join(elsewhere, 'tokenizer.json')
  const eos = tokenizerFromJson(other, { eos_token: '<|endoftext|>' }).eos!
  const own = tokenizerFromJson(await tokenizerJson, config)
  expect(eos).not.toBe(own.eos)

  const path = await checkpoint('ending', model, 1)
  await writeFile(join(path, 'generation_config.json'), JSON.stringify({ eos_token_id: [7, 0] }))
  expect((await loaded(path)).ends).toEqual([own.eos, 7])
  expect((await loaded(path, { tokenizer })).ends).toEqual([eos])
  // The same one by its path is no other.
  expect((await loaded(path, { tokenizer: join(path, 'tokenizer.json') })).ends).toEqual([own.eos, 7])

  const ours = await run('own-ends', own, model)
  await writeSafetensors(join(ours, 'model.safetensors'), stored(model, 1), {
    model: JSON.stringify({ type: model.name, ...model.config }),
    ...tokenizerRecord(own, [own.eos!, 9]).metadata,
  })
  expect((await loaded(ours)).ends).toEqual([own.eos, 9])
  expect((await loaded(ours, { tokenizer })).ends).toEqual([eos])
  expect((await loaded(ours, { tokenizer: 'bytes' })).ends).toEqual([])
  expect((await loaded(ours, { tokenizer: join(path, 'tokenizer.json') })).ends).toEqual([own.eos, 9])
})
