// A language model from a file, ready to use. Comes in: a path. Goes out: a value that generates, answers and
// evaluates; all that it needs is in the file's metadata or beside it.
// Source: docs/design/18-language.md.

import { availableParallelism } from 'node:os'
import type { GridRecord } from '@lotion/checkpoints'
import { castNearest, leafOf, type NumberFormat, type Tree } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import { openDecoding, type CausalModel, type Sampling } from '@lotion/models'
import { onnxEngine } from '@lotion/onnx'
import { byName, castTree, quantizedAxes, type QuantizeRule } from '@lotion/optim'
import type { ChatMessage, Tokenizer, Tokens } from '@lotion/text'
import { measured, type Evaluation } from './evaluate.js'
import { judgedText, type JudgedText } from './judged-text.js'
import { openSource, type SourceWish } from './open-source.js'
import { speaking } from './speaking.js'

/** How a model is loaded; everything has a default. */
export interface LoadModelOptions extends SourceWish {
  /** Of the engine, at most 256. Default: one a processor. The results do not depend on it. */
  readonly threads?: number
  /** Takes warnings, as of what a checkpoint asks for that is not done. Default: `process.emitWarning`. */
  readonly onWarning?: (message: string) => void
}

/** How a text goes on. */
export interface GenerateOptions extends Partial<Sampling> {
  /** Tokens to add at most. Default 200. */
  readonly length?: number
  /** Of the draws. Default 0: the same text each time. */
  readonly seed?: number
  /** Ends the text between two tokens, by its reason. */
  readonly signal?: AbortSignal
}

/** How a text is judged. */
export interface EvaluateOptions {
  /** Tokens of a window. Default: the model's context, at most 512. */
  readonly context?: number
  /** What to compare with: another model of the same vocabulary. */
  readonly reference?: LanguageModel
  /** Cast the weights to this format first and compare with them as they are. */
  readonly format?: NumberFormat
  /** Which weights, and to which format of their own. Default: those that training quantizes by default. */
  readonly quantize?: QuantizeRule
  /** Told after each batch. */
  readonly onProgress?: (progress: { readonly tokens: number; readonly total: number }) => void
  /** Ends the evaluation between two batches, by its reason. */
  readonly signal?: AbortSignal
}

/** A language model with its weights in memory. */
export interface LanguageModel {
  /** The file or folder that it is of. */
  readonly path: string
  /** Its program and its configuration. */
  readonly model: CausalModel
  /** The one that it was trained with, unless another was asked for. */
  readonly tokenizer: Tokenizer
  /** Whether the tokenizer has a chat template, so that `answer` can be asked. */
  readonly chats: boolean
  /** Ids that end a text. */
  readonly ends: readonly number[]
  /** The weights in the engine's memory, by name, in row-major order. */
  readonly params: Tree<Float32Array>
  /** The grids that weights lie on, as the file says, by their names; empty where it says none. */
  readonly grid: ReadonlyMap<string, GridRecord>
  /**
   * Go on with a text, piece by piece, until an id that ends it or the length.
   * @param prompt Text, at least one token of it; or ids.
   * @param options How tokens are drawn: temperature 0.7 and the 40 likeliest by default.
   */
  generate(prompt: string | ArrayLike<number>, options?: GenerateOptions): AsyncGenerator<string, void>
  /**
   * Answer in a conversation, piece by piece. What was read of it by the last call is not read again.
   * @param messages In order, the last one of the user.
   * @param options As of `generate`.
   * @throws RangeError if there is no chat template, or the conversation does not fit the context.
   */
  answer(messages: readonly ChatMessage[], options?: GenerateOptions): AsyncGenerator<string, void>
  /**
   * Judge a text: every token but the first.
   * @param text Text, tokens, or batches of `{ x, y }` with their counts.
   * @param options The window, and what to compare with.
   */
  evaluate(text: string | Tokens | JudgedText, options?: EvaluateOptions): Promise<Evaluation>
  /** Free the engine; the weights are gone with it. */
  close(): Promise<void>
}

const optionNames: Readonly<Record<keyof LoadModelOptions, true>> = {
  tokenizer: true,
  context: true,
  weights: true,
  threads: true,
  onWarning: true,
}

/** Longest window of an evaluation where none is chosen. */
const USUAL_CONTEXT = 512

/** Logits of a batch that is evaluated at once, in numbers. */
const MOST_LOGITS = 2 ** 23
const MOST_ROWS = 16

