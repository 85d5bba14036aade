// The one door for a model of tf.layers: trained for a grid, looked at, cast, stored. Comes in: a model, a
// method, choices for layers. Goes out: the model's own verbs, with the method around any optimizer.
// Source: docs/design/09-tfjs.md (the door).

import type { Transformation } from '@lotion/core'
import { isTransformation, refuseUnknownKeys, shownValue } from '@lotion/core/internal'
import type { Method } from '@lotion/optim'
import { isMethod } from '@lotion/optim/internal'
import * as defaultTf from '@tensorflow/tfjs-core'
import { oneCore } from '../core-instance.js'
import { tfjsExecutor } from '../executor/tfjs-executor.js'
import { castCopy, onTheGrid, type Casting } from './held-casts.js'
import { layerMarks, layerWeights } from './layer-weights.js'
import type { LayersModel } from './layers-model.js'
import { isTfjs, methodOptimizer, type Joining, type MethodOptimizer } from './method-optimizer.js'
import { modelReport } from './model-report.js'
import type { QuantizedCompile, QuantizedModel, QuantizedOptions } from './quantized-model.js'
import {
  stepsOfDataset,
  stepsOfFit,
  withQuantizedFigures,
  type Dataset,
  type Evaluated,
  type FitArguments,
  type Tensors,
} from './quantized-validation.js'
import { restoreRun, runBytes, type Run } from './run-state.js'
import { saveModel } from './save-model.js'
import { ruleOf, weightPlan } from './weight-plan.js'

const optionNames: Readonly<Record<keyof QuantizedOptions, true>> = {
  layers: true,
  steps: true,
  terms: true,
  seed: true,
  nonFinite: true,
  executor: true,
  tf: true,
}

/** The model as it is called here: its own types are the caller's business. */
interface Called extends Evaluated {
  readonly optimizer: defaultTf.Optimizer
  compile(args: object): void
  fit(x: Tensors, y: Tensors, args: FitArguments): Promise<unknown>
  fitDataset(dataset: Dataset, args: FitArguments): Promise<unknown>
  trainOnBatch(x: Tensors, y: Tensors): Promise<unknown>
  predict(x: Tensors, args?: object): unknown
}

/** What `compile` was given, and what came of it. */
interface Compiled {
  readonly args: { readonly optimizer: string | defaultTf.Optimizer | Transformation }
  readonly made: MethodOptimizer
  /** An optimizer made from a name: ours to give back. */
  readonly owned?: defaultTf.Optimizer
}

/**
 * Train a model of tf.layers for a grid, by any method. The type of a layer says what its blocks run along;
 * biases and norms stay in full precision. The method goes around any optimizer: its point and penalty
 * before, its correction behind.
 * @param model A `tf.LayersModel` or `tf.Sequential`, built; trained in place.
 * @param method Such as `lotion({ format: int4 })`; one that trains values beside the weights is refused.
 * @param options Formats for single layers; steps, terms, seed.
 * @throws TypeError naming a weight of a layer that is not known, with what to declare; RangeError for a
 * pattern that matches none.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { lotion } from '@lotion/optim'
 * import { quantized } from '@lotion/tfjs/layers'
 * import * as tf from '@tensorflow/tfjs'
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] })
 * const q = quantized(model, lotion({ format: int4 }))
 * q.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' })
 * await q.fit(tf.ones([8, 2]), tf.ones([8, 1]), { epochs: 2, verbose: 0 })
 * console.log(await q.report())
 * ```
 */
