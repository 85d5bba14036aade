// Task: a language model of one's choice on text of one's own. Comes in: options. Goes out: a workload.
// Source: docs/design/04-bench.md, text of one's own.

import { availableParallelism } from 'node:os'
import { rate } from '@lotion/cli/internal'
import { adamw, byName, clipByGlobalNorm } from '@lotion/optim'
import { isOwnText, SPEECHES, tokenFolder, withField, wordsOfSources } from '../language/text-sources.js'
import { weightsIn } from '../runs/memory-of-run.js'
import type { CausalModel } from '@lotion/models'
import type { TrainedModel } from '../language/text-model.js'
import { removeEmptyFolders } from '../run-files/empty-folders.js'
import { filesPrint } from '../run-files/files-print.js'
import { modelPreview } from './model-preview.js'
import { defineTask, type DataReading } from './task.js'
import { textOptions } from './text-options.js'
import { scheduleConfig, scheduleOfChoice } from './text-schedule.js'

/** Sequences that are judged at most, if the text has so many. */
const VALIDATION_WINDOWS = 256

/** Tokens of a sequence where none are chosen and the model takes more. */
const MOST_CONTEXT = 256

/** Models below it train on one thread: small operators gain little from a second one. */
const MANY_PARAMETERS = 500_000

/** AdamW, by default with warm-up over 5 % of the run and a cosine to 0; clipped gradients. */
export const text = defineTask({
  name: 'text',
  summary: 'train a language model on text of your own: files, folders, patterns, .jsonl, standard input',
  options: textOptions,
  examples: ['lotion run text --data notes.txt --methods ptq,qat,lotion --seeds 3'],
  defaults: {
    methods: 'lotion',
    seeds: '1',
    casts: '8',
    fisher: 'empirical',
    workers: '1',
    out: 'runs/train',
  },
  loss: {
    name: 'validation loss',
    unit: 'nats per token',
    meaning: 'Losses are nats per token on text that was not trained on.',
    decimals: 4,
    of: ['dataFiles', 'lossOn', 'tokenizer', 'vocabulary', 'context', 'validationWindows'],
  },
  steps: 1000,
  learningRate: 5e-3,
  learningRates: [1e-4, 1e-3, 5e-3],
  prepare: async (values, signal) =>
    (await import('../language/input-as-file.js')).inputAsFile(values, signal),
  workload: async ({ data, field, model: name = 'micro', tokenizer: tokens, threads, ...rest }) => {
    // Not before they are needed: other commands and the help would wait for tfjs and onnxruntime.
    const { tokenizerRecord } = await import('@lotion/language/internal')
    const { isDecoder, textModel } = await import('../language/text-model.js')
    const { byteTokenizer } = await import('@lotion/text')
    const isOwn = isOwnText(data)
    const sources = withField(data, field)
    if (field !== undefined && !isOwn)
      throw new RangeError(`field: expected --data with .jsonl, found the bundled ${SPEECHES}; leave it out`)
    const files: string[] = []
    if (isOwn) {
      const { sourceFiles } = await import('@lotion/text/node')
      for (const source of data) {
        const found = (await sourceFiles(source.path)).map(({ path }) => path)
        files.push(...found)
        if (source.field !== undefined && !found.some(isOfLines))
          throw new RangeError(
            `data: ${source.path}: field ${source.field}: expected .jsonl, whose lines have fields, found none; leave it out`,
          )
      }
      if (field !== undefined && !files.some(isOfLines))
        throw new RangeError(
          `field: expected --data with .jsonl, whose lines have fields, found none in ${wordsOfSources(data)}; leave it out`,
        )
    }
    const { batch, accumulate, weightDecay, clip, lossOn, pack, dropout } = rest
    if (pack && !isOwn)
      throw new RangeError(
        `pack: expected --data with documents that fit a sequence, found the bundled ${SPEECHES}; leave it out`,
      )
    if (lossOn === 'assistant' && !isOwn)
      throw new RangeError(
        `loss-on: expected --data with conversations, lines of .jsonl with messages, found the bundled ${SPEECHES}; leave it out`,
      )
    if (batch % accumulate !== 0)
      throw new RangeError(
        `accumulate: expected parts of one size, a number that divides the ${batch} sequences of --batch, found ${accumulate}; change one of the two`,
      )
    const schedule = scheduleOfChoice(rest)
    const word = typeof name === 'string' ? name : name.name
    const { model, tokenizer, trained, start, ends, warnings, print, forget } = await textModel({
      model: name,
      mostContext: MOST_CONTEXT,
      tokenizer: tokens,
      context: rest.context,
      text: { ...(isOwn ? { sources } : {}), files, cache: tokenFolder() },
    })
    if (lossOn === 'assistant' && !tokenizer.chatTokens)
      throw new RangeError(
        `loss-on: expected a tokenizer with a chat template, which tells the assistant's tokens, found one without; take that of a checkpoint (--model <folder>), or of a tokenizer.json with its tokenizer_config.json beside it (--tokenizer <path>), or leave it out`,
      )
    const [asked] = [...(pack ? ['pack'] : []), ...(dropout > 0 ? ['dropout'] : [])]
    if (asked !== undefined && !isDecoder(model))
      throw new RangeError(
        `${asked}: expected a model that reads segments and factors of dropout, as those of @lotion/models, found '${model.name}', which does not; leave it out`,
      )
    const {
      shapes,
      parameterCount,
      config: { context },
    } = model
    const isBytes = tokenizer.identity === byteTokenizer().identity
    const extents = { tokenizer, batch, context, validationWindows: VALIDATION_WINDOWS }
    const readText = async (how: DataReading = {}) => {
      const { sourceData } = await import('../language/source-data.js')
      const { speechData } = await import('../language/speech-data.js')
      return isOwn
        ? sourceData({ sources, cache: tokenFolder(), lossOn, pack, ...extents, ...how })
        : speechData(extents)
    }
    return {
      shapes,
      quantize: byName(),
      schedule,
      optimizer: (learningRate) => adamw({ learningRate, beta1: 0.9, beta2: 0.95, weightDecay }),
      before: [clipByGlobalNorm(clip)],
      lambda: (strength) => strength,
      tokensPerStep: batch * context,
      // Keys and values of all tokens at least: the backward pass reads them.
      activationBytes: 4 * (batch / accumulate) * weightsIn(cacheOf(model).cacheShapes?.(context) ?? {}),
      config: {
        data: wordsOfSources(data),
        // A run that goes on is refused where these are others.
        ...(isOwn ? { dataFiles: await filesPrint(files) } : {}),
        model: word,
        ...(print === undefined ? {} : { modelFiles: print }),
        tokenizer: tokenizer.name,
        vocabulary: tokenizer.vocabulary,
        ...(isBytes ? { bytesPerToken: 1 } : {}),
        lossOn,
        pack,
        dropout,
        parameters: parameterCount,
        batch,
        ...(accumulate === 1 ? {} : { accumulate }),
        context,
        weightDecay,
        clip,
        ...scheduleConfig(rest),
        validationWindows: VALIDATION_WINDOWS,
      },
      model: { type: model.name, ...model.config },
      beside: tokenizerRecord(tokenizer, ends),
      preview: (format) =>
        modelPreview(shapes, format, {
          head: `${rate(parameterCount)} parameters${trained ? ` of ${word}` : ''} · ${tokenizer.name}, ${tokenizer.vocabulary} ids · ${batch * context} tokens a step`,
          warnings,
          advice: 'choose another --block, or another --model',
        }),
      readData: async (how) => {
        if (!isOwn && how?.all !== true) return undefined
        try {
          const read = await readText(how)
          read.close()
          return read.facts
        } catch (error) {
          await forget?.()
          await removeEmptyFolders(tokenFolder())
          throw error
        }
      },
      // Of one's own text, and of bytes, it is known without.
      ...(isOwn || isBytes
        ? {}
        : {
            bytesPerToken: async () =>
              (await import('../language/speech-data.js')).speechBytesPerToken(extents),
          }),
      open: async (onWarning, wanted) => {
        const { openLanguage } = await import('../language/open-language.js')
        return openLanguage({
          model,
          tokenizer,
          ...(start ? { start } : {}),
          trained: wanted,
          parts: accumulate,
          dropout,
          data: () => readText(),
          threads: threads ?? (parameterCount < MANY_PARAMETERS ? 1 : availableParallelism()),
          onWarning,
        })
      },
    }
  },
})

const isOfLines = (path: string): boolean => path.endsWith('.jsonl')

/** A model of a module's need not tell what it keeps of tokens. */
const cacheOf = (model: TrainedModel): Partial<Pick<CausalModel, 'cacheShapes'>> =>
  model as TrainedModel & Partial<Pick<CausalModel, 'cacheShapes'>>
