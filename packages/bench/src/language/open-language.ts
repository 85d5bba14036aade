// The language model with its data and engine in memory. Comes in: a model, extents. Goes out: problems of
// seeds.
// Source: docs/design/04-bench.md. The program is compiled once: seeds differ in their start and batches
// alone.

import { mapTree, type Batch, type Engine, type ForwardStep, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { generate, llama, type Llama } from '@lotion/models'
import { onnxEngine, type OnnxEngineOptions } from '@lotion/onnx'
import { byteTokenizer, evaluationWindows, tokenBatches } from '@lotion/text'
import type * as tf from '@tensorflow/tfjs-core'
import { loadSpeeches, splitBySpeech, tokensOf } from '../data/speeches.js'
import type { OpenWorkload } from '../tasks/task.js'

/** Sequences evaluated at once, whatever the training batch: every batch size is judged by the same text. */
const EVALUATION_BATCH = 16

/** Tokens of `checkProgram`: few enough for the traced engine's budget, enough for attention to look back. */
const CHECKED_TOKENS = 8

/** Parameters × tokens of a sequence run only as a check: tracing it takes as long as tracing a step. */
const AFFORDABLE_WORK = 4e6

/** Bytes are tokens: nothing stands between a loss and its meaning. */
const tokenizer = byteTokenizer()

const PROMPT = 'The people of the United States '

/** Extents of the model. */
export interface ModelExtents {
  readonly context: number
  readonly dimension: number
  readonly layers: number
  readonly heads: number
  readonly hidden: number
}

/** What is opened. */
export interface LanguageOptions extends Pick<OnnxEngineOptions, 'kernels'> {
  readonly model: Llama
  /** Sequences a step. */
  readonly batch: number
  /** Tokens a sequence. */
  readonly context: number
  /** Validation sequences at most. */
  readonly validationWindows: number
  readonly threads: number
  readonly onWarning: (message: string) => void
}

/** The model of the extents. @throws RangeError naming the extent that does not fit. */
export function languageModel({ context, dimension, layers, heads, hidden }: ModelExtents): Llama {
  return llama({ vocabulary: tokenizer.vocabulary, dimension, layers, heads, hidden, context })
}

/**
 * Load the speeches, split them by speech, compile the model's steps and check them once.
 * @throws if tfjs disagrees with the engine.
 */
export async function openLanguage(options: LanguageOptions): Promise<OpenWorkload> {
  const { model, batch, context, validationWindows, threads, onWarning, kernels } = options
  // One memory for weights, gradients and moments: nothing is copied between engine and optimizer.
  const executor = cpuExecutor({ threads })
  const engine = await onnxEngine({ threads, onWarning, memory: executor, ...(kernels ? { kernels } : {}) })
  // The split is the same for every seed, so that losses of different seeds are of the same speeches.
  const { training, validation } = splitBySpeech(await loadSpeeches(), { seed: 0 })
  const windows = { tokens: tokensOf(training, tokenizer), batch, context }
  const judged = tokensOf(validation, tokenizer)
  const fit = Math.min(validationWindows, Math.floor((judged.length - 1) / context))
  const judgedBatches = evaluationWindows({
    tokens: judged,
    batch: EVALUATION_BATCH,
    context,
    count: fit - (fit % EVALUATION_BATCH),
  })
  const gradientStep = engine.gradients(model)
  const lossStep = engine.forward(
    (params, inputs) => ({ loss: model.loss(params, inputs) }),
    'validation loss',
  )
  const startOf = (seed: number): Tree<Float32Array> => {
    const initial = model.init(seed)
    return mapTree(engine.allocate(model.shapes), (array, name) => {
      array.set(initial[name]!)
      return array
    })
  }
  const close = async (): Promise<void> => {
    await engine.close()
    executor.close()
  }
  try {
    await checkProgram(model, engine, startOf(0), tokenBatches({ ...windows, seed: 0 })(0))
  } catch (error) {
    await close()
    throw error
  }
  return {
    executor,
    allocate: (shapes, near) => engine.allocate(shapes, near),
    problem: (seed) => ({
      params: startOf(seed),
      gradientStep,
      batches: tokenBatches({ ...windows, seed }),
      loss: (params) => meanLoss(model, lossStep, judgedBatches, params),
      sample: (params) => sampleText(model, engine, params, seed),
    }),
    close,
  }
}

/**
 * Run the program once, on one short sequence. The traced engine compares as many sequences of a batch with
 * tfjs as are cheap, which may be none: this one is, and it is made of the same operations. Does nothing
 * where the model is too large for that too.
 */
async function checkProgram(
  model: Llama,
  engine: Engine<tf.Tensor, Float32Array>,
  params: Tree<Float32Array>,
  first: Batch,
): Promise<void> {
  if (model.parameterCount * CHECKED_TOKENS > AFFORDABLE_WORK) return
  const length = Math.min(CHECKED_TOKENS, model.config.context)
  const step = engine.gradients(model)
  try {
    await step.run(
      params,
      mapTree(first, ({ data }) => ({ data: data.slice(0, length), shape: [1, length] })),
    )
  } finally {
    await step.close()
  }
}

/** Mean loss over batches in nats per token. */
async function meanLoss(
  model: Llama,
  lossStep: ForwardStep<Float32Array>,
  judged: readonly Batch[],
  params: Tree<Float32Array>,
): Promise<number> {
  let sum = 0
  let terms = 0
  for (const batch of judged) {
    const weight = model.terms(batch)
    sum += weight * (await lossStep.run(params, batch))['loss']![0]!
    terms += weight
  }
  return sum / terms
}

/** A few lines that continue a prompt; the same for the same weights and seed. */
async function sampleText(
  model: Llama,
  engine: Engine<tf.Tensor, Float32Array>,
  params: Tree<Float32Array>,
  seed: number,
): Promise<string> {
  const forward = engine.forward((weights, batch) => ({ logits: model.logits(weights, batch) }), 'logits')
  try {
    const ids = await generate({
      model,
      forward,
      params,
      prompt: tokenizer.encode(PROMPT),
      length: 240,
      temperature: 0.7,
      topK: 40,
      seed,
    })
    return PROMPT + tokenizer.decode(ids)
  } finally {
    await forward.close()
  }
}