/**
 * Load a language model: a run of `lotion train` (its folder, or its name in `runs`), a file of weights that
 * a run left, the folder of a Hugging Face checkpoint or one of several files of weights in it, or a GGUF
 * file.
 * @param path Which.
 * @param options What else is wished.
 * @throws RangeError or Error naming the path, what was expected, found, and what to do.
 * @example
 * ```ts
 * import { loadModel } from '@lotion/language'
 *
 * const greet = async (path: string) => {
 *   const model = await loadModel(path)
 *   for await (const piece of model.generate('Fellow-Citizens')) process.stdout.write(piece)
 *   console.log((await model.evaluate('We the people of the United States')).bitsPerByte)
 *   await model.close()
 * }
 * console.log(typeof greet)
 * ```
 */
export async function loadModel(path: string, options: LoadModelOptions = {}): Promise<LanguageModel> {
  refuseUnknownKeys('loadModel', options, optionNames)
  const {
    threads = availableParallelism(),
    onWarning = (text) => process.emitWarning(text, 'LotionWarning'),
    ...wish
  } = options
  const source = await openSource(path, wish)
  for (const warning of source.warnings) onWarning(warning)
  const { model, tokenizer, ends } = source
  const executor = cpuExecutor({ threads })
  const engine = await onnxEngine({ threads, memory: executor, onWarning }).catch((error: unknown) => {
    executor.close()
    throw error
  })
  const close = async (): Promise<void> => {
    await engine.close()
    executor.close()
  }
  const params = engine.allocate(model.shapes)
  try {
    await source.read(params)
  } catch (error) {
    await close()
    throw error
  }
  let decoding: ReturnType<typeof openDecoding> | undefined
  const decode = (): ReturnType<typeof openDecoding> => (decoding ??= openDecoding({ model, engine, params }))

  const { vocabulary, context } = model.config
  const spoken = speaking({
    path: source.path,
    tokenizer,
    ends,
    vocabulary,
    context,
    next: (ids) => decode().next(ids),
    clear: () => decode().clear(),
  })

  return Object.freeze<LanguageModel>({
    path: source.path,
    model,
    tokenizer,
    ...spoken,
    ends,
    params,
    grid: source.grid,
    async evaluate(text, given = {}) {
      const { reference, format, quantize = byName(), onProgress, signal } = given
      const window = evaluationContext(model, given.context)
      const batch = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_LOGITS / (window * vocabulary))))
      const tokens = typeof text === 'string' ? tokenizer.encode(text) : text
      const judged = 'batches' in tokens ? tokens : judgedText(tokens, { tokenizer, batch, context: window })
      const common = {
        engine,
        text: judged,
        context: window,
        ...(signal ? { signal } : {}),
        ...(onProgress
          ? { onProgress: (done: number) => onProgress({ tokens: done, total: judged.tokens }) }
          : {}),
      }
      if (reference !== undefined && format !== undefined)
        throw new RangeError('format: expected a format or a reference, found both; give one of them')
      if (reference !== undefined) {
        refuseOtherIds(reference, model, tokenizer)
        const theirs = engine.allocate(reference.model.shapes)
        for (const [name, array] of Object.entries(theirs))
          array.set(leafOf(reference.params, name, 'params'))
        return measured({
          ...common,
          judged: { model, params },
          reference: { model: reference.model, params: theirs },
        })
      }
      if (format !== undefined) {
        const axes = quantizedAxes(quantize, model.shapes)
        const into = engine.allocate(model.shapes)
        const cast = castTree({
          executor,
          format,
          cast: castNearest,
          params,
          shapes: model.shapes,
          axes,
          into,
        })
        return measured({ ...common, judged: { model, params: cast }, reference: { model, params } })
      }
      return measured({ ...common, judged: { model, params } })
    },
    close,
  })
}

/** The window of an evaluation. @throws RangeError if it is none that the model has. */
export function evaluationContext({ config: { context } }: CausalModel, wished: number | undefined): number {
  if (wished === undefined) return Math.min(context, USUAL_CONTEXT)
  if (Number.isInteger(wished) && wished >= 1 && wished <= context) return wished
  throw new RangeError(`context: expected a whole number from 1 to ${context}, found ${wished}`)
}

/** Two models can be compared where their ids mean the same. */
function refuseOtherIds(reference: LanguageModel, model: CausalModel, tokenizer: Tokenizer): void {
  const { vocabulary } = reference.model.config
  if (vocabulary !== model.config.vocabulary || reference.tokenizer.identity !== tokenizer.identity)
    throw new RangeError(
      `reference: expected the ${model.config.vocabulary} ids of ${tokenizer.name}, found ${vocabulary} of ${reference.tokenizer.name} in ${reference.path}; compare models of one tokenizer`,
    )
}
