// Whole training steps of a checkpoint: LOTION on the traced engine in turns with LOTION and with AdamW in
// PyTorch. Comes in: a file or a subject, who takes part. Goes out: a report of times and of memory.
// Source: docs/design/12-speed-tests.md.

import { rate } from '@lotion/cli/internal'
import { byName, quantizedAxes } from '@lotion/optim'
import { sizeOf } from '@lotion/core'
import { compare } from '../harness/compare.js'
import type { BenchContext } from '../harness/competitor.js'
import { tableOf, type BenchReport, type Column } from '../harness/report.js'
import { milliseconds, withRange, type PairedRatio, type Times } from '../harness/times.js'
import { ifAsked } from '../harness/torch-competitor.js'
import { ours, sideName, torchSide, type Training, type TrainingSide } from './sides.js'
import type { TrainingSubject } from './training-subject.js'

/** One side's steps. */
export interface TrainingRow {
  readonly engine: string
  readonly optimizer: string
  readonly milliseconds: Times
  readonly tokensPerSecond: number
  /** Its times over ours of the same rounds, with quartiles: above 1 it is slower. Null for ours. */
  readonly ratio: PairedRatio | null
  /** Most bytes of its process that were resident at once. */
  readonly peakBytes: number
  /** Largest relative distance of the losses that were compared with ours; null for ours. */
  readonly agreement: number | null
}

/** Whom LOTION is compared with: itself, and what trains without it. */
export const trainersBeside = (withTorch: boolean): readonly TrainingSide[] =>
  withTorch ? [torchSide('lotion'), torchSide('adamw', 1)] : [ifAsked(torchSide('lotion'), false)]

/** How far losses of the same step may be apart, relatively: f32 over some hundred layers of sums. */
const AGREEMENT = 1e-5

/** Compare. @throws Error if the sides' losses differ; the signal's reason. */
export async function compareTraining(
  subject: TrainingSubject,
  {
    training = 'lotion',
    rounds,
    competitors,
  }: {
    /** Our side's. Default: LOTION. */
    readonly training?: Training
    readonly rounds: number
    readonly competitors: readonly TrainingSide[]
  },
  context: BenchContext,
): Promise<BenchReport<TrainingRow>> {
  try {
    const { model, batch, threads, peaks } = subject
    const tokens = batch * subject.context
    const found = await compare(
      {
        subject,
        competitors: [ours(training), ...competitors],
        agree: (losses: readonly number[], expected: readonly number[], { what }) => {
          const distances = losses.map((loss, i) => Math.abs(loss / expected[i]! - 1))
          const told = losses.map((loss, i) => `${loss.toFixed(6)}, expected ${expected[i]!.toFixed(6)}`)
          context.log(`${what}: losses ${told.join('; ')}`)
          const far = distances.findIndex((distance) => !(distance <= AGREEMENT))
          if (far < 0) return Math.max(...distances)
          throw new Error(
            `${what}: expected the loss ${expected[far]} before update ${far + 1}, found ${losses[far]}: ` +
              (far > 0 ? 'it trains otherwise' : 'it computes another model'),
          )
        },
        rounds,
        warmup: 1,
        // Idle threads of the last side fall asleep.
        pause: 60,
      },
      context,
    )
    const rows = found.measured.map(({ name, variant, milliseconds, ratio, agreement }): TrainingRow => ({
      engine: name,
      optimizer: variant,
      milliseconds,
      tokensPerSecond: (tokens / milliseconds.median) * 1000,
      ratio,
      peakBytes: peaks.get(sideName(name, variant))!,
      agreement,
    }))
    const axes = quantizedAxes(byName(), model.shapes)
    const quantized = [...axes.keys()].reduce((sum, name) => sum + sizeOf(model.shapes[name]!), 0)
    const { parameterCount: parameters } = model
    return {
      title: `${rate(parameters)} parameters, ${rate(quantized)} of them quantized, ${batch} × ${subject.context} tokens a step, ${threads} threads, ${rounds} steps`,
      device: found.device,
      rows,
      tables: [tableOf(rows, columns)],
      notes: [
        'one whole step each a round, in turns; ratios of the same round. Memory: the most that was resident of the process at once.',
        'LOTION: Fisher of its own. The same training has the same losses before the first updates.',
        ...found.versions,
      ],
      absent: found.absent,
      nameKey: 'engine',
      shared: { parameters, quantized, tokens, threads, rounds, format: subject.format.name },
    }
  } finally {
    await subject.close()
  }
}

const columns: readonly Column<TrainingRow>[] = [
  ['engine', ({ engine }) => engine],
  ['optimizer', ({ optimizer }) => optimizer, 'left'],
  ['ms/step: median (min … max)', (row) => withRange(row.milliseconds, milliseconds)],
  ['tokens/s', ({ tokensPerSecond }) => tokensPerSecond.toFixed(1)],
  [
    'time over ours (quartiles)',
    ({ ratio }) =>
      ratio ? `${ratio.median.toFixed(2)} × (${ratio.low.toFixed(2)} … ${ratio.high.toFixed(2)})` : '',
  ],
  ['peak memory, GB', ({ peakBytes }) => (peakBytes / 1e9).toFixed(2)],
]
