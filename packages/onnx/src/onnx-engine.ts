// Engine: a tfjs function, traced once per shape signature, run by onnxruntime. Comes in: a Program over
// tf.Tensor; weights and batches as host arrays. Goes out: loss and gradients, written in place, off the
// event loop.
// Source: docs/design/01-architecture.md (one step of training); packages/core/src/contracts.ts (Engine).

import { availableParallelism } from 'node:os'
import {
  checkForwardCall,
  checkGradientCall,
  checkLoss,
  exclusiveCalls,
  leafOf,
  shapeBook,
  wantedGradients,
  type ShapeBook,
  type ExclusiveCalls,
  type Allocator,
  type Batch,
  type Engine,
  type ForwardStep,
  type GradientResult,
  type GradientStep,
  type IdRange,
  type Program,
  type Shape,
  type Tree,
} from '@lotion/core'
import { oneOf, refuseUnknownKeys, MOST_THREADS, threadCount } from '@lotion/core/internal'
import type * as tf from '@tensorflow/tfjs-core'
import { checkFirstStep } from './check-first-step.js'
import type { KernelRule } from './kernels/kernel-rule.js'
import { openRuntime } from './runtime/open-runtime.js'
import type { Binding, Runtime } from './runtime/runtime.js'
import { sharedArrays } from './runtime/shared-arrays.js'
import { traceSettings, type TraceOptions } from './trace/trace-options.js'
import { traceForward, traceGradients } from './trace/trace-program.js'
import { openSteps } from './open-steps.js'
import { type TracedRun, type TracedStep, tracedStep } from './traced-step.js'

/** Configure the engine; every member has a default. */
export interface OnnxEngineOptions {
  /** Threads that share one operator, at most 256; default: `os.availableParallelism()`. */
  readonly threads?: number
  /**
   * 'native': C API, in place. 'node': onnxruntime-node's API, with copies. 'auto' (default): native, else
   * node with a warning.
   */
  readonly binding?: 'auto' | 'native' | 'node'
  /** Let idle threads spin during a run (default true): faster steps, busier cores. Never between runs. */
  readonly spinning?: boolean
  /** Largest constant that a traced function may hold, in bytes; default 4096. */
  readonly maxConstantBytes?: number
  /**
   * Check the first step of each shape against tfjs's cpu backend. `true`: the whole batch, or an error.
   * Default 'small': as many rows of the batch as take `CHECK_SECONDS` there, none if one row takes longer.
   */
  readonly verifyFirstStep?: boolean | 'small'
  /** Rules for further tfjs kernels, or other rules for known ones. */
  readonly kernels?: readonly KernelRule[]
  /**
   * Makes the arrays of parameters and gradients, e.g. the executor that updates them in place. Default:
   * memory of the engine's own.
   */
  readonly memory?: Allocator<Float32Array>
  /** Receive warnings; default: `process.emitWarning`. */
  readonly onWarning?: (message: string) => void
}

const optionNames: Readonly<Record<keyof OnnxEngineOptions, true>> = {
  threads: true,
  binding: true,
  spinning: true,
  maxConstantBytes: true,
  verifyFirstStep: true,
  kernels: true,
  memory: true,
  onWarning: true,
}

/**
 * Compile tfjs programs to onnxruntime; close it to free its steps' sessions. Steps and engines that are
 * dropped without that are freed when the garbage collector finds them, and those of a worker thread when it
 * ends.
 */
export interface OnnxEngine extends Engine<tf.Tensor, Float32Array> {
  /** Which binding runs: 'native' or 'node'. */
  readonly binding: Binding
  /** onnxruntime's version. */
  readonly version: string
  /** Close every step and the runtime. May be called again. */
  close(): Promise<void>
}

/**
 * Make the engine that traces tfjs functions and runs them with onnxruntime. Losses and gradients are means
 * over the terms of the batch, in f32; arrays of ids are `Int32Array`, all else `Float32Array`, row by row.
 * @throws TypeError if an option is unknown, RangeError if out of range, Error if no onnxruntime loads.
 * @example
 * ```ts
 * import type { Program } from '@lotion/core'
 * import { onnxEngine } from '@lotion/onnx'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const program: Program<tf.Tensor> = {
 *   name: 'slope',
 *   shapes: { slope: [] },
 *   loss: ({ slope }, { x, y }) => tf.mean(tf.squaredDifference(tf.mul(x!, slope!), y!)),
 *   terms: ({ x }) => x!.data.length,
 * }
 * const batch = {
 *   x: { data: Float32Array.of(1, 2, 3), shape: [3] },
 *   y: { data: Float32Array.of(2, 4, 6), shape: [3] },
 * }
 * const engine = await onnxEngine({ threads: 1 })
 * console.log(await engine.gradients(program).run(engine.allocate(program.shapes), batch))
 * await engine.close()
 * ```
 */
