// Task: a language model of one's choice on text of one's own. Comes in: options. Goes out: a workload.
// Source: docs/design/04-bench.md, text of one's own.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { planWeights } from '@lotion/checkpoints'
import { maybe, realNumber, wholeNumber, type CliOption } from '@lotion/cli'
import { planLines, planRecords, planWarnings, rate } from '@lotion/cli/internal'
import { mapTree } from '@lotion/core'
import { adamw, byName, clipByGlobalNorm, cosine } from '@lotion/optim'
import { z } from 'zod'
import { filesPrint } from '../run-files/files-print.js'
import { defineTask } from './task.js'

/** Sequences that are judged at most, if the text has so many. */
const VALIDATION_WINDOWS = 256

/** Tokens of a sequence where none are chosen and the model takes more. */
const MOST_CONTEXT = 256

/** Models below it train on one thread: small operators gain little from a second one. */
const MANY_PARAMETERS = 500_000

/** Where tokens are kept: beside the runs. */
const cacheFolder = (): string => join('runs', '.cache', 'text')

/** What `--data` says where no text is chosen: the bundled speeches, as bytes. */
const SPEECHES = 'speeches'

const paths = z.string().transform((text) => text.split(',').map((path) => path.trim()))

/** An option, as such: what its members are stands at `CliOption`. */
const option = <T>(given: CliOption<T>): CliOption<T> => given

const word = (flags: string, description: string, value?: string): CliOption<string | undefined> => ({
  flags,
  description,
  schema: maybe(z.string().min(1, 'expected a word, found none')),
  ...(value === undefined ? {} : { default: value }),
})

