// The model and tokenizer that words name. Comes in: a size, a folder of Hugging Face or a GGUF file;
// bytes, an encoding or a tokenizer.json. Goes out: a model without weights, its tokenizer, and what it
// starts with.
// Source: docs/design/04-bench.md, text of one's own.

import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hfConfig, hfTensors, openCheckpoint, openGguf, toFloat32 } from '@lotion/checkpoints'
import type { Tree } from '@lotion/core'
import { nearestName } from '@lotion/core/internal'
import {
  loadParameters,
  modelFromConfig,
  presetModel,
  presets,
  type CausalModel,
  type ConfiguredModel,
  type PresetName,
} from '@lotion/models'
import {
  bpeEncodings,
  bpeTokenizer,
  byteTokenizer,
  tokenizerFromGguf,
  tokenizerFromJson,
  type BpeEncoding,
  type Tokenizer,
} from '@lotion/text'

/** What is chosen, in words. */
export interface ModelWords {
  /** A size, the folder of a Hugging Face checkpoint, or a GGUF file. */
  readonly model: string
  /** `bytes`, an encoding, or the path of a tokenizer.json. Default: the checkpoint's; of a size bytes. */
  readonly tokenizer?: string
  /** Longest sequence. Default: as the size or the checkpoint says, at most `mostContext`. */
  readonly context?: number
  /** Longest sequence where none is chosen. Default: none is too long. */
  readonly mostContext?: number
}

/** A model that words name. */
export interface ChosenModel {
  readonly model: CausalModel
  readonly tokenizer: Tokenizer
  /** Weights of a seed at its start: drawn, or those of the checkpoint for every seed. */
  start(seed: number): Promise<Tree<Float32Array>>
  /** Whether it begins with weights of a checkpoint. */
  readonly trained: boolean
  /** What a checkpoint asks for that is not done. */
  readonly warnings: readonly string[]
}

/**
 * Find the model and the tokenizer of words; weights are not read yet.
 * @throws RangeError naming the word, the key or the file that is wrong, and what was expected.
 */
export async function chosenModel(words: ModelWords): Promise<ChosenModel> {
  const { model: word } = words
  if (Object.hasOwn(presets, word)) {
    const name = word as PresetName
    const tokenizer = await tokenizerOf(words.tokenizer ?? 'bytes')
    const { vocabulary } = tokenizer
    const model = presetModel(name, { vocabulary, context: contextOf(words, presets[name].context) })
    return { model, tokenizer, start: async (seed) => model.init(seed), trained: false, warnings: [] }
  }
  return word.endsWith('.gguf') ? fromGguf(words) : fromFolder(words)
}

async function fromGguf(words: ModelWords): Promise<ChosenModel> {
  const { model: path, tokenizer: word } = words
  const file = await openGguf(path)
  try {
    const found = configured(await hfConfig(file), words)
    const tokenizer = word === undefined ? tokenizerFromGguf(file.metadata) : await tokenizerOf(word)
    refuseOtherVocabulary(tokenizer, found.model, path)
    return {
      ...found,
      tokenizer,
      trained: true,
      start: async () => {
        const source = await openGguf(path)
        try {
          return await loadParameters(found.model, hfTensors(source))
        } finally {
          await source.close()
        }
      },
    }
  } finally {
    await file.close()
  }
}

async function fromFolder(words: ModelWords): Promise<ChosenModel> {
  const { model: folder, tokenizer: word } = words
  const config = await jsonIn(folder, 'config.json')
  if (config === undefined) {
    const names = Object.keys(presets)
    const near = nearestName(folder, names)
    throw new RangeError(
      `model: expected ${names.join(', ')}, the folder of a checkpoint (with a config.json), or a .gguf file, found '${folder}'` +
        (near === undefined ? '' : `; did you mean '${near}'?`),
    )
  }
  const found = configured(config, words)
  const json = word === undefined ? await jsonIn(folder, 'tokenizer.json') : undefined
  if (word === undefined && json === undefined)
    throw new RangeError(
      `${folder}: expected a tokenizer.json beside config.json, found none; name a tokenizer: --tokenizer <path>`,
    )
  const tokenizer =
    word === undefined
      ? tokenizerFromJson(json, await jsonIn(folder, 'tokenizer_config.json'))
      : await tokenizerOf(word)
  refuseOtherVocabulary(tokenizer, found.model, folder)
  return {
    ...found,
    tokenizer,
    trained: true,
    start: async () => {
      const checkpoint = await openCheckpoint(folder)
      try {
        return await loadParameters(found.model, {
          tensors: checkpoint.tensors,
          read: async (name) => toFloat32(await checkpoint.tensor(name)),
        })
      } finally {
        await checkpoint.close()
      }
    },
  }
}

/** The sequence that is asked for, or as much of the longest as is taken where none is. */
const contextOf = ({ context, mostContext = Infinity }: ModelWords, longest: number): number =>
  context ?? Math.min(longest, mostContext)

/**
 * The model of a configuration. Of a context that is asked for alone: a sliding window may be refused at the
 * longest.
 */
function configured(config: unknown, words: ModelWords): ConfiguredModel {
  const context = words.context ?? contextOf(words, modelFromConfig(config).model.config.context)
  return modelFromConfig(config, { context })
}

/** The tokenizer of a word. @throws RangeError listing what there is. */
async function tokenizerOf(word: string): Promise<Tokenizer> {
  if (word === 'bytes') return byteTokenizer()
  if (bpeEncodings.some((name) => name === word)) return bpeTokenizer(word as BpeEncoding)
  const isFile = await stat(word).then(
    (info) => info.isFile(),
    () => false,
  )
  if (!isFile)
    throw new RangeError(
      `tokenizer: expected bytes, ${bpeEncodings.join(', ')}, or the path of a tokenizer.json, found '${word}'`,
    )
  return tokenizerFromJson(parsed(word, await readFile(word, 'utf8')))
}

/** A tokenizer may have fewer ids than the model has rows, which are padded; never more. */
function refuseOtherVocabulary(tokenizer: Tokenizer, { config }: CausalModel, path: string): void {
  if (tokenizer.vocabulary <= config.vocabulary) return
  throw new RangeError(
    `tokenizer: expected at most the ${config.vocabulary} ids of ${path}, found ${tokenizer.vocabulary} of ${tokenizer.name}; take the checkpoint's own`,
  )
}

async function jsonIn(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new Error(`cannot read ${path}: ${error.message}`, { cause: error })
  })
  return text === undefined ? undefined : parsed(path, text)
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RangeError(
      `${path}: expected JSON, found ${error instanceof Error ? error.message : 'other text'}`,
    )
  }
}
