// Engines on one training step: the same decoder, weights and batch. Comes in: a preset and who takes part.
// Goes out: a report with the fastest form of each. Source: docs/design/12-speed-tests.md.

import { rate } from '@lotion/cli/internal'
import { compare, type Measured } from '../harness/compare.js'
import type { BenchContext, Competitor, CompetitorDefinition } from '../harness/competitor.js'
import { tableOf, type BenchReport, type Column } from '../harness/report.js'
import { milliseconds, withRange } from '../harness/times.js'
import { ifAsked } from '../harness/torch-competitor.js'
import { engineSubject, type EngineSubject, type StepOutcome } from './engine-subject.js'
import type { EnginePreset } from './preset.js'
import { checkAgreement, type StepAgreement } from './step-agreement.js'
import { tfjsWasm } from './tfjs-wasm.js'
import { torch } from './torch.js'
import { traced } from './traced.js'

/** An engine that may take part. */
export type EngineDefinition = CompetitorDefinition<EngineSubject, Competitor<StepOutcome>>

export interface EngineComparison {
  readonly preset: EnginePreset
  readonly rounds: number
  readonly threads: number
  /** Whom the traced engine is compared with. */
  readonly competitors: readonly EngineDefinition[]
}

/** One engine's times for one kind of step, by the fastest of its forms. */
export type EngineRow = ReturnType<typeof rowsOf>[number]

const stepNames: Readonly<Record<string, string>> = {
  gradients: 'forward + backward',
  adamw: 'forward + backward + AdamW',
}

/** Whom the traced engine is compared with: one line a competitor. */
export const enginesBeside = (withTorch: boolean): readonly EngineDefinition[] => [
  ifAsked(torch, withTorch),
  ...tfjsWasm,
]

/** Compare. @throws Error if engines disagree; the signal's reason. */
export async function compareEngines(
  { preset, rounds, threads, competitors }: EngineComparison,
  context: BenchContext,
): Promise<BenchReport<EngineRow>> {
  const subject = engineSubject(preset, threads)
  const { tokens, model } = subject
  const found = await compare(
    {
      subject,
      competitors: [traced, ...competitors],
      agree: (outcome: StepOutcome, reference, { what }) => {
        const agreement = checkAgreement(what, outcome, reference)
        const distance = `tensors agree to ${agreement.tensors.toExponential(1)} (${agreement.worst})`
        context.log(`${what}: loss ${outcome.loss.toFixed(6)}, ${distance}`)
        return agreement
      },
      rounds,
      warmup: 3,
      // Idle OpenMP threads of PyTorch spin for some milliseconds; after this all cores are free for the next
      // engine.
      pause: 60,
    },
    context,
  )
  const rows = rowsOf(found.measured, tokens)
  return {
    title: `${preset.name}: Llama-style decoder, ${rate(model.parameterCount)} parameters, ${tokens} tokens a step; one step each a round, in turns`,
    device: found.device,
    rows,
    tables: [tableOf(rows, columns, ({ agreement }) => agreement === null)],
    notes: found.versions,
    absent: found.absent,
    nameKey: 'engine',
    shared: { preset: preset.name, parameters: model.parameterCount, tokens },
  }
}

/** Reduce the forms of each engine to the fastest. */
function rowsOf(measured: readonly Measured<Competitor<StepOutcome>, StepAgreement>[], tokens: number) {
  const keyOf = ({ task, name }: (typeof measured)[number]): string => `${task} ${name}`
  return [...new Set(measured.map(keyOf))].map((key) => {
    const forms = measured.filter((one) => keyOf(one) === key)
    const [fastest, ...rest] = forms.toSorted((a, b) => a.milliseconds.median - b.milliseconds.median)
    const { name, competitor, task, variant, threads, milliseconds, agreement, ratio } = fastest!
    const traced = measured.find((one) => one.task === task)!.milliseconds.median
    return {
      engine: name,
      version: competitor.version ?? '',
      threads,
      step: task,
      // The fastest form in which the engine takes this step; '' if there is but one.
      variant,
      milliseconds,
      tokensPerSecond: (tokens / milliseconds.median) * 1000,
      // Over the traced engine's: of medians, and round by round.
      tracedSpeedup: milliseconds.median / traced,
      paired: ratio,
      agreement,
      // Medians of the other forms.
      slower: Object.fromEntries(rest.map((form) => [form.variant, form.milliseconds.median])),
    }
  })
}

const columns: readonly Column<EngineRow>[] = [
  ['engine', ({ engine, variant }) => [engine, variant].filter(Boolean).join(', ')],
  ['step', ({ step }) => stepNames[step] ?? step, 'left'],
  ['threads', ({ threads }) => `${threads}`],
  ['ms/step: median (min … max)', (row) => withRange(row.milliseconds, milliseconds)],
  ['tokens/s', ({ tokensPerSecond }) => rate(tokensPerSecond)],
  ['traced is', ({ tracedSpeedup }) => `${tracedSpeedup.toFixed(2)} ×`],
]
