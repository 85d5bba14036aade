// Small random models in folders, as others and as `lotion train` write them. Comes in: a model, a seed. Goes
// out: the path of a folder.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '@lotion/checkpoints'
import { configOf, gpt2, llama, type CausalModel } from '@lotion/models'
import { trainBpe, type Tokenizer } from '@lotion/text'
import { afterAll } from 'vitest'
import { tokenizerRecord } from '../src/internal.js'

/** Where they are, until the tests are done. */
export const folder = mkdtemp(join(tmpdir(), 'lotion-language-'))
afterAll(async () => rm(await folder, { recursive: true, force: true }))

/** A text with letters of several bytes. */
export const TEXT =
  'The rain in spring falls on the plain, and what has fallen falls again. Größe, 雨. '.repeat(4)
const TEMPLATE =
  '{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}'

/** A tokenizer.json of 300 ids. */
export const tokenizerJson = trainBpe([TEXT], { vocabulary: 300 })

/** A tokenizer_config.json. */
export const config = { eos_token: '<|endoftext|>', chat_template: TEMPLATE }
/** Extents of the models. */
export const extents = { vocabulary: 300, dimension: 64, layers: 2, heads: 4, context: 32 }
/** One of each kind. */
export const models: Readonly<Record<string, CausalModel>> = {
  llama: llama({ ...extents, kvHeads: 2 }),
  gpt2: gpt2(extents),
}

/** Weights of a seed as a file takes them. */
export const stored = (model: CausalModel, seed: number) =>
  Object.fromEntries(
    Object.entries(model.init(seed)).map(([name, data]) => [name, { data, shape: model.shapes[name]! }]),
  )

/** A folder as transformers writes it. */
export async function checkpoint(name: string, model: CausalModel, seed: number): Promise<string> {
  const path = join(await folder, name)
  await mkdir(path, { recursive: true })
  await writeFile(join(path, 'config.json'), JSON.stringify(configOf(model)))
  await writeFile(join(path, 'tokenizer.json'), JSON.stringify(await tokenizerJson))
  await writeFile(join(path, 'tokenizer_config.json'), JSON.stringify(config))
  await writeSafetensors(join(path, 'model.safetensors'), stored(model, seed))
  return path
}

/** A folder as `lotion train` leaves it. */
export async function run(
  name: string,
  tokenizer: Tokenizer,
  model: CausalModel,
  tensors = stored(model, 5),
) {
  const path = join(await folder, name)
  await mkdir(path, { recursive: true })
  const { metadata, files } = tokenizerRecord(tokenizer, tokenizer.eos === undefined ? [] : [tokenizer.eos])
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text)
  await writeSafetensors(join(path, 'model.safetensors'), tensors, {
    model: JSON.stringify({ type: model.name, ...model.config }),
    ...metadata,
  })
  return path
}

/** All pieces in one. */
export const textOf = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}
