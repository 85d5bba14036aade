// Trains the language model with one method and evaluates it on the way. Comes in: a setup, a method. Goes out: records.
// Source: docs/design/04-bench.md.

import { castNearest, castSample, mapTree, type Executor, type Tree } from '@lotion/core'
import type { Llama } from '@lotion/models'
import { randomizedRounding } from '@lotion/noise'
import {
  adamw,
  byName,
  castTree,
  clipByGlobalNorm,
  cosine,
  fit,
  quantizedAxes,
  type Method,
  type QuantizeRule,
} from '@lotion/optim'
import type { EvaluationRecord, ResultRecord, Timing } from '../records.js'
import { validationLoss, type LanguageSetup } from './language-setup.js'

/** The rule of the comparison: embeddings, norms and head stay in full precision. */
export const languageRule: QuantizeRule = byName()

/** Progress within a run. */
export interface LanguageProgress {
  readonly step: number
  readonly loss: number
  readonly tokensPerSecond: number
}

/** What a training run takes. */
export interface TrainLanguageOptions {
  readonly setup: LanguageSetup
  readonly method: Method
  readonly executor: Executor<Float32Array>
  /** Called after every step. */
  readonly onProgress?: (progress: LanguageProgress) => void
  /** Called after every evaluation; awaited. */
  readonly onEvaluation?: (record: EvaluationRecord) => void | Promise<void>
  readonly signal?: AbortSignal
}

/** What a method leaves: its losses, and its weights cast to the format. */
export interface LanguageResult {
  readonly record: ResultRecord
  readonly model: Llama
  readonly quantized: Tree<Float32Array>
}

/** Train one method on the shared setup. */
export async function trainLanguage(options: TrainLanguageOptions): Promise<LanguageResult> {
  const { setup, method, executor } = options
  const { settings, model, seed } = setup
  const params = setup.start()
  const axes = quantizedAxes(languageRule, model.shapes)
  const into = setup.engine.allocate(model.shapes)
  const tree = { executor, format: method.format, params, shapes: model.shapes, axes, into }
  const nearest = castNearest(method.format)
  const tokensPerStep = settings.batch * settings.context
  const clock = stopwatch()
  // The first step of the first method traces the model and checks it: no part of what a step takes, for no method.
  let first = { steps: 0, seconds: 0 }
  const timing = (step: number): Timing => {
    const trainingSeconds = clock.seconds()
    const measured = trainingSeconds - first.seconds
    const tokensPerSecond = measured > 0 ? Math.round(((step - first.steps) * tokensPerStep) / measured) : 0
    return {
      at: new Date().toISOString(),
      trainingSeconds: Math.round(trainingSeconds * 1000) / 1000,
      tokensPerSecond,
    }
  }
  let last: EvaluationRecord | undefined
  const evaluateAt = async (step: number, training: number | null): Promise<void> => {
    const time = timing(step)
    const fullPrecision = await validationLoss(setup, params)
    const quantized = await validationLoss(setup, castTree({ ...tree, cast: nearest }))
    const tokens = step * tokensPerStep
    last = {
      type: 'evaluation',
      method: method.name,
      seed,
      step,
      tokens,
      training,
      fullPrecision,
      nearest: quantized,
      timing: time,
    }
    await options.onEvaluation?.(last)
  }

  await evaluateAt(0, null)
  const window = { sum: 0, count: 0 }
  clock.start()
  await fit({
    params,
    shapes: model.shapes,
    gradientStep: setup.gradientStep,
    batches: setup.batches,
    method,
    quantize: languageRule,
    optimizer: adamw({
      learningRate: cosine(settings.learningRate, { warmup: 0.05 }),
      beta1: 0.9,
      beta2: 0.95,
      weightDecay: settings.weightDecay,
    }),
    before: [clipByGlobalNorm(settings.clip)],
    steps: settings.steps,
    seed,
    executor,
    allocate: (shapes, near) => setup.engine.allocate(shapes, near),
    ...(options.signal ? { signal: options.signal } : {}),
    onStep: async ({ step, loss }) => {
      window.sum += loss
      window.count++
      if (step === 1 && settings.steps > 1) first = { steps: 1, seconds: clock.seconds() }
      options.onProgress?.({
        step,
        loss: window.sum / window.count,
        tokensPerSecond: timing(step).tokensPerSecond,
      })
      if (!evaluatesAt(step, settings)) return
      clock.stop()
      await evaluateAt(step, window.sum / window.count)
      Object.assign(window, { sum: 0, count: 0 })
      clock.start()
    },
  })
  clock.stop()

  const sample = castSample(method.format, randomizedRounding)
  let randomized = 0
  for (let draw = 0; draw < settings.casts; draw++) {
    options.signal?.throwIfAborted()
    randomized +=
      (await validationLoss(setup, castTree({ ...tree, cast: sample, seed, step: draw }))) / settings.casts
  }
  const quantized = mapTree(castTree({ ...tree, cast: nearest }), (array) => Float32Array.from(array))
  const { fullPrecision, nearest: nearestLoss, tokens } = last!
  return {
    model,
    quantized,
    record: {
      type: 'result',
      method: method.name,
      seed,
      settings: method.settings,
      steps: settings.steps,
      tokens,
      fullPrecision,
      nearest: nearestLoss,
      randomized,
      casts: settings.casts,
      timing: timing(settings.steps),
    },
  }
}

/** Evaluations are spread evenly; the last step is always one. */
function evaluatesAt(step: number, { steps, evaluations }: { steps: number; evaluations: number }): boolean {
  return Math.floor((step * evaluations) / steps) > Math.floor(((step - 1) * evaluations) / steps)
}

/** A clock that can be halted while the model is evaluated. */
function stopwatch(): { start(): void; stop(): void; seconds(): number } {
  let total = 0
  let since: number | undefined
  return {
    start: () => (since = performance.now()),
    stop: () => {
      if (since !== undefined) total += performance.now() - since
      since = undefined
    },
    seconds: () => (total + (since === undefined ? 0 : performance.now() - since)) / 1000,
  }
}
