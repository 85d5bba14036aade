// The model and the tokenizer of a task on text. Comes in: words, or a model that is made. Goes out: a model
// without weights, its tokenizer, what it starts with.
// Source: docs/design/04-bench.md, text of one's own.

import { createHash } from 'node:crypto'
import { chosenPlugin, definePluginKind, moduleSha256 } from '@lotion/cli/internal'
import type { Tree } from '@lotion/core'
import { hasMembers } from '@lotion/core/internal'
import { chosenModel, tokenizerOf, type ChosenModel } from '@lotion/language/internal'
import { presets, type CausalConfig, type CausalModel, type Model } from '@lotion/models'
import { byteTokenizer, type Tokenizer } from '@lotion/text'
import { filesPrint } from '../run-files/files-print.js'
import { forgetBpe, ownBpe, vocabularyOfWord, type BpeText } from './own-bpe.js'

/** What is trained: token ids in, a score for each id that may follow out. */
export type TrainedModel = Model<CausalConfig>

/** What a family of models is made with. */
export interface ModelContext {
  /** Number of ids of the tokenizer. */
  readonly vocabulary: number
  /** Longest sequence, where one is chosen. */
  readonly context?: number
}

/** Models that modules export. */
const modelKind = definePluginKind<TrainedModel, ModelContext>({
  name: 'model',
  families: [],
  isOne: (value): value is TrainedModel =>
    hasMembers(value, {
      loss: 'function',
      logits: 'function',
      init: 'function',
      terms: 'function',
      config: 'object',
    }),
})

/** Whether a model keeps documents of a row apart and knows dropout, as those of @lotion/models. */
export const isDecoder = (model: TrainedModel): model is CausalModel =>
  hasMembers(model, { cacheShapes: 'function', dropoutShapes: 'function' })

/** The path of a module, with the export that is meant. */
const isModule = (word: string): boolean => /\.m?[jt]s(?:#[^#\\/]+)?$/.test(word)

const isOwnModel = (word: string): boolean => Object.hasOwn(presets, word) || isModule(word)

/** Whether a word stands for trained weights: a folder or a file, no size and no module. */
export const isCheckpointWord = (word: string | TrainedModel): boolean =>
  typeof word === 'string' && !isOwnModel(word)

/** What is chosen. */
export interface TextModelWords {
  /** A size, a folder, a GGUF file, the path of a module, or a model. */
  readonly model: string | TrainedModel
  readonly tokenizer?: string | undefined
  readonly context?: number | undefined
  /** Longest sequence where none is chosen. */
  readonly mostContext: number
  /** What an encoding of one's own is learnt of. */
  readonly text: BpeText
}

/** A model with what belongs to it. */
export interface TextModel {
  readonly model: TrainedModel
  readonly tokenizer: Tokenizer
  /** Writes the weights that it begins with. Default: as the model draws them. */
  readonly start?: (seed: number, into?: Tree<Float32Array>) => Promise<unknown>
  /** Whether it begins with weights of a checkpoint. */
  readonly trained: boolean
  /** Ids that end a text. */
  readonly ends: readonly number[]
  /** What a checkpoint asks for that is not done. */
  readonly warnings: readonly string[]
  /** What tells whether its files are still what they were; nothing without any. */
  readonly print?: string
  /** Remove what was learnt of the text, which is of no use; nothing where nothing was. */
  forget?(): Promise<void>
}

/**
 * Find the model and the tokenizer.
 * @throws RangeError or UsageError naming the word that is wrong, and what was expected.
 */
export async function textModel(words: TextModelWords): Promise<TextModel> {
  const { model: word, context, mostContext, text } = words
  const asked = words.tokenizer ?? usualTokenizer(word, text)
  const vocabulary = vocabularyOfWord(asked)
  const tokenizer = vocabulary === undefined ? asked : await ownBpe(vocabulary, text)
  const forget = vocabulary === undefined ? {} : { forget: () => forgetBpe(vocabulary, text) }
  if (typeof word !== 'string') return made(word, byteTokenizer())
  const chosen = {
    mostContext,
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(context === undefined ? {} : { context }),
  }
  if (!isModule(word)) {
    const found = await chosenModel({ model: word, ...chosen })
    if (found.trained && !found.isOwn)
      throw new RangeError(
        `tokenizer: expected the one that ${word} was trained with, found '${asked}', whose ids would mean other texts; leave it out`,
      )
    if (!found.trained) return { ...found, ...forget }
    return {
      ...found,
      print: await filesPrint([word]),
      warnings: [...found.warnings, ...shorter(word, found)],
    }
  }
  const own = tokenizer === undefined ? byteTokenizer() : await tokenizerOf(tokenizer)
  const sizes = { vocabulary: own.vocabulary, ...(context === undefined ? {} : { context }) }
  const model = await chosenPlugin(modelKind, word, sizes)
  refuseOther(word, model, sizes)
  return { ...made(model, own), print: await printOf(word, model), ...forget }
}

/**
 * The tokenizer where none is chosen, nothing for that of a checkpoint: with words of its own a small model
 * learns a book sooner than from bytes (docs/results/own-text.md). `nano` is a model of characters,
 * and of the bundled speeches, which are not kept as tokens, bytes are read at once.
 */
const usualTokenizer = (model: string | TrainedModel, { sources }: BpeText): string | undefined =>
  sources && typeof model === 'string' && model !== 'nano' && isOwnModel(model) ? 'bpe' : undefined

const made = (model: TrainedModel, tokenizer: Tokenizer): TextModel => ({
  model,
  tokenizer,
  trained: false,
  ends: tokenizer.eos === undefined ? [] : [tokenizer.eos],
  warnings: [],
})

/** What tells whether a module still makes the same model: the file, and what it makes of others. */
async function printOf(word: string, { config, shapes }: TrainedModel): Promise<string> {
  const made = JSON.stringify([await moduleSha256(word), config, shapes])
  return createHash('sha256').update(made).digest('hex').slice(0, 12)
}

/** A model that is trained on shorter sequences takes no longer ones afterwards. */
const shorter = (word: string, { longest, model: { config } }: ChosenModel): readonly string[] =>
  longest === undefined || longest <= config.context
    ? []
    : [
        `the model that is written takes at most the ${config.context} tokens that it is trained on, where ${word} takes ${longest}: --context sets how many`,
      ]

/** Refuse a module's model that does not fit what was asked for. @throws RangeError */
function refuseOther(word: string, { config }: TrainedModel, { vocabulary, context }: ModelContext): void {
  const hint =
    'export a family, which is made with both: defineFamily({ name, make: (numbers, { vocabulary, context }) => … })'
  if (!(config.vocabulary >= vocabulary))
    throw new RangeError(
      `model: ${word}: expected at least the ${vocabulary} ids of the tokenizer, found ${config.vocabulary}; ${hint}`,
    )
  if (context !== undefined && config.context !== context)
    throw new RangeError(`model: ${word}: expected the context ${context}, found ${config.context}; ${hint}`)
}
