// A language model with its data and engine in memory. Comes in: a model, tokens, extents. Goes out:
// problems of seeds.
// Source: docs/design/04-bench.md. The program is compiled once: seeds differ in their start and batches
// alone.

import {
  leafOf,
  mapTree,
  wantedGradients,
  type Batch,
  type Engine,
  type ForwardStep,
  type GradientStep,
  type RandomKey,
  type Tree,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import {
  continuation,
  dropoutBatches,
  generate,
  IGNORED_TARGET,
  llama,
  openDecoding,
  sampledLabels,
  type Llama,
} from '@lotion/models'
import { onnxEngine, type OnnxEngineOptions } from '@lotion/onnx'
import {
  accumulate,
  hessianProbe,
  perExampleSquare,
  sampledGradient,
  type SampledGradientOptions,
  type SignalMemory,
} from '@lotion/optim'
import { byteTokenizer, type Tokenizer } from '@lotion/text'
import type * as tf from '@tensorflow/tfjs-core'
import type { DataFacts } from '../tasks/data-facts.js'
import type { OpenWorkload } from '../tasks/task.js'
import { isDecoder, type TrainedModel } from './text-model.js'

/** Tokens of `checkProgram`: few enough for the traced engine's budget, enough for attention to look back. */
const CHECKED_TOKENS = 8

/** Parameters × tokens of a sequence run only as a check: tracing it takes as long as tracing a step. */
const AFFORDABLE_WORK = 4e6

/** Extents of the model. */
export interface ModelExtents {
  readonly context: number
  readonly dimension: number
  readonly layers: number
  readonly heads: number
  readonly hidden: number
}

/** Text as batches. */
export interface LanguageData {
  /** The batches of a seed, by step. */
  batches(seed: number): (step: number) => Batch
  /** What the loss is measured on: the same for every seed, so that losses can be compared. */
  readonly judged: readonly Batch[]
  /** A text that samples go on with. */
  readonly prompt: string
  /** How much of it there is. */
  readonly facts: DataFacts
  /** What a user should know of it. Default: nothing. */
  readonly warnings?: readonly string[]
  /** Close its files. */
  close(): void
}

/** What is opened. */
export interface LanguageOptions extends Pick<OnnxEngineOptions, 'kernels'> {
  readonly model: TrainedModel
  readonly tokenizer: Tokenizer
  /** Loads the text; asked once the engine is there. */
  readonly data: () => Promise<LanguageData>
  /** Writes the weights of a seed at its start. Default: as the model draws them. */
  readonly start?: (seed: number, into: Tree<Float32Array>) => Promise<unknown>
  /** Names of the parameters that are trained: no gradients of others are computed. Default: all. */
  readonly trained?: readonly string[] | undefined
  /** Probability of an activation to be 0 in training. Default: 0. */
  readonly dropout?: number
  /** Parts that each batch is taken in. Default: 1. */
  readonly parts?: number
  readonly threads: number
  readonly onWarning: (message: string) => void
}

/** The model of the extents, over bytes. @throws RangeError naming the extent that does not fit. */
export function languageModel({ context, dimension, layers, heads }: Omit<ModelExtents, 'hidden'>): Llama {
  const hidden = 32 * Math.ceil((3 * dimension) / 32)
  return llama({ vocabulary: byteTokenizer().vocabulary, dimension, layers, heads, hidden, context })
}

/**
 * Load the text, compile the model's steps and check them once.
 * @throws if tfjs disagrees with the engine.
 */
export async function openLanguage(options: LanguageOptions): Promise<OpenWorkload> {
  const { model, tokenizer, threads, onWarning, kernels } = options
  const data = await options.data()
  data.warnings?.forEach(onWarning)
  // One memory for weights, gradients and moments: nothing is copied between engine and optimizer.
  const executor = cpuExecutor({ threads })
  const engine = await onnxEngine({ threads, onWarning, memory: executor, ...(kernels ? { kernels } : {}) })
  const memory = { executor, shapes: wantedGradients(model, options.trained) }
  const logits = engine.forward(
    (params, inputs) => ({ logits: model.logits(params, inputs) }),
    'logits for labels',
  )
  // A probe is a mean over terms as a gradient is, and so are the squares of examples; of a gradient with
  // drawn labels the parts' mean is that of the batch.
  const means = ['sampledGradient', 'perExampleSquare', 'hessianProbe']
  const gradientStep = accumulate(
    withSignals(engine.gradients(model, options.trained), model, memory, sampledLabels(logits)),
    options.parts ?? 1,
    { ...memory, means },
  )
  const lossStep = engine.forward(
    (params, inputs) => ({ loss: model.loss(params, inputs) }),
    'validation loss',
    model.ids,
  )
  const startOf = async (seed: number): Promise<Tree<Float32Array>> => {
    const weights = engine.allocate(model.shapes)
    if (options.start) await options.start(seed, weights)
    else for (const [name, drawn] of Object.entries(model.init(seed))) weights[name]!.set(drawn)
    return weights
  }
  const close = async (): Promise<void> => {
    await engine.close()
    executor.close()
    data.close()
  }
  try {
    await checkProgram({ ...options, engine, params: await startOf(0), first: data.batches(0)(0) })
  } catch (error) {
    await close()
    throw error
  }
  return {
    executor,
    allocate: (shapes, near) => engine.allocate(shapes, near),
    problem: async (seed) => ({
      params: await startOf(seed),
      gradientStep,
      // The executor's numbers are those of everywhere, four at a time.
      batches: thinned(options, seed, data.batches(seed), (key, length) => executor.uniforms(key, length)),
      loss: (params) => meanLoss(model, lossStep, data.judged, params),
      sample: (params) => sampleText({ model, tokenizer, engine, params, prompt: data.prompt, seed }),
    }),
    close,
  }
}

/**
 * A model's gradient step with the signals that Fishers may ask for; those that are not asked for cost
 * nothing.
 */
const withSignals = (
  plain: GradientStep<Float32Array>,
  model: TrainedModel,
  memory: SignalMemory<Float32Array>,
  relabel: SampledGradientOptions<Float32Array>['relabel'],
): GradientStep<Float32Array> =>
  hessianProbe(
    perExampleSquare(sampledGradient(plain, { ...memory, relabel }), {
      ...memory,
      terms: (batch) => model.terms(batch),
    }),
    memory,
  )

/**
 * Run the program once, on one short sequence. The traced engine compares as many sequences of a batch with
 * tfjs as are cheap, which may be none: this one is, and it is made of the same operations. Does nothing
 * where the model is too large for that too.
 */
async function checkProgram({
  model,
  trained,
  dropout = 0,
  engine,
  params,
  first,
}: Pick<LanguageOptions, 'model' | 'trained' | 'dropout'> & {
  readonly engine: Engine<tf.Tensor, Float32Array>
  readonly params: Tree<Float32Array>
  readonly first: Batch
}): Promise<void> {
  if (model.parameterCount * CHECKED_TOKENS > AFFORDABLE_WORK) return
  const length = Math.min(CHECKED_TOKENS, model.config.context)
  const short = thinned({ model, dropout }, 0, () => shortened(first, length))
  const step = engine.gradients(model, trained)
  try {
    await step.run(params, short(0))
  } finally {
    await step.close()
  }
}

/** Batches with dropout, of a model that knows of it. */
const thinned = (
  { model, dropout = 0 }: Pick<LanguageOptions, 'model' | 'dropout'>,
  seed: number,
  batches: (step: number) => Batch,
  draw?: (key: RandomKey, length: number) => Float32Array,
): ((step: number) => Batch) =>
  isDecoder(model)
    ? dropoutBatches({ model, rate: dropout, seed, batches, ...(draw ? { draw } : {}) })
    : batches

/** Some tokens of the first row, the first that counts among them. */
function shortened(batch: Batch, length: number): Batch {
  const { data: targets } = leafOf(batch, 'y', 'batch')
  const counted = targets.findIndex((target) => target !== IGNORED_TARGET)
  const from = Math.max(0, counted - length + 1)
  return mapTree(batch, ({ data }) => ({ data: data.slice(from, from + length), shape: [1, length] }))
}

/** Mean loss over batches in nats per token. */
async function meanLoss(
  model: TrainedModel,
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
async function sampleText({
  model,
  tokenizer,
  engine,
  params,
  prompt,
  seed,
}: Pick<LanguageOptions, 'model' | 'tokenizer'> & {
  readonly engine: Engine<tf.Tensor, Float32Array>
  readonly params: Tree<Float32Array>
  readonly prompt: string
  readonly seed: number
}): Promise<string> {
  const drawn = { prompt: tokenizer.encode(prompt), length: 240, temperature: 0.7, topK: 40, seed }
  const said = (ids: readonly number[]): string =>
    // A checkpoint may have more rows than its tokenizer has ids.
    prompt + tokenizer.decode(Int32Array.from(ids.filter((id) => id < tokenizer.vocabulary)))
  if (isDecoder(model)) {
    // Of a large model a window anew for each token would take longer than its training.
    const decoding = openDecoding({ model, engine, params })
    try {
      const ids: number[] = []
      const { vocabulary } = model.config
      for await (const id of continuation({ ...drawn, next: decoding.next, vocabulary })) ids.push(id)
      return said(ids)
    } finally {
      await decoding.close()
    }
  }
  const forward = engine.forward((weights, batch) => ({ logits: model.logits(weights, batch) }), 'logits')
  try {
    return said(Array.from(await generate({ model, forward, params, ...drawn })))
  } finally {
    await forward.close()
  }
}