export async function onnxEngine(options: OnnxEngineOptions = {}): Promise<OnnxEngine> {
  refuseUnknownKeys('onnxEngine', options, optionNames)
  const onWarning = options.onWarning ?? ((message: string) => process.emitWarning(message, 'LotionWarning'))
  const threads =
    options.threads === undefined
      ? Math.min(MOST_THREADS, availableParallelism())
      : threadCount('onnxEngine threads', options.threads)
  const trace: TraceOptions = { kernels: options.kernels, maxConstantBytes: options.maxConstantBytes }
  traceSettings('onnxEngine', trace)
  const { binding = 'auto', spinning = true, verifyFirstStep = 'small' } = options
  oneOf('onnxEngine binding', binding, ['auto', 'native', 'node'])
  oneOf('onnxEngine spinning', spinning, [true, false])
  oneOf('onnxEngine verifyFirstStep', verifyFirstStep, [true, false, 'small'])
  const runtime = await openRuntime(binding, { threads, spinning }, onWarning)
  const allocate: Context['allocate'] = (shapes, near) =>
    options.memory?.allocate(shapes, near) ?? sharedArrays(shapes)
  const book = shapeBook()
  const steps = openSteps()
  let closing: Promise<void> | undefined
  const context: Context = {
    runtime,
    allocate,
    trace,
    verifyFirstStep,
    onWarning,
    own(name: string, traced: TracedStep): ExclusiveCalls {
      if (closing !== undefined) throw new Error('the onnx engine is closed; make another with onnxEngine()')
      return steps.add(exclusiveCalls(name, traced.close, traced.interrupt))
    },
  }
  return Object.freeze({
    name: `onnx-${runtime.name}`,
    binding: runtime.name,
    version: runtime.version,
    allocate(shapes: Tree<Shape>, near?: Tree<Float32Array>): Tree<Float32Array> {
      const arrays = allocate(shapes, near)
      book.declare(shapes)
      for (const [name, array] of Object.entries(arrays)) book.bind(array, shapes[name] ?? [])
      return arrays
    },
    gradients(program: Program<tf.Tensor>, of?: readonly string[]): GradientStep<Float32Array> {
      const wanted = wantedGradients(program, of)
      book.declare(program.shapes)
      return gradientStep(context, program, wanted)
    },
    forward(fn: ForwardFunction, name = fn.name || 'forward', ids = {}): ForwardStep<Float32Array> {
      return forwardStep(context, book, fn, { name, ids })
    },
    close(): Promise<void> {
      closing ??= (async () => {
        await Promise.all(steps.list().map((step) => step.close()))
        await runtime.close()
      })()
      return closing
    },
  })
}

type ForwardFunction = (params: Tree<tf.Tensor>, batch: Tree<tf.Tensor>) => Tree<tf.Tensor>

interface Context {
  readonly runtime: Runtime
  readonly allocate: (shapes: Tree<Shape>, near?: Tree<Float32Array>) => Tree<Float32Array>
  readonly trace: TraceOptions
  readonly verifyFirstStep: boolean | 'small'
  readonly onWarning: (message: string) => void
  /** Guard a step's calls, and close it with the engine. */
  own(name: string, traced: TracedStep): ExclusiveCalls
}

function gradientStep(
  context: Context,
  program: Program<tf.Tensor>,
  wanted: Tree<Shape>,
): GradientStep<Float32Array> {
  const { name, shapes } = program
  const { onWarning } = context
  const of = Object.keys(wanted)
  const another = (): TracedStep =>
    tracedStep(
      name,
      context,
      (_, batch) => traceGradients(program, batch, context.trace, of),
      onWarning,
      program.ids,
    )
  const traced = another()
  const calls = context.own(name, traced)
  const untouched = new Map<string, Float32Array>()
  const zeros = (parameter: string, shape: Shape, near: Tree<Float32Array>): Float32Array => {
    const array =
      untouched.get(parameter) ?? leafOf(context.allocate({ [parameter]: shape }, near), parameter, 'memory')
    untouched.set(parameter, array)
    return array.fill(0)
  }
  const resultOf = (
    { outputs: [loss, ...found] }: TracedRun,
    params: Tree<Float32Array>,
    batch: Batch,
  ): GradientResult<Float32Array> => {
    const byName = new Map(found.map(([port, values]) => [port.key, values]))
    const gradients = Object.fromEntries(
      Object.entries(wanted).map(([key, shape]) => [key, byName.get(key) ?? zeros(key, shape, params)]),
    )
    return { loss: loss?.[1][0] ?? Number.NaN, terms: program.terms(batch), gradients }
  }
  const evaluate = async (
    params: Tree<Float32Array>,
    batch: Batch,
  ): Promise<GradientResult<Float32Array>> => {
    checkGradientCall(program, params, batch)
    const run = await traced.run(shapes, params, batch)
    const result = resultOf(run, params, batch)
    checkLoss(program, result.loss)
    if (run.fresh && context.verifyFirstStep !== false) {
      const first = { program, of, params, batch, run, result, step: traced, another, resultOf, onWarning }
      await checkFirstStep(first, context.verifyFirstStep)
    }
    return result
  }
  return Object.freeze({
    name,
    delivers: [],
    run: (params: Tree<Float32Array>, batch: Batch) => calls.run(() => evaluate(params, batch)),
    close: calls.close,
  })
}

function forwardStep(
  context: Context,
  book: ShapeBook,
  fn: ForwardFunction,
  { name, ids }: { readonly name: string; readonly ids: Tree<IdRange> },
): ForwardStep<Float32Array> {
  const traced = tracedStep(
    name,
    context,
    (shapes, batch) => traceForward(name, fn, shapes, batch, context.trace),
    context.onWarning,
    ids,
  )
  const calls = context.own(name, traced)
  const evaluate = async (params: Tree<Float32Array>, batch: Batch): Promise<Tree<Float32Array>> => {
    const shapes = book.shapesOf(params)
    checkForwardCall(shapes, params, batch, ids)
    const { outputs } = await traced.run(shapes, params, batch)
    return Object.fromEntries(outputs.map(([port, values]) => [port.key, values]))
  }
  return Object.freeze({
    name,
    run: (params: Tree<Float32Array>, batch: Batch) => calls.run(() => evaluate(params, batch)),
    close: calls.close,
  })
}
