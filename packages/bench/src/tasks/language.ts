// Task: a small Llama-style decoder on the presidents' speeches, which is the task `text` with a model of
// chosen extents. Comes in: options. Goes out: a workload.
// Source: docs/design/04-bench.md says how the settings were found.

import { maybe, wholeNumber, type CliOption } from '@lotion/cli'
import { rate } from '@lotion/cli/internal'
import { modelPreview } from './model-preview.js'
import { defineTask, valuesOf } from './task.js'
import { text } from './text.js'

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
    of: ['context', 'validationWindows'],
  },
  steps: 2000,
  learningRate: 1e-2,
  learningRates: [5e-3, 1e-2, 2e-2],
  workload: async ({ batch, context, threads, ...sizes }) => {
    // Not before they are needed: other commands and the help would wait for tfjs and onnxruntime.
    const { languageModel } = await import('../language/open-language.js')
    const extents = { batch, context, ...sizes }
    const model = languageModel(extents)
    const settings = { ...extents, hidden: model.config.hidden }
    const trained = await text.workload(valuesOf(text, { model, batch, threads }))
    return {
      ...trained,
      config: { ...settings, ...trained.config },
      preview: (format) =>
        modelPreview(model.shapes, format, {
          head: `${rate(model.parameterCount)} parameters · ${batch * context} tokens a step`,
          advice: 'choose another --block, or a larger --dimension',
        }),
      activationBytes: activationBytes(settings),
    }
  },
})

/**
 * Bytes that the backward pass of a step reads at least: in each layer queries, keys and values, attention
 * probabilities, and both factors of the feed-forward product.
 */
const activationBytes = ({ batch, context, dimension, layers, heads, hidden }: ActivationExtents): number =>
  4 * batch * context * layers * (3 * dimension + heads * context + 2 * hidden)

type ActivationExtents = Readonly<
  Record<'batch' | 'context' | 'dimension' | 'layers' | 'heads' | 'hidden', number>
>
