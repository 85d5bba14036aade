// What the methods of a comparison share: data, model, compiled steps, initial weights.
// Comes in: settings, a seed, an engine. Goes out: a setup. Source: docs/design/04-bench.md.

import {
  mapTree,
  type Batch,
  type Engine,
  type ForwardStep,
  type GradientStep,
  type Tree,
} from '@lotion/core'
import { byteTokenizer, llama, type Llama, type Tokenizer } from '@lotion/models'
import type * as tf from '@tensorflow/tfjs'
import { loadSpeeches, splitBySpeech, tokensOf } from '../data/speeches.js'
import { batches, evaluationWindows } from '../data/token-batches.js'
import type { LanguageSettings } from './language-settings.js'

/** Everything but the method. */
export interface LanguageSetup {
  readonly settings: LanguageSettings
  readonly seed: number
  readonly model: Llama
  readonly tokenizer: Tokenizer
  readonly engine: Engine<tf.Tensor, Float32Array>
  readonly gradientStep: GradientStep<Float32Array>
  readonly lossStep: ForwardStep<Float32Array>
  /** The batch of a step, from 0. */
  readonly batches: (step: number) => Batch
  readonly validation: readonly Batch[]
  /** A fresh copy of the initial weights, the same for every method. */
  start(): Tree<Float32Array>
  /** Release the compiled steps. */
  close(): Promise<void>
}

/** Sequences evaluated at once, whatever the batch of training: the same text is judged at every batch size. */
const evaluationBatch = 16

/** Tokens of `checkProgram`: few enough for the budget of the traced engine, many enough for attention to look back. */
const checkedTokens = 8

/** Parameters × tokens of a sequence that is run just to be checked: its tracing alone takes as long as that of a step. */
const affordable = 4e6

/** Bytes are tokens: nothing stands between a loss and its meaning. */
const tokenizer = byteTokenizer()

/** The model of the settings. @throws RangeError naming the extent that does not fit. */
export function languageModel({ dimension, layers, heads, hidden, context }: LanguageSettings): Llama {
  return llama({ vocabulary: tokenizer.vocabulary, dimension, layers, heads, hidden, context })
}

/** Load the speeches, split them by speech, build the model and compile its steps. */
export async function languageSetup(
  settings: LanguageSettings,
  seed: number,
  engine: Engine<tf.Tensor, Float32Array>,
): Promise<LanguageSetup> {
  const { batch, context, validationWindows } = settings
  // The split is the same for every seed, so that losses of different seeds are of the same speeches.
  const { training, validation } = splitBySpeech(await loadSpeeches(), { seed: 0 })
  const tokens = tokensOf(training, tokenizer)
  const model = languageModel(settings)
  const gradientStep = engine.gradients(model)
  const lossStep = engine.forward(
    (params, inputs) => ({ loss: model.loss(params, inputs) }),
    'validation loss',
  )
  const initial = model.init(seed)
  const judged = tokensOf(validation, tokenizer)
  const fit = Math.min(validationWindows, Math.floor((judged.length - 1) / context))
  return {
    settings,
    seed,
    model,
    tokenizer,
    engine,
    gradientStep,
    lossStep,
    batches: batches({ tokens, batch, context, seed }),
    validation: evaluationWindows({
      tokens: judged,
      batch: evaluationBatch,
      context,
      count: fit - (fit % evaluationBatch),
    }),
    start: () => {
      const params = engine.allocate(model.shapes)
      return mapTree(params, (array, name) => {
        array.set(initial[name]!)
        return array
      })
    },
    close: async () => {
      await gradientStep.close()
      await lossStep.close()
    },
  }
}

/**
 * Run the program once, on one short sequence. The traced engine compares as many sequences of a batch with tfjs as are cheap, which
 * may be none: this one is, and it is made of the same operations. Does nothing where the model is too large for that too.
 * @throws if the engine finds that its step disagrees with tfjs.
 */
export async function checkProgram({
  settings,
  model,
  engine,
  batches,
  start,
}: LanguageSetup): Promise<void> {
  if (model.parameterCount * checkedTokens > affordable) return
  const shape = [1, Math.min(checkedTokens, settings.context)]
  const batch = mapTree(batches(0), ({ data }) => ({ data: data.slice(0, shape[1]), shape }))
  const step = engine.gradients(model)
  try {
    await step.run(start(), batch)
  } finally {
    await step.close()
  }
}

/** Mean validation loss in nats per token. */
export async function validationLoss(setup: LanguageSetup, params: Tree<Float32Array>): Promise<number> {
  let sum = 0
  let terms = 0
  for (const batch of setup.validation) {
    const weight = setup.model.terms(batch)
    sum += weight * (await setup.lossStep.run(params, batch))['loss']![0]!
    terms += weight
  }
  return sum / terms
}
