// Task: a small Llama-style decoder on the presidents' speeches. Comes in: options. Goes out: a workload.
// Source: docs/design/04-bench.md says how the settings were found.

import { availableParallelism } from 'node:os'
import { maybe, wholeNumber, type CliOption } from '@lotion/cli'
import { rate } from '@lotion/cli/internal'
import { adamw, byName, clipByGlobalNorm, cosine } from '@lotion/optim'
import { refuseLanguageTooLarge } from '../language/language-memory.js'
import { modelPreview } from './model-preview.js'
import { defineTask } from './task.js'

const WEIGHT_DECAY = 0.1
const CLIP_NORM = 1

/** Sequences that are judged, if the speeches have so many. */
const VALIDATION_WINDOWS = 256

/**
 * Models below it train on one thread: small operators gain little from a second one, and lose much where
 * other programs want the processor.
 */
const MANY_PARAMETERS = 500_000

/** A whole number from 1. */
function count(flags: string, description: string, value: number, max: number): CliOption<number> {
  return { flags, description, schema: wholeNumber({ min: 1, max }), default: String(value) }
}

const threads: CliOption<number | undefined> = {
  flags: '--threads <n>',
  description:
    'threads of each engine; the results do not depend on it (default: one for a small model, else one a processor)',
  schema: maybe(wholeNumber({ min: 1, max: 256 })),
}

/**
 * AdamW with warm-up over 5 % of the run and a cosine to 0, clipped gradients; embeddings, norms and head
 * stay in full precision.
 */
export const language = defineTask({
  name: 'language',
  summary: 'train a small language model with PTQ, QAT and LOTION and compare them',
  options: {
    /** Sequences a step, 1 to 4096. Default 16. */
    batch: count('--batch <n>', 'sequences a step', 16, 4096),
    /** Tokens (bytes) a sequence, 1 to 4096. Default 64. */
    context: count('--context <n>', 'tokens (bytes) a sequence', 64, 4096),
    /** Width of the model, 1 to 8192. Default 64. */
    dimension: count('--dimension <n>', 'width of the model', 64, 8192),
    /** Layers of the model, 1 to 256. Default 2. */
    layers: count('--layers <n>', 'layers of the model', 2, 256),
    /** Attention heads of the model, 1 to 1024. Default 4. */
    heads: count('--heads <n>', 'attention heads of the model', 4, 1024),
    /** Threads of each engine, 1 to 256. Default: one for a small model, else one a processor. */
    threads,
  },
  examples: [
    'lotion run language --seeds 5 --out runs/five-seeds',
    'lotion run language --steps 300 --methods qat,lotion --tune --workers 2 --json',
  ],
  defaults: {
    methods: 'ptq,qat,lotion',
    seeds: '1',
    casts: '8',
    fisher: 'empirical',
    workers: '1',
    out: 'runs/language',
  },
  loss: {
    name: 'validation loss',
    unit: 'nats per byte',
    meaning: 'Losses are nats per byte on speeches that were not trained on.',
    decimals: 4,
  },
  steps: 2000,
  learningRate: 1e-2,
  learningRates: [5e-3, 1e-2, 2e-2],
  workload: async ({ threads, ...extents }) => {
    // Not before they are needed: other commands and the help would wait for tfjs and onnxruntime.
    const { languageModel, openLanguage } = await import('../language/open-language.js')
    const { speechData } = await import('../language/speech-data.js')
    const { byteTokenizer } = await import('@lotion/text')
    const { tokenizerRecord } = await import('@lotion/language/internal')
    const { batch, context } = extents
    const model = languageModel(extents)
    const settings = { ...extents, hidden: model.config.hidden }
    const { parameterCount, shapes } = model
    const data = () => speechData({ batch, context, validationWindows: VALIDATION_WINDOWS })
    return {
      shapes,
      quantize: byName(),
      schedule: (peak) => cosine(peak, { warmup: 0.05 }),
      optimizer: (learningRate) =>
        adamw({ learningRate, beta1: 0.9, beta2: 0.95, weightDecay: WEIGHT_DECAY }),
      before: [clipByGlobalNorm(CLIP_NORM)],
      lambda: (strength) => strength,
      tokensPerStep: batch * context,
      config: {
        ...settings,
        weightDecay: WEIGHT_DECAY,
        clip: CLIP_NORM,
        validationWindows: VALIDATION_WINDOWS,
      },
      model: { type: 'llama', ...model.config },
      beside: tokenizerRecord(byteTokenizer(), []),
      preview: (format) =>
        modelPreview(shapes, format, {
          head: `${rate(parameterCount)} parameters · ${batch * context} tokens a step`,
          advice: 'choose another --block, or a larger --dimension',
        }),
      checkMemory: (processes) => refuseLanguageTooLarge(model, settings, { processes }),
      readData: async (how) => (how?.all === true ? (await data()).facts : undefined),
      open: (onWarning) =>
        openLanguage({
          model,
          tokenizer: byteTokenizer(),
          data,
          threads: threads ?? (parameterCount < MANY_PARAMETERS ? 1 : availableParallelism()),
          onWarning,
        }),
    }
  },
})
