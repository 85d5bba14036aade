// Task: a language model of one's choice on text of one's own. Comes in: options. Goes out: a workload.
// Source: docs/design/04-bench.md, text of one's own.

import { availableParallelism } from 'node:os'
import { rate } from '@lotion/cli/internal'
import { adamw, byName, clipByGlobalNorm } from '@lotion/optim'
import { filesOfSources } from '../language/text-files.js'
import { isOwnText, tokenFolder, withField, wordsOfSources } from '../language/text-sources.js'
import { weightsIn } from '../runs/memory-of-run.js'
import type { CausalModel } from '@lotion/models'
import type { TrainedModel } from '../language/text-model.js'
import { removeEmptyFolders } from '../run-files/empty-folders.js'
import { filesPrint } from '../run-files/files-print.js'
import { modelPreview } from './model-preview.js'
import type { DataReading } from './data-facts.js'
import { defineTask } from './task.js'
import { textOptions } from './text-options.js'
import { refuseForModel, refuseForText } from './text-refusals.js'
import { scheduleConfig, scheduleOfChoice } from './text-schedule.js'

/** Tokens of a sequence where none are chosen and the model takes more. */
const MOST_CONTEXT = 256

/** Models below it train on one thread: small operators gain little from a second one. */
const MANY_PARAMETERS = 500_000

/** What a checkpoint is trained on with: at the rate of random weights it forgets what it knew. */
const checkpointRates = { learningRate: 1e-4, learningRates: [3e-5, 1e-4, 3e-4] }

/** Trained on, a checkpoint has few steps: the best after the cast of docs/results/smollm2.md. */
const CHECKPOINT_METHODS = 'qat'

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
  learningRates: [1e-3, 5e-3, 1e-2],
  rateNote: `${checkpointRates.learningRate} for a checkpoint`,
  methodsFor: {
    note: `${CHECKPOINT_METHODS} for a checkpoint`,
    of: async ({ model = 'micro' }) => {
      const { isCheckpointWord } = await import('../language/text-model.js')
      return isCheckpointWord(model) ? CHECKPOINT_METHODS : undefined
    },
  },
  prepare: async (values, signal) =>
    (await import('../language/input-as-file.js')).inputAsFile(values, signal),
  workload: async ({ data, field, model: name = 'micro', tokenizer: tokens, threads, ...rest }) => {
    // Not before they are needed: other commands and the help would wait for tfjs and onnxruntime.
    const { tokenizerRecord } = await import('@lotion/language/internal')
    const { isDecoder, textModel } = await import('../language/text-model.js')
    const { byteTokenizer } = await import('@lotion/text')
    const isOwn = isOwnText(data)
    const sources = withField(data, field)
    const { batch, accumulate, weightDecay, clip, lossOn, pack, dropout } = rest
    refuseForText({ field, ...rest }, isOwn)
    const files = isOwn ? await filesOfSources(data, field) : []
    const schedule = scheduleOfChoice(rest)
    const word = typeof name === 'string' ? name : name.name
    const { model, tokenizer, trained, start, ends, warnings, print, forget } = await textModel({
      model: name,
      mostContext: MOST_CONTEXT,
      tokenizer: tokens,
      context: rest.context,
      text: { ...(isOwn ? { sources } : {}), files, cache: tokenFolder() },
    })
    refuseForModel(rest, tokenizer, { name: model.name, isDecoder: isDecoder(model) })
    const {
      shapes,
      parameterCount,
      config: { context },
    } = model
    const isBytes = tokenizer.identity === byteTokenizer().identity
    const validationWindows = Math.ceil(rest.evalTokens / context)
    const extents = { tokenizer, batch, context, validationWindows }
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
      ...(trained ? { rates: checkpointRates } : {}),
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
        validationWindows,
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

/** A model of a module's need not tell what it keeps of tokens. */
const cacheOf = (model: TrainedModel): Partial<Pick<CausalModel, 'cacheShapes'>> =>
  model as TrainedModel & Partial<Pick<CausalModel, 'cacheShapes'>>
