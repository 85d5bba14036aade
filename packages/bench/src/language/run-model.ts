// The language model that a run left. Comes in: a run's folder. Goes out: model, tokenizer and weights, as
// the run's own file says: format, block and tokenizer need not be told again.
// Source: docs/design/04-bench.md, "A run is a folder".

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readSafetensors, toFloat32 } from '@lotion/checkpoints'
import { leafOf, mapTree, sizeOf, type Tree } from '@lotion/core'
import type { CausalModel } from '@lotion/models'
import { byteTokenizer, type Tokenizer } from '@lotion/text'
import { readRunFile } from '../run-files/run-file.js'
import { language } from '../tasks/language.js'
import { text } from '../tasks/text.js'
import { valuesOf } from '../tasks/task.js'
import { chosenModel } from './chosen-model.js'
import { languageModel } from './open-language.js'

/** A model with its weights. */
export interface RunModel {
  readonly model: CausalModel
  readonly tokenizer: Tokenizer
  readonly params: Tree<Float32Array>
}

/**
 * Load what a finished run of a language task left: the weights of `model.safetensors`, cast.
 * @throws Error if the run is of another task or has no such file.
 */
export async function loadRunModel(folder: string): Promise<RunModel> {
  const { comparison, record, workingFolder } = await readRunFile(folder)
  const path = join(folder, 'model.safetensors')
  if (!(await stat(path).catch(() => undefined)))
    throw new Error(
      `${folder}: expected a finished run with a model.safetensors, found none; lotion resume goes on with it`,
    )
  const { word, options } = comparison.task
  const { model, tokenizer } =
    word === text.name
      ? await inFolder(workingFolder, () => textModel(options, Number(record.config['context'])))
      : word === language.name
        ? speechModel(options)
        : refuseTask(folder, word)
  const { tensors } = await readSafetensors(path)
  const params = mapTree(model.shapes, (shape, name) => {
    const values = toFloat32(leafOf(tensors, name, path))
    if (values.length === sizeOf(shape)) return values
    throw new Error(`${path}: '${name}': expected ${sizeOf(shape)} values, found ${values.length}`)
  })
  return { model, tokenizer, params }
}

function speechModel(options: Readonly<Record<string, unknown>>): Omit<RunModel, 'params'> {
  return { model: languageModel(valuesOf(language, options)), tokenizer: byteTokenizer() }
}

async function textModel(
  options: Readonly<Record<string, unknown>>,
  context: number,
): Promise<Omit<RunModel, 'params'>> {
  const { model = 'nano', tokenizer } = valuesOf(text, options)
  return chosenModel({ model, context, ...(tokenizer === undefined ? {} : { tokenizer }) })
}

function refuseTask(folder: string, word: string): never {
  throw new Error(
    `${folder}: expected a run of a language model (${text.name}, ${language.name}), found one of ${word}`,
  )
}

/** Do something where paths are relative to a folder. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const here = process.cwd()
  process.chdir(folder)
  try {
    return await work()
  } finally {
    process.chdir(here)
  }
}
