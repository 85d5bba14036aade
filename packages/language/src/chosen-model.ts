// The model and tokenizer that words name. Comes in: a size, a folder of Hugging Face or a GGUF file;
// bytes, an encoding or a tokenizer.json. Goes out: a model without weights, its tokenizer, and what it
// starts with.
// Source: docs/design/18-language.md.

import { hfConfig, hfTensors, openCheckpoint, openGguf, readableWeights } from '@lotion/checkpoints'
import { leafOf, type Tree } from '@lotion/core'
import { nearestName } from '@lotion/core/internal'
import {
  loadParameters,
  modelFromConfig,
  presetModel,
  presets,
  type CausalModel,
  type ConfiguredModel,
  type LoadParametersOptions,
  type ParameterSource,
  type PresetName,
} from '@lotion/models'
import { byteTokenizer, tokenizerFromGguf, tokenizerFromJson, type Tokenizer } from '@lotion/text'
import { jsonIn } from './json-in.js'
import { tokenizerConfigIn } from './tokenizer-config.js'
import { withoutPacking } from './packed-config.js'
import { endsOf, otherTokenizer, refuseOtherVocabulary, tokenizerOf } from './tokenizer-word.js'

/** What is chosen, in words. */
export interface ModelWords {
  /** A size, the folder of a Hugging Face checkpoint, or a GGUF file. */
  readonly model: string
  /** Of a folder, the file of its weights. Default: the one that its index or `model.safetensors` is. */
  readonly file?: string
  /**
   * `bytes`, an encoding, the path of a tokenizer.json, or one that is made. Default: the checkpoint's; of a
   * size bytes.
   */
  readonly tokenizer?: string | Tokenizer
  /** Longest sequence. Default: as the size or the checkpoint says, at most `mostContext`. */
  readonly context?: number
  /** Longest sequence where none is chosen. Default: none is too long. */
  readonly mostContext?: number
}

/** A model that words name. */
export interface ChosenModel {
  readonly model: CausalModel
  readonly tokenizer: Tokenizer
  /**
   * Give weights as they are before training: drawn, or those of the checkpoint whatever the seed.
   * @param seed Of the draws.
   * @param into Arrays by parameter that take the weights, such as those of an engine. Default: new ones.
   */
  start(seed: number, into?: Tree<Float32Array>): Promise<Tree<Float32Array>>
  /** The weights of a checkpoint, for whoever wants one at a time; absent where weights are drawn. */
  readonly stored?: () => Promise<StoredWeights>
  /** Whether it begins with weights of a checkpoint. */
  readonly trained: boolean
  /** Whether the tokenizer is the checkpoint's, or the only one. */
  readonly isOwn: boolean
  /** Ids that end a text, by what the checkpoint says of it. */
  readonly ends: readonly number[]
  /** Longest sequence that the checkpoint takes, where it says so. */
  readonly longest?: number
  /** What a checkpoint asks for that is not done. */
  readonly warnings: readonly string[]
}

/** Weights of a checkpoint that is open. */
export interface StoredWeights {
  /** Read into arrays of the model's shapes; those of parameters that have none are not read. */
  read(into: Tree<Float32Array>): Promise<void>
  /** Close its files. */
  close(): Promise<void>
}

/**
 * Find the model and the tokenizer of words; weights are not read yet.
 * @throws RangeError naming the word, the key or the file that is wrong, and what was expected.
 */
export async function chosenModel(words: ModelWords): Promise<ChosenModel> {
  const { model: word } = words
  if (Object.hasOwn(presets, word)) {
    const name = word as PresetName
    const tokenizer = words.tokenizer === undefined ? byteTokenizer() : await tokenizerOf(words.tokenizer)
    const { vocabulary } = tokenizer
    const model = presetModel(name, { vocabulary, context: contextOf(words, presets[name].context) })
    return {
      model,
      tokenizer,
      start: drawn(model),
      trained: false,
      isOwn: true,
      ends: endsOf(tokenizer),
      warnings: [],
    }
  }
  return word.endsWith('.gguf') ? fromGguf(words) : fromFolder(words)
}

/** Weights that a model draws. */
const drawn =
  (model: CausalModel): ChosenModel['start'] =>
  async (seed, into) => {
    const weights = model.init(seed)
    if (into === undefined) return weights
    for (const [name, array] of Object.entries(into)) array.set(leafOf(weights, name, 'weights'))
    return into
  }

