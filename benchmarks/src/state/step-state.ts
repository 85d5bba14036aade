// An optimizer's steps over the whole state of a large model, in memory, without the model. Comes in: a size
// and a method. Goes out: a report, after a check that the result is sound. Source: docs/design/07-cpu.md.

import { rate } from '@lotion/cli/internal'
import { defineLanes, type FisherEstimator, type NumberFormat, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor, type ExecutionReport } from '@lotion/cpu'
import { adamw, byName, cage, chain, createUpdater, lotion, withMethod, type Method } from '@lotion/optim'
import { compare } from '../harness/compare.js'
import type { BenchContext, Competitor, CompetitorDefinition } from '../harness/competitor.js'
import type { BenchReport } from '../harness/report.js'
import { timesOf, type Times } from '../harness/times.js'
import { stateModel, type StateModel } from './state-model.js'
import type { stateMethods } from './workload.js'

export interface StateOptions {
  readonly parameters: number
  readonly method: (typeof stateMethods)[number]
  readonly format: NumberFormat
  readonly fisher: FisherEstimator
  readonly steps: number
  readonly threads: number
}

/** What was measured. */
export interface StateRow {
  readonly model: Omit<StateModel, 'shapes'> & { readonly tensors: number }
  readonly step: string
  readonly threads: number
  readonly nanosecondsPerWeight: Times
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
const difference = defineLanes({
  name: 'compare',
  inputs: ['w', 'other'],
  outputs: ['size', 'changed'],
  body: ({ w, other }) => ({
    size: w.abs().total('size'),
    changed: w.less(other, 1, other.less(w, 1, 0)).total('changed'),
  }),
})

/** Size of the weights, as trained ones have, and of the gradients. */
const typicalScale = { weights: 0.035, gradients: 1e-3 } as const

/**
 * Measure. The first step, which compiles and makes the state's pages, is not counted. The report fails if
 * weights are not finite or unchanged, if something was copied or did not run as WebAssembly, or if threads
 * had no share. @throws the signal's reason.
 */
export async function stepState(
  options: StateOptions,
  context: BenchContext,
): Promise<BenchReport<StateRow>> {
  const executor = cpuExecutor({ threads: options.threads })
  try {
    const { shapes, ...model } = stateModel(options.parameters)
    const transformation = transformationOf(options)
    const updater = createUpdater({ transformation, shapes, executor })
    const params = executor.allocate(shapes)
    fill(executor, params, typicalScale.weights, 'weights', 0)
    const state = updater.init(params)
    const gradients = executor.allocate(shapes, params)
    let step = 0
    const run = async (): Promise<number> => {
      fill(executor, gradients, typicalScale.gradients, 'gradients', step)
      const start = performance.now()
      // The gradients are drawn: they stand for those at the point where the method takes them.
      const at = { step: step++, steps: 1000, atPoint: true }
      updater.step(params, state, { loss: 0, terms: 1024, gradients }, at)
      return performance.now() - start
    }
    const alone: CompetitorDefinition<undefined, Competitor<never>> = {
      name: transformation.name,
      open: async () => ({ tasks: [{ task: 'state', threads: options.threads, run }] }),
    }
    const { device, measured } = await compare(
      {
        subject: undefined,
        competitors: [alone],
        agree: () => null,
        rounds: options.steps,
        warmup: 1,
        pause: 0,
      },
      context,
    )
    const trees: readonly Tree<Float32Array>[] = [params, gradients, ...Object.values(state)]
    const arrays = trees.flatMap((tree) => Object.values(tree))
    // The gradients are not needed any more: their arrays take the weights of the start.
    fill(executor, gradients, typicalScale.weights, 'weights', 0)
    const row: StateRow = {
      model: { ...model, tensors: Object.keys(shapes).length },
      step: transformation.name,
      threads: executor.report().threads,
      nanosecondsPerWeight: timesOf(measured[0]!.milliseconds.values, 1e6 / model.parameters),
      stateBytes: arrays.reduce((sum, array) => sum + array.byteLength, 0),
      peakBytes: 1024 * process.resourceUsage().maxRSS,
      changed: changedShare(executor, params, gradients, model.parameters),
      execution: executor.report(),
    }
    const failed = faultOf(row)
    return {
      title: titleOf(row),
      device,
      rows: [row],
      tables: [],
      notes: linesOf(row),
      shared: {},
      ...(failed === undefined ? {} : { failed }),
    }
  } finally {
    executor.close()
  }
}

function transformationOf({ method, format, fisher }: StateOptions) {
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
    Object.entries(params).map(([name, w]) => ({ fn: difference, inputs: { w, other: start[name]! } })),
  )
  const { size, changed } = outputs[0]!
  return Number.isFinite(size![0]) ? changed![0]! / weights : NaN
}

/** What does not hold, if anything. */
function faultOf({ changed, threads, execution, model }: StateRow): string | undefined {
  if (!(changed > 0.99)) return `weights: expected finite ones, nearly all changed, found ${changed} of them`
  const copied = execution.formulas.find((formula) => formula.copied > 0)
  if (copied) return `${copied.name}: expected no copies, found ${copied.copied} of ${copied.calls} calls`
  const slow = execution.formulas.find(({ backend }) => backend !== 'wasm')
  if (slow) return `${slow.name}: expected WebAssembly, found ${slow.backend}: ${slow.reason}`
  if (threads > 1 && model.parameters > 1e7 && execution.jobs.elsewhere === 0)
    return `threads: expected a share of the work for ${threads}, found none`
  return undefined
}

const titleOf = ({ step, model }: StateRow): string =>
  `${step} over the state of a decoder: ${rate(model.parameters)} parameters in ${model.tensors} tensors ` +
  `(width ${model.dimension}, ${model.layers} layers, vocabulary ${model.vocabulary})`

function linesOf(row: StateRow): readonly string[] {
  const { model, threads, nanosecondsPerWeight, stateBytes, peakBytes, execution, changed } = row
  const { median, min, max, values } = nanosecondsPerWeight
  return [
    `a step       ${((median * model.parameters) / 1e9).toFixed(3)} s on ${threads} ${threads === 1 ? 'thread' : 'threads'}: ` +
      `${median.toFixed(2)} ns a weight (${min.toFixed(2)} … ${max.toFixed(2)}, ${values.length} steps)`,
    `state        ${(stateBytes / 1e9).toFixed(2)} GB: weights, gradients, slots; in ${execution.memories} WebAssembly memories`,
    `peak memory  ${(peakBytes / 2 ** 30).toFixed(2)} GiB of the process`,
    `checked      finite; ${(100 * changed).toFixed(1)} % of the weights changed; all in WebAssembly, nothing copied`,
  ]
}
