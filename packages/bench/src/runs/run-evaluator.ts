// The evaluations of a run. Comes in: losses and weights as they are at a step. Goes out: two records a step.
// Source: docs/design/04-bench.md, records.

import type { StepEvent } from '@lotion/optim'
import type { EvaluationRecord, RunLine, RunMoment, Timing } from '../records.js'
import type { CastLosses } from './cast-losses.js'
import type { JudgedPoint } from './judge.js'
import type { WeightsObserver } from './observed-weights.js'

/** Where a run stands, but for times. */
type Moment = Pick<RunMoment, 'method' | 'seed' | 'tokens'> & Pick<EvaluationRecord, 'step'>

/** Losses at an evaluation. */
type EvaluatedLosses = Omit<CastLosses, 'randomized'> & Pick<EvaluationRecord, 'randomized'>

/** What an evaluation reads. */
export interface EvaluatorParts {
  readonly moment: (step: number) => Moment
  readonly timing: () => Timing
  readonly losses: (at?: JudgedPoint) => Promise<EvaluatedLosses>
  readonly weights: WeightsObserver
  readonly tell: (record: RunLine) => Promise<void>
}

/** Of numbers those that JSON has too: records are the same whether they are told or read again. */
const finite = (numbers: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(numbers).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  )

/** Evaluates a run. */
export interface RunEvaluator {
  /** Evaluate; `training` is the mean loss since the last time, and the event that of the step, if any. */
  evaluate(training: number | null, event?: StepEvent<Float32Array>): Promise<void>
  /** Called a step before an evaluation: its weights' codes are compared with those of now. */
  remember(): void
  /** Told of the records of a run that goes on. */
  heard(record: RunLine): void
  /** The last evaluation. */
  last(): EvaluationRecord | undefined
}

/** Make the evaluator of a run. */
export function runEvaluator({ moment, timing, losses, weights, tell }: EvaluatorParts): RunEvaluator {
  let last: EvaluationRecord | undefined
  return {
    evaluate: async (training, event) => {
      const step = event?.step ?? 0
      // Before the losses are measured: times are those of training alone.
      const time = timing()
      const mean = training !== null && Number.isFinite(training) ? training : null
      last = { type: 'evaluation', ...moment(step), training: mean, ...(await losses(event)), timing: time }
      await tell(last)
      const seen = weights.look()
      // Weights that are not finite lie nowhere on a grid.
      if (!Number.isFinite(seen.distance + seen.variance)) return
      const { gradientNorm } = event ?? {}
      await tell({
        type: 'weights',
        ...moment(step),
        ...finite({ ...(await event?.measure('penalty')), ...(event ? { gradientNorm } : {}) }),
        ...seen,
        ...(step === 0 ? { parameters: weights.parameters } : {}),
        timing: time,
      })
    },
    remember: weights.remember,
    heard: (record) => {
      if (record.type === 'evaluation') last = record
    },
    last: () => last,
  }
}
