// What LOTION costs in a whole training step: forward, backward and update of a traced model, in turns with
// AdamW's. Comes in: a preset and a format. Goes out: a report. Source: docs/design/12-speed-tests.md.

import { rate } from '@lotion/cli/internal'
import type { NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { onnxEngine } from '@lotion/onnx'
import { byName, quantizedAxes } from '@lotion/optim'
import { engineSubject } from '../engine/engine-subject.js'
import type { EnginePreset } from '../engine/preset.js'
import { compare, type Measured } from '../harness/compare.js'
import type { BenchContext } from '../harness/competitor.js'
import { tableOf, type BenchReport, type Column } from '../harness/report.js'
import { milliseconds, timesOf } from '../harness/times.js'
import { optimizers, type OptimizerAtWork } from './optimizer.js'

export interface StepComparison {
  readonly preset: EnginePreset
  readonly format: NumberFormat
  readonly rounds: number
  readonly threads: number
}

/** A training step with one optimizer; milliseconds. */
export type StepRow = ReturnType<typeof rowsOf>[number]

/** LOTION may cost this much more than AdamW over a step. */
const STEP_TARGET = 1.03

/** Compare. @throws if a loss is not finite, or differs at the start; the signal's reason. */
export async function compareSteps(
  { preset, format, rounds, threads }: StepComparison,
  context: BenchContext,
): Promise<BenchReport<StepRow>> {
  const shared = engineSubject(preset, threads)
  const { model, tokens, weights } = shared
  const executor = cpuExecutor({ threads })
  // One definition of the model for all: there is nothing to verify against.
  const engine = await onnxEngine({ threads, verifyFirstStep: false, memory: executor })
  try {
    const axes = quantizedAxes(byName(), model.shapes)
    const found = await compare(
      {
        subject: { ...shared, runtime: { engine, executor, session: engine.gradients(model) }, axes },
        competitors: optimizers(format),
        agree: (loss, expected, { what }) => {
          if (Object.is(loss, expected)) return null
          throw new Error(
            `${what}: expected the loss ${expected} at the start, found ${loss}; please report it`,
          )
        },
        rounds,
        warmup: 3,
        // Idle threads fall asleep before the next step.
        pause: 20,
      },
      context,
    )
    const rows = rowsOf(found.measured, rounds)
    const runtime = `onnxruntime ${engine.version}, ${engine.binding} binding`
    const quantized = [...axes.keys()].reduce((sum, name) => sum + (weights[name]?.length ?? 0), 0)
    const parameters = model.parameterCount
    const notes = executor
      .report()
      .formulas.flatMap(({ name, backend, reason }) =>
        backend === 'wasm' ? [] : [`${name} runs as ${backend}: ${reason ?? 'no reason given'}`],
      )
    return {
      title: `${preset.name}: Llama-style decoder, ${rate(parameters)} parameters, ${rate(quantized)} of them quantized, ${tokens} tokens a step, ${threads} threads`,
      device: found.device,
      facts: [runtime],
      rows,
      tables: [tableOf(rows, columns)],
      notes: [
        'medians; one step each a round, in turns; ratios of whole steps of the same round. By phases: the median of all forward and backward',
        'passes, which are one computation, plus the median update. State: of the quantized weights.',
        ...notes,
      ],
      shared: {
        target: STEP_TARGET,
        preset: preset.name,
        parameters,
        quantized,
        tokens,
        threads,
        format: format.name,
        runtime,
        notes,
      },
    }
  } finally {
    await engine.close()
    executor.close()
  }
}

function rowsOf(measured: readonly Measured<OptimizerAtWork, null>[], rounds: number) {
  const last = (phase: readonly number[]): readonly number[] => phase.slice(-rounds)
  const forward = timesOf(measured.flatMap(({ competitor }) => last(competitor.gradients))).median
  const updates = measured.map(({ competitor }) => timesOf(last(competitor.update)))
  return measured.map(({ name, competitor, milliseconds, ratio }, i) => {
    const { gradients, stateBytes } = competitor
    return {
      optimizer: name,
      step: milliseconds,
      gradients: timesOf(last(gradients)),
      update: updates[i]!,
      // Optimizer state of the quantized parameters, in bytes each.
      stateBytes,
      // Whole steps over AdamW's of the same round; then from medians of the phases, of which the first is
      // one computation for all.
      ratio,
      phaseRatio: i === 0 ? null : (forward + updates[i]!.median) / (forward + updates[0]!.median),
      met: ratio && ratio.median <= STEP_TARGET,
    }
  })
}

const times = (value: number): string => value.toFixed(3)

const columns: readonly Column<StepRow>[] = [
  ['step with', ({ optimizer }) => optimizer],
  ['forward + backward, ms', ({ gradients }) => milliseconds(gradients.median)],
  ['update, ms', ({ update }) => milliseconds(update.median)],
  ['step, ms', ({ step }) => milliseconds(step.median)],
  [
    'of AdamW (quartiles)',
    ({ ratio }) => (ratio ? `${times(ratio.median)} × (${times(ratio.low)} … ${times(ratio.high)})` : ''),
  ],
  ['by phases', ({ phaseRatio }) => (phaseRatio === null ? '' : `${times(phaseRatio)} ×`)],
  [`≤ ${STEP_TARGET} ×`, ({ met }) => (met === null ? '' : met ? 'met' : 'NOT MET')],
  ['state, B a weight', ({ stateBytes }) => String(Number(stateBytes.toFixed(2)))],
]