/** AdamW with warm-up over 5 % of the run and a cosine to 0, clipped gradients. */
export const text = defineTask({
  name: 'text',
  summary: 'train a language model on text of your own: files, folders, patterns, .jsonl, standard input',
  options: {
    /** Sources with commas between. Default: the bundled speeches. */
    data: option({
      flags: '--data <paths>',
      description:
        "text: files, folders, patterns such as 'notes/*.md', .jsonl, - for standard input, with commas between",
      schema: paths.refine((all) => all.every((path) => path !== ''), {
        error: "expected paths with commas between, found an empty one in '--data'",
      }),
      default: SPEECHES,
    }),
    /** The field of lines of .jsonl. Default `text`, or `messages`. */
    field: word(
      '--field <name>',
      'the field of lines of .jsonl that is the text (default: text, or messages)',
    ),
    /** A size, the folder of a checkpoint, or a GGUF file. Default `nano`. */
    model: word(
      '--model <name>',
      'a size (nano, micro, mini, small, 135m, 150m, 300m), the folder of a Hugging Face checkpoint, or a .gguf file',
      'nano',
    ),
    /** bytes, an encoding, or a tokenizer.json. Default: the checkpoint's, of a size bytes. */
    tokenizer: word(
      '--tokenizer <name>',
      'bytes, a published encoding such as r50k_base, or the path of a tokenizer.json (default: the checkpoint’s, of a size bytes)',
    ),
    /** Sequences a step, 1 to 4096. Default 16. */
    batch: option({
      flags: '--batch <n>',
      description: 'sequences a step',
      schema: wholeNumber({ min: 1, max: 4096 }),
      default: '16',
    }),
    /** Tokens a sequence. Default: the model's own, at most 256. */
    context: option({
      flags: '--context <n>',
      description: 'tokens a sequence (default: the model’s own, at most 256)',
      schema: maybe(wholeNumber({ min: 1, max: 1e6 })),
    }),
    /** Weight decay on matrices. Default 0.1. */
    weightDecay: option({
      flags: '--weight-decay <rate>',
      description: 'AdamW’s, on matrices',
      schema: realNumber({ min: 0 }),
      default: '0.1',
    }),
    /** Largest norm of the gradient. Default 1. */
    clip: option({
      flags: '--clip <norm>',
      description: 'gradients are shortened to this norm',
      schema: realNumber({ above: 0 }),
      default: '1',
    }),
    /** Part of the run over which the rate rises. Default 0.05. */
    warmup: option({
      flags: '--warmup <share>',
      description: 'part of the run over which the learning rate rises, from 0 to 1',
      schema: realNumber({ min: 0, max: 0.99 }),
      default: '0.05',
    }),
    /** Threads of each engine, 1 to 256. Default: one for a small model, else one a processor. */
    threads: option({
      flags: '--threads <n>',
      description: 'threads of each engine; the results do not depend on it',
      schema: maybe(wholeNumber({ min: 1, max: 256 })),
    }),
  },
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
  },
  steps: 2000,
  learningRate: 1e-2,
  learningRates: [1e-4, 1e-3, 1e-2],
  workload: async ({ data, field, model: name = 'nano', tokenizer: tokens, threads, ...rest }) => {
    // Not before they are needed: other commands and the help would wait for tfjs and onnxruntime.
    const { chosenModel } = await import('../language/chosen-model.js')
    const isOwn = data.length > 1 || data[0] !== SPEECHES
    if (field !== undefined && !isOwn)
      throw new RangeError(`field: expected --data with .jsonl, found the bundled ${SPEECHES}; leave it out`)
    const files: string[] = []
    if (isOwn) {
      const { sourceFiles } = await import('@lotion/text/node')
      for (const path of data) files.push(...(await sourceFiles(path)).map((file) => file.path))
    }
    const { batch, weightDecay, clip, warmup } = rest
    const { model, tokenizer, trained, start, warnings } = await chosenModel({
      model: name,
      mostContext: MOST_CONTEXT,
      ...(tokens === undefined ? {} : { tokenizer: tokens }),
      ...(rest.context === undefined ? {} : { context: rest.context }),
    })
    const {
      shapes,
      parameterCount,
      config: { context },
    } = model
    return {
      shapes,
      quantize: byName(),
      schedule: (peak) => cosine(peak, { warmup }),
      optimizer: (learningRate) => adamw({ learningRate, beta1: 0.9, beta2: 0.95, weightDecay }),
      before: [clipByGlobalNorm(clip)],
      lambda: (strength) => strength,
      tokensPerStep: batch * context,
      config: {
        data: data.join(','),
        // A run that goes on is refused where these are others.
        ...(isOwn ? { dataFiles: await filesPrint(files) } : {}),
        model: name,
        ...(trained ? { modelFiles: await filesPrint([name]) } : {}),
        tokenizer: tokenizer.name,
        vocabulary: tokenizer.vocabulary,
        parameters: parameterCount,
        batch,
        context,
        weightDecay,
        clip,
        warmup,
        validationWindows: VALIDATION_WINDOWS,
      },
      model: { type: model.name, ...model.config },
      preview: (format) => {
        const tensors = mapTree(shapes, (shape) => ({ dtype: 'F32' as const, shape }))
        const plan = planWeights({ path: 'model', metadata: {}, tensors }, { format })
        return {
          lines: [
            `${rate(parameterCount)} parameters${trained ? ` of ${name}` : ''} · ${tokenizer.name}, ${tokenizer.vocabulary} ids · ${batch * context} tokens a step`,
            ...planLines(plan, format),
          ],
          warnings: [
            ...warnings,
            ...planWarnings(plan, format, 'choose another --block, or another --model'),
          ],
          config: { quantization: planRecords(plan, format) },
        }
      },
      open: async (onWarning) => {
        const { openLanguage } = await import('../language/open-language.js')
        const extents = { batch, context, validationWindows: VALIDATION_WINDOWS }
        return openLanguage({
          model,
          tokenizer,
          start,
          data: async () => {
            const { sourceData } = await import('../language/source-data.js')
            const { speechData } = await import('../language/speech-data.js')
            const sources = data.map((path) => ({ path, ...(field === undefined ? {} : { field }) }))
            return isOwn
              ? sourceData({ sources, tokenizer, cache: cacheFolder(), ...extents })
              : speechData({ tokenizer, ...extents })
          },
          threads: threads ?? (parameterCount < MANY_PARAMETERS ? 1 : availableParallelism()),
          onWarning,
        })
      },
    }
  },
})
