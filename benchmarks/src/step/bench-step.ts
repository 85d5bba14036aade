// What LOTION costs in a whole training step: forward, backward and update of a traced model, in turns with AdamW's.
// Comes in: a preset and a format. Goes out: a report. Source: docs/design/04-bench.md.

import { availableParallelism } from 'node:os'
import { type BlockAxis, type GradientStep, type NumberFormat, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { onnxEngine } from '@lotion/onnx'
import { byName, createUpdater, quantizedAxes } from '@lotion/optim'
import { deviceDescription, type DeviceDescription } from '../engine/device-description.js'
import { enginePresets, type EnginePreset, type EnginePresetName } from '../engine/engine-preset.js'
import { engineWorkload, type EngineWorkload } from '../engine/engine-workload.js'
import { interleave } from '../engine/interleave.js'
import { stepTimes, type StepTimes } from '../engine/step-times.js'
import { pairedRatio, type PairedRatio } from './paired-ratio.js'
import { stepOptimizers, type StepOptimizer } from './step-optimizer.js'

export interface StepBenchOptions {
  readonly preset: EnginePresetName | EnginePreset
  readonly format: NumberFormat
  readonly rounds: number
  /** Default: all cores. */
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly log: (line: string) => void
  /** Called as steps are taken, those of the warm-up too. */
  readonly onStep?: (done: number, total: number) => void
}

/** A training step with one optimizer. */
export interface StepRow {
  readonly optimizer: string
  /** Milliseconds of the whole step, of forward and backward, of the update. */
  readonly step: StepTimes
  readonly gradients: StepTimes
  readonly update: StepTimes
  /** Optimizer state of the quantized parameters, in bytes each. */
  readonly stateBytes: number
  /** Whole steps over AdamW's of the same round; null for AdamW. */
  readonly ratio: PairedRatio | null
  /** The same from medians of the phases, forward and backward being one computation for all; null for AdamW. */
  readonly phaseRatio: number | null
  readonly met: boolean | null
}

/** What was measured where. */
export interface StepBenchReport {
  readonly preset: string
  readonly parameters: number
  readonly quantized: number
  readonly tokens: number
  readonly threads: number
  readonly format: string
  readonly runtime: string
  readonly device: DeviceDescription
  readonly rows: readonly StepRow[]
  /** Formulas that did not run as WebAssembly, and why. */
  readonly notes: readonly string[]
}

/** LOTION may cost this much more than AdamW over a step. */
export const stepTarget = 1.03

const warmup = 3
// Idle threads fall asleep before the next step.
const pauseMilliseconds = 20

/** One optimizer with weights and state of its own; the session is shared. */
interface Trainer {
  readonly name: string
  readonly stateBytes: number
  readonly gradients: number[]
  readonly update: number[]
  run(): Promise<number>
}

/** Measure. @throws if a loss is not finite, or differs at the start; the signal's reason. */
export async function benchStep(options: StepBenchOptions): Promise<StepBenchReport> {
  const { format, rounds, log, onStep, threads = availableParallelism() } = options
  const preset = typeof options.preset === 'string' ? enginePresets[options.preset] : options.preset
  const device = deviceDescription()
  const workload = engineWorkload(preset, threads)
  const executor = cpuExecutor({ threads })
  // One definition of the model for all: there is nothing to verify against.
  const engine = await onnxEngine({ threads, verifyFirstStep: false, memory: executor })
  try {
    const { model } = workload
    const axes = quantizedAxes(byName(), model.shapes)
    const session = engine.gradients(model)
    const losses: number[] = []
    const trainers = stepOptimizers(format).map((optimizer) => {
      const params = engine.allocate(model.shapes)
      for (const [name, array] of Object.entries(params)) array.set(workload.weights[name] ?? [])
      return trainerOf(optimizer, { workload, executor, session, params, axes, losses })
    })
    log(
      `${preset.name}: ${model.parameterCount} parameters, ${workload.tokens} tokens a step, ${threads} threads`,
    )
    const times = await interleave(
      trainers.map((trainer) => ({ rounds, run: () => trainer.run() })),
      {
        rounds,
        warmup,
        pause: pauseMilliseconds,
        ...(options.signal ? { signal: options.signal } : {}),
        ...(onStep ? { onStep } : {}),
      },
    )
    const first = losses.slice(0, trainers.length)
    if (new Set(first).size !== 1)
      throw new Error(`expected one loss at the start, found ${first.join(', ')}; please report it`)
    return {
      preset: preset.name,
      parameters: model.parameterCount,
      quantized: [...axes.keys()].reduce((sum, name) => sum + (workload.weights[name]?.length ?? 0), 0),
      tokens: workload.tokens,
      threads,
      format: format.name,
      runtime: `onnxruntime ${engine.version}, ${engine.binding} binding`,
      device,
      rows: rowsOf(trainers, times, rounds),
      notes: executor
        .report()
        .formulas.flatMap(({ name, backend, reason }) =>
          backend === 'wasm' ? [] : [`${name} runs as ${backend}: ${reason ?? 'no reason given'}`],
        ),
    }
  } finally {
    await engine.close()
    executor.close()
  }
}

interface TrainerParts {
  readonly workload: EngineWorkload
  readonly executor: CpuExecutor
  readonly session: GradientStep<Float32Array>
  readonly params: Tree<Float32Array>
  readonly axes: ReadonlyMap<string, BlockAxis>
  /** Receives the loss of every step. */
  readonly losses: number[]
}

function trainerOf(
  { name, transformation }: StepOptimizer,
  { workload, executor, session, params, axes, losses }: TrainerParts,
): Trainer {
  const { model, batch } = workload
  const updater = createUpdater({ transformation, shapes: model.shapes, executor })
  const state = updater.init(params)
  const [some] = axes.keys()
  const slots = Object.values(state[some ?? ''] ?? {})
  const [gradients, update]: [number[], number[]] = [[], []]
  return {
    name,
    stateBytes: slots.reduce((sum, slot) => sum + slot.byteLength, 0) / params[some ?? '']!.length,
    gradients,
    update,
    run: async () => {
      const start = performance.now()
      const result = await session.run(params, batch)
      const between = performance.now()
      updater.step(params, state, result, { step: update.length, steps: Number.MAX_SAFE_INTEGER })
      const end = performance.now()
      if (!Number.isFinite(result.loss))
        throw new RangeError(`${name}: expected a finite loss, found ${result.loss}; please report it`)
      losses.push(result.loss)
      gradients.push(between - start)
      update.push(end - between)
      return end - start
    },
  }
}

function rowsOf(
  trainers: readonly Trainer[],
  times: readonly (readonly number[])[],
  rounds: number,
): readonly StepRow[] {
  const forward = stepTimes(trainers.flatMap(({ gradients }) => gradients.slice(-rounds))).median
  const updates = trainers.map(({ update }) => stepTimes(update.slice(-rounds)))
  return trainers.map(({ name, gradients, stateBytes }, i): StepRow => {
    const ratio = i === 0 ? null : pairedRatio(times[i] ?? [], times[0] ?? [])
    return {
      optimizer: name,
      step: stepTimes(times[i] ?? []),
      gradients: stepTimes(gradients.slice(-rounds)),
      update: updates[i]!,
      stateBytes,
      ratio,
      phaseRatio: i === 0 ? null : (forward + updates[i]!.median) / (forward + updates[0]!.median),
      met: ratio && ratio.median <= stepTarget,
    }
  })
}
