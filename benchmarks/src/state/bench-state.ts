// An optimizer's steps over the whole state of a large model, in memory, without the model. Comes in: a size and a method.
// Goes out: time, memory, and whether the result is sound. Source: docs/design/07-cpu.md.

import { defineLanes, type FisherEstimator, type NumberFormat, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor, type ExecutionReport } from '@lotion/cpu'
import { adamw, byName, cage, chain, createUpdater, lotion, withMethod, type Method } from '@lotion/optim'
import { FailedCheck } from '@lotion/cli'
import { deviceDescription, type DeviceDescription } from '../engine/device-description.js'
import { stepTimes, type StepTimes } from '../engine/step-times.js'
import { stateModel, type StateModel } from './state-model.js'

/** What is stepped: AdamW alone, or a method on top of it. */
export const stateMethods = ['adamw', 'lotion', 'cage'] as const

export interface StateBenchOptions {
  readonly parameters: number
  readonly method: (typeof stateMethods)[number]
  readonly format: NumberFormat
  readonly fisher: FisherEstimator
  readonly steps: number
  readonly threads?: number | undefined
  readonly signal: AbortSignal
  /** Told how many steps are done, the one that warms up included. */
  readonly progress: (done: number) => void
}

/** What was measured where. */
export interface StateBenchReport {
  readonly model: StateModel
  readonly step: string
  readonly device: DeviceDescription
  readonly threads: number
  readonly nanosecondsPerWeight: StepTimes
  /** Bytes of weights, gradients and the optimizer's slots. */
  readonly stateBytes: number
  /** Most memory that the process ever had. */
  readonly peakBytes: number
  /** Share of the weights that the steps have changed. */
  readonly changed: number
  readonly execution: ExecutionReport
}

/** Uniforms to values in ±`scale`. */
const centre = defineLanes({
  name: 'centre',
  inputs: ['u'],
  scalars: ['scale'],
  outputs: ['u'],
  body: ({ u, scale }) => ({ u: u.sub(0.5).mul(2).mul(scale) }),
})

/** Σ |w| of all tensors, and how many weights differ from `other`. */
const compare = defineLanes({
  name: 'compare',
  inputs: ['w', 'other'],
  outputs: ['size', 'changed'],
  body: ({ w, other }) => ({
    size: w.abs().total('size'),
    changed: w.less(other, 1, other.less(w, 1, 0)).total('changed'),
  }),
})

/** Size of the weights, as trained ones have, and of the gradients. */
const SCALE = { weights: 0.035, gradients: 1e-3 } as const

/**
 * Measure. The first step, which compiles and makes the state's pages, is not counted.
 * @throws FailedCheck if weights are not finite or unchanged, if something was copied or did not run as WebAssembly, or if
 * threads had no share; the signal's reason.
 */
export async function benchState(options: StateBenchOptions): Promise<StateBenchReport> {
  const { steps, threads, signal, progress } = options
  const model = stateModel(options.parameters)
  const { shapes } = model
  const executor = cpuExecutor(threads === undefined ? {} : { threads })
  try {
    const transformation = transformationOf(options)
    const updater = createUpdater({
      transformation,
      shapes,
      executor,
    })
    const params = executor.allocate(shapes)
    fill(executor, params, SCALE.weights, 'weights', 0)
    const state = updater.init(params)
    const gradients = executor.allocate(shapes, params)
    const times: number[] = []
    for (let step = 0; step <= steps; step++) {
      fill(executor, gradients, SCALE.gradients, 'gradients', step)
      // Ctrl-C and the progress line are served between steps.
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
      const start = performance.now()
      // The gradients are drawn: they stand for those at the point where the method takes them.
      const at = { step, steps: 1000, atPoint: true }
      updater.step(params, state, { loss: 0, terms: 1024, gradients }, at)
      times.push(performance.now() - start)
      progress(step + 1)
    }
    const arrays: readonly Float32Array[] = [params, gradients, ...Object.values(state)].flatMap((tree) =>
      Object.values(tree),
    )
    // The gradients are not needed any more: their arrays take the weights of the start.
    fill(executor, gradients, SCALE.weights, 'weights', 0)
    const report = {
      model,
      step: transformation.name,
      device: deviceDescription(),
      threads: executor.report().threads,
      nanosecondsPerWeight: stepTimes(times.slice(1).map((time) => (1e6 * time) / model.parameters)),
      stateBytes: arrays.reduce((sum, array) => sum + array.byteLength, 0),
      peakBytes: 1024 * process.resourceUsage().maxRSS,
      changed: changedShare(executor, params, gradients, model.parameters),
      execution: executor.report(),
    }
    refuse(report)
    return report
  } finally {
    executor.close()
  }
}

function transformationOf({ method, format, fisher }: StateBenchOptions) {
  const optimizer = adamw({ learningRate: 1e-3, weightDecay: 0.1 })
  const quantized: Record<Exclude<typeof method, 'adamw'>, () => Method> = {
    lotion: () => lotion({ format, fisher, onWarning: () => undefined }),
    // From the first step on: by default it begins late in a run.
    cage: () => cage({ format, silence: 0 }),
  }
  return method === 'adamw' ? chain(optimizer) : withMethod(quantized[method](), optimizer, byName())
}

/** Fill arrays with values in ±scale, drawn by name and step. */
function fill(
  executor: CpuExecutor,
  arrays: Tree<Float32Array>,
  scale: number,
  stream: string,
  step: number,
): void {
  for (const [name, array] of Object.entries(arrays))
    array.set(executor.uniforms({ seed: 0, stream: `${stream} ${name}`, step }, array.length))
  executor.lanes(Object.values(arrays).map((u) => ({ fn: centre, inputs: { u, scale }, into: { u } })))
}

/** The share of weights that differ from those of the start; NaN if one is not finite. */
function changedShare(
  executor: CpuExecutor,
  params: Tree<Float32Array>,
  start: Tree<Float32Array>,
  weights: number,
): number {
  const outputs = executor.lanes(
    Object.entries(params).map(([name, w]) => ({ fn: compare, inputs: { w, other: start[name]! } })),
  )
  const { size, changed } = outputs[0]!
  return Number.isFinite(size![0]) ? changed![0]! / weights : NaN
}

function refuse({ changed, threads, execution, model }: StateBenchReport): void {
  if (!(changed > 0.99))
    throw new FailedCheck(`weights: expected finite ones, nearly all changed, found ${changed} of them`)
  const copied = execution.formulas.find((formula) => formula.copied > 0)
  if (copied)
    throw new FailedCheck(
      `${copied.name}: expected no copies, found ${copied.copied} of ${copied.calls} calls`,
    )
  const slow = execution.formulas.find(({ backend }) => backend !== 'wasm')
  if (slow) throw new FailedCheck(`${slow.name}: expected WebAssembly, found ${slow.backend}: ${slow.reason}`)
  if (threads > 1 && model.parameters > 1e7 && execution.jobs.elsewhere === 0)
    throw new FailedCheck(`threads: expected a share of the work for ${threads}, found none`)
}
