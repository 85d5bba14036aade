// Whole training steps of a checkpoint: LOTION on the traced engine in turns with AdamW in PyTorch. Comes in:
// a file, extents, who takes part. Goes out: a report of times and of memory.
// Source: docs/design/12-speed-tests.md.

import { rate } from '@lotion/cli/internal'
import { byName, quantizedAxes } from '@lotion/optim'
import { sizeOf } from '@lotion/core'
import { compare } from '../harness/compare.js'
import type { BenchContext } from '../harness/competitor.js'
import { tableOf, type BenchReport, type Column } from '../harness/report.js'
import { milliseconds, withRange, type PairedRatio, type Times } from '../harness/times.js'
import { ifAsked } from '../harness/torch-competitor.js'
import { ours, torchSide, type TrainingSide } from './sides.js'
import { trainingSubject, type TrainingOptions } from './training-subject.js'

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
}

/** Whom LOTION is compared with. */
export const trainersBeside = (withTorch: boolean): readonly TrainingSide[] => [ifAsked(torchSide, withTorch)]

/** How far losses at the start may be apart, relatively: f32 over some hundred layers of sums. */
const AGREEMENT = 1e-5

/** Compare. @throws Error if the sides' losses at the start differ; the signal's reason. */
export async function compareTraining(
  {
    rounds,
    competitors,
    ...options
  }: TrainingOptions & {
    readonly rounds: number
    readonly competitors: readonly TrainingSide[]
  },
  context: BenchContext,
): Promise<BenchReport<TrainingRow>> {
  const subject = await trainingSubject(options)
  try {
    const { model, batch, threads, peaks } = subject
    const tokens = batch * options.context
    const found = await compare(
      {
        subject,
        competitors: [ours, ...competitors],
        agree: (loss: number, expected: number, { what }) => {
          const distance = Math.abs(loss / expected - 1)
          context.log(`${what}: loss ${loss.toFixed(6)}, expected ${expected.toFixed(6)}`)
          if (distance <= AGREEMENT) return distance
          throw new Error(
            `${what}: expected the loss ${expected} at the start, found ${loss}: it computes another model`,
          )
        },
        rounds,
        warmup: 1,
        // Idle threads of the last side fall asleep.
        pause: 60,
      },
      context,
    )
    const rows = found.measured.map(({ name, variant, milliseconds, ratio }): TrainingRow => ({
      engine: name,
      optimizer: variant,
      milliseconds,
      tokensPerSecond: (tokens / milliseconds.median) * 1000,
      ratio,
      peakBytes: peaks.get(name)!,
    }))
    const axes = quantizedAxes(byName(), model.shapes)
    const quantized = [...axes.keys()].reduce((sum, name) => sum + sizeOf(model.shapes[name]!), 0)
    const { parameterCount: parameters } = model
    return {
      title: `${rate(parameters)} parameters, ${rate(quantized)} of them quantized, ${batch} × ${options.context} tokens a step, ${threads} threads, ${rounds} steps`,
      device: found.device,
      rows,
      tables: [tableOf(rows, columns)],
      notes: [
        'one whole step each a round, in turns; ratios of the same round. Memory: the most that was resident of the process at once (PyTorch also holds',
        'the weights that it began with).',
        ...found.versions,
      ],
      absent: found.absent,
      nameKey: 'engine',
      shared: { parameters, quantized, tokens, threads, rounds, format: options.format.name },
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