async function fromGguf(words: ModelWords): Promise<ChosenModel> {
  const { model: path, tokenizer: word } = words
  const file = await openGguf(path)
  try {
    const found = configured(await hfConfig(file), words)
    const { metadata } = file
    const own = async (): Promise<Tokenizer> => tokenizerFromGguf(metadata)
    const { tokenizer, isOwn } =
      word === undefined ? { tokenizer: await own(), isOwn: true } : await insteadOf(own, word)
    refuseOtherVocabulary(tokenizer, found.model, path)
    const others = isOwn
      ? [metadata['tokenizer.ggml.eot_token_id'], metadata['tokenizer.ggml.eom_token_id']]
      : []
    return {
      ...found,
      tokenizer,
      isOwn,
      warnings: [...found.warnings, ...(isOwn ? [] : [otherTokenizer(path, tokenizer)])],
      trained: true,
      ends: endsOf(tokenizer, ...others),
      ...startOf(path, found.model, async () => {
        const source = await openGguf(path)
        return { tensors: () => hfTensors(source), close: () => source.close() }
      }),
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
  const found = configured(withoutPacking(config), words)
  const { tokenizer, isOwn } = await tokenizerIn(folder, word)
  refuseOtherVocabulary(tokenizer, found.model, folder)
  const weights = words.file ?? folder
  const generation = isOwn ? await jsonIn(folder, 'generation_config.json') : undefined
  return {
    ...found,
    tokenizer,
    isOwn,
    warnings: [...found.warnings, ...(isOwn ? [] : [otherTokenizer(folder, tokenizer)])],
    trained: true,
    ends: endsOf(tokenizer, member(generation, 'eos_token_id')),
    ...startOf(weights, found.model, async () => {
      const checkpoint = await openCheckpoint(weights)
      return { tensors: () => readableWeights(checkpoint), close: () => checkpoint.close() }
    }),
  }
}

/** A checkpoint of any layout that is open. */
interface OpenCheckpoint {
  /** What it holds. @throws RangeError where that is no model's. */
  tensors(): ParameterSource
  close(): Promise<void>
}

/** What a checkpoint's weights are read by, all of them or one at a time. Errors name the path. */
function startOf(
  path: string,
  model: CausalModel,
  open: () => Promise<OpenCheckpoint>,
): Required<Pick<ChosenModel, 'start' | 'stored'>> {
  const load = async (checkpoint: OpenCheckpoint, options: LoadParametersOptions) => {
    try {
      return await loadParameters(model, checkpoint.tensors(), options)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const part = /-\d+-of-\d+\.safetensors$/.test(path)
        ? '; the file is one of several parts: name the folder'
        : ''
      throw new RangeError(`${path}: ${error.message}${part}`, { cause: error })
    }
  }
  return {
    start: async (_seed, into) => {
      const checkpoint = await open()
      try {
        return await load(checkpoint, into === undefined ? {} : { into })
      } finally {
        await checkpoint.close()
      }
    },
    stored: async () => {
      const checkpoint = await open()
      return {
        read: async (into) => void (await load(checkpoint, { into, only: Object.keys(into) })),
        close: () => checkpoint.close(),
      }
    },
  }
}

/** The tokenizer of a folder, or that of a word. */
async function tokenizerIn(folder: string, word: ModelWords['tokenizer']): Promise<FoundTokenizer> {
  const own = async (): Promise<Tokenizer | undefined> => {
    const json = await jsonIn(folder, 'tokenizer.json')
    const beside = await tokenizerConfigIn(folder)
    return json === undefined ? undefined : tokenizerFromJson(json, beside)
  }
  if (word !== undefined) return insteadOf(own, word)
  const tokenizer = await own()
  if (tokenizer) return { tokenizer, isOwn: true }
  throw new RangeError(
    `${folder}: expected a tokenizer.json beside config.json, found none; name a tokenizer: --tokenizer <path>`,
  )
}

/** A tokenizer, and whether ids that a checkpoint tells of are ids of it. */
interface FoundTokenizer {
  readonly tokenizer: Tokenizer
  readonly isOwn: boolean
}

/**
 * The tokenizer of a word instead of the checkpoint's own. Where there is none of its own, or one that is not
 * read here, the one that is named is taken for it.
 */
async function insteadOf(
  own: () => Promise<Tokenizer | undefined>,
  word: string | Tokenizer,
): Promise<FoundTokenizer> {
  const tokenizer = await tokenizerOf(word)
  const known = await own().catch(() => undefined)
  return { tokenizer, isOwn: known === undefined || known.identity === tokenizer.identity }
}

/** The sequence that is asked for, or as much of the longest as is taken where none is. */
const contextOf = ({ context, mostContext = Infinity }: ModelWords, longest: number): number =>
  context ?? Math.min(longest, mostContext)

/**
 * The model of a configuration. Of a context that is asked for alone: a sliding window may be refused at the
 * longest.
 */
function configured(config: unknown, words: ModelWords): ConfiguredModel & Pick<ChosenModel, 'longest'> {
  const context = words.context ?? contextOf(words, modelFromConfig(config).model.config.context)
  const longest = member(config, 'max_position_embeddings') ?? member(config, 'n_positions')
  return { ...modelFromConfig(config, { context }), ...(typeof longest === 'number' ? { longest } : {}) }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
