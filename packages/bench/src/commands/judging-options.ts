// Options that say when weights are judged and which are taken at the end. Comes in: words. Goes out: plain
// data of a comparison.
// Source: docs/design/04-bench.md, "Which weights are taken".

import {
  flag,
  maybe,
  realNumber,
  UsageError,
  wholeNumber,
  type CliOptions,
  type OptionValues,
} from '@lotion/cli'
import type { RunSettings } from '../runs/run-job.js'

/** Evaluations of a run with records. */
const EVALUATIONS = 10

/** When a run is judged, and which of its weights are taken. */
export const judgingOptions = {
  evalEvery: {
    flags: '--eval-every <steps>',
    description: `steps between two evaluations: full precision, nearest cast, one randomized (default: ${EVALUATIONS} a run)`,
    schema: maybe(wholeNumber({ min: 1, max: 1e9 })),
  },
  keepBest: {
    flags: '--keep-best',
    description: 'take the weights with the lowest loss after the cast among the evaluations, not the last',
    schema: flag,
  },
  patience: {
    flags: '--patience <n>',
    description: 'end after so many evaluations without a lower loss after the cast; takes the best weights',
    schema: maybe(wholeNumber({ min: 1, max: 1e6 })),
  },
  minDelta: {
    flags: '--min-delta <loss>',
    description: 'with --patience: a loss is lower only by more than this (default: 0)',
    schema: maybe(realNumber({ min: 0 })),
  },
  ema: {
    flags: '--ema <decay>',
    description:
      'judge and take averages of the weights, each step counting 1 - decay: 0.999 is about 1000 steps',
    schema: maybe(realNumber({ above: 0, max: 0.999999 })),
  },
} as const satisfies CliOptions

/** What the options say. @throws UsageError for what does not go together. */
export function judgingOf(
  { evalEvery, keepBest, patience, minDelta, ema }: OptionValues<typeof judgingOptions>,
  { steps, isKept }: { readonly steps: number; readonly isKept: boolean },
): Pick<RunSettings, 'evaluations' | 'evaluateEvery' | 'keepBest' | 'patience' | 'minDelta' | 'ema'> {
  if (minDelta !== undefined && patience === undefined)
    throw new UsageError(
      `min-delta: expected --patience, which it is for, found ${minDelta} without it; give both`,
    )
  if (evalEvery !== undefined && evalEvery > steps)
    throw new UsageError(
      `eval-every: expected at most the ${steps} steps of the run, found ${evalEvery}; give fewer, or leave it out`,
    )
  const isAsked = isKept || keepBest || patience !== undefined
  return {
    evaluations: evalEvery ? Math.ceil(steps / evalEvery) : isAsked ? Math.min(EVALUATIONS, steps) : 0,
    ...(evalEvery === undefined ? {} : { evaluateEvery: evalEvery }),
    // Whoever stops when it gets no better wants what was better.
    ...(keepBest || patience !== undefined ? { keepBest: true } : {}),
    ...(patience === undefined ? {} : { patience }),
    ...(minDelta === undefined ? {} : { minDelta }),
    ...(ema === undefined ? {} : { ema }),
  }
}