export function quantized<M extends LayersModel>(
  model: M,
  method: Method,
  options: QuantizedOptions = {},
): QuantizedModel<M> {
  refuseUnknownKeys('quantized', options, optionNames)
  checkArguments(model, method, options)
  const tf = oneCore(options.tf ?? defaultTf)
  const executor = options.executor ?? tfjsExecutor({ tf })
  const { format } = method
  const plan = weightPlan(layerWeights(model), format, options.layers ?? {})
  const casting: Casting = { tf, executor, format, plan }
  const paths = new Map(plan.map(({ weight, path }) => [weight.name, path]))
  const weights = () => plan.map(({ weight }) => weight.read() as defaultTf.Variable)
  const joining: Joining = { tf, executor, method, quantize: ruleOf(plan), paths, weights, options }
  const called = model as unknown as Called
  const hold = (): (() => void) => onTheGrid(casting)
  let compiled: Compiled | undefined
  const refuseOtherLayers = layerCheck(model, plan)
  const ready = (): Compiled => {
    refuseOtherLayers()
    if (compiled && called.optimizer === compiled.made.optimizer) return compiled
    throw new Error(
      compiled
        ? "quantized: expected the optimizer that its compile made, found another: the model was compiled by other hands, which trains without the method; call quantized's compile last"
        : 'quantized: expected a compiled model, found one that is not; call compile of what quantized gave',
    )
  }
  let isTraining = false
  const train = async (steps: number, run: () => Promise<unknown>): Promise<unknown> => {
    const { made } = ready()
    // Its length would become that of the run under way.
    if (isTraining)
      throw new Error(
        'quantized: expected no other training of the model, found one under way; wait until it ends',
      )
    isTraining = true
    try {
      made.planned(steps)
      return await run()
    } finally {
      isTraining = false
    }
  }
  const verbs = {
    fit: (x: Tensors, y: Tensors, args: FitArguments = {}) =>
      train(stepsOfFit(x, args), () =>
        called.fit(x, y, withQuantizedFigures(tf, called, args, hold, [x, y])),
      ),
    fitDataset: (dataset: Dataset, args: FitArguments) =>
      train(stepsOfDataset(dataset, args), () =>
        called.fitDataset(dataset, withQuantizedFigures(tf, called, args, hold)),
      ),
    trainOnBatch: (x: Tensors, y: Tensors) => train(Number.NaN, () => called.trainOnBatch(x, y)),
    evaluate: called.evaluate.bind(model),
    predict: called.predict.bind(model),
  }
  const run = (): Run => ({ tf, plan, method: method.name, made: ready().made })
  const dispose = (): void => {
    if (compiled) release(compiled)
    compiled = undefined
  }
  return Object.freeze({
    ...(verbs as unknown as Pick<M, keyof typeof verbs>),
    model,
    get optimizer() {
      return compiled?.made.optimizer
    },
    get learningRate() {
      return ready().made.learningRate
    },
    set learningRate(value: number | undefined) {
      ready().made.learningRate = value!
    },
    get lambda() {
      return ready().made.lambda
    },
    set lambda(value: number | undefined) {
      ready().made.lambda = value!
    },
    compile: (args: QuantizedCompile<M>) => {
      refuseOtherLayers()
      const kept = compiled?.args.optimizer === args.optimizer ? compiled : undefined
      const next: Compiled = kept ? { ...kept, args } : { args, ...optimizerOf(called, args, joining) }
      try {
        called.compile({ ...args, optimizer: next.made.optimizer })
      } catch (error) {
        if (!kept) release(next)
        throw error
      }
      if (!kept) dispose()
      compiled = next
    },
    report: () => modelReport(plan),
    cast: () => {
      refuseOtherLayers()
      const args = compiled?.args
      return castCopy(model, casting, (copy) => {
        // What a copy is trained by is not ours to say: a name makes an optimizer that it owns.
        if (args) (copy as unknown as Called).compile({ ...args, optimizer: 'sgd' })
      })
    },
    save: async (target, how) => {
      refuseOtherLayers()
      return saveModel({ tf, model, format, plan }, target, how)
    },
    state: async () => runBytes(run()),
    restore: async (bytes) => restoreRun(run(), bytes),
    dispose,
  } satisfies QuantizedModel<M>)
}

function release({ made, owned }: Compiled): void {
  made.optimizer.dispose()
  owned?.dispose()
}

/**
 * Make the check that no layers came or went, which are in no plan: asked at each batch, it looks for the
 * weights of layers only where these are others, or hold another number of weights.
 * @throws Error, when it is called, naming the first.
 */
function layerCheck(model: LayersModel, plan: readonly { readonly path: string }[]): () => void {
  let seen: readonly unknown[] = []
  return () => {
    const marks = layerMarks(model)
    if (marks.length === seen.length && marks.every((mark, i) => mark === seen[i])) return
    const now = layerWeights(model)
    const at = now.findIndex(({ path }, i) => path !== plan[i]?.path)
    if (at >= 0 || now.length !== plan.length)
      throw new Error(
        `quantized: expected the layers that the model had when it was given, found ${now[at < 0 ? now.length : at]?.path ?? `none at '${plan[now.length]?.path}'`}; call quantized again`,
      )
    seen = marks
  }
}

/** Make the optimizer that `compile` asks for; a name is tfjs's to read. */
function optimizerOf(
  model: Called,
  args: Compiled['args'],
  joining: Joining,
): Pick<Compiled, 'made' | 'owned'> {
  const { optimizer } = args
  if (typeof optimizer === 'string') {
    model.compile(args)
    const owned = model.optimizer
    return { made: methodOptimizer(joining, owned), owned }
  }
  const given: unknown = optimizer
  if (typeof given !== 'object' || given === null || (!isTfjs(optimizer) && !isTransformation(given)))
    throw new TypeError(
      `compile: optimizer: expected a name, an optimizer of tf.train, or one of @lotion/optim, found ${shownValue(given)}`,
    )
  return { made: methodOptimizer(joining, optimizer) }
}

function checkArguments(model: unknown, method: Method, { steps }: QuantizedOptions): void {
  if (typeof model !== 'object' || model === null || !('weights' in model) || !('layers' in model))
    throw new TypeError(
      `quantized: expected a model of tf.layers, found ${shownValue(model)}; give what tf.sequential, tf.model or tf.loadLayersModel made`,
    )
  if (!isMethod(method))
    throw new TypeError(
      `quantized: expected a method, such as lotion({ format: int4 }), found ${shownValue(method)}`,
    )
  if (method.trains)
    throw new TypeError(
      `quantized: expected a method without values beside the weights, found '${method.name}', whose weights must be clipped at the end of ` +
        'a run, which an optimizer of tfjs does not know; use qat here, or fit of @lotion/optim',
    )
  if (steps !== undefined && (!Number.isInteger(steps) || steps < 1))
    throw new RangeError(`quantized: steps: expected a positive whole number, found ${steps}`)
}
