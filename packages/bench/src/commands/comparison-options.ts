// Options that every `run` command has. Comes in: a task's defaults. Goes out: options, and the comparison they describe.
// Source: docs/design/04-bench.md.

import { availableParallelism } from 'node:os'
import { blockName } from '@lotion/core'
import { tuningOffset } from '../tasks/tune.js'
import { fisherNames, methodNames } from '../tasks/method-choice.js'
import type { Comparison } from '../tasks/comparison.js'
import type { TaskChoice } from '../tasks/run-job.js'
import {
  blockOption,
  type CliOptions,
  flag,
  formatOption,
  formatWith,
  listOf,
  maybe,
  oneOf,
  type OptionValues,
  realNumber,
  UsageError,
  wholeNumber,
} from '@lotion/cli'

/** Largest dimension of a rotated problem: its matrix is dense and its rotation costs d³. */
const densest = 4096

/** Options of the problem that all tasks share. */
export function problemOptions(defaults: {
  readonly dimension: number
  readonly spectrum: number
  readonly hessian: string
  readonly steps: number
  readonly learningRate: number
}) {
  return {
    dimension: {
      flags: '--dimension <n>',
      description: 'number of inputs d',
      schema: wholeNumber({ min: 2, max: 2 ** 20 }),
      default: String(defaults.dimension),
    },
    spectrum: {
      flags: '--spectrum <exponent>',
      description: 'eigenvalues of the Hessian are i^−exponent',
      schema: realNumber({ min: 0, max: 10 }),
      default: String(defaults.spectrum),
    },
    hessian: {
      flags: '--hessian <kind>',
      description: 'rotated (a random basis) or diagonal',
      schema: oneOf(['rotated', 'diagonal']),
      default: defaults.hessian,
    },
    steps: {
      flags: '--steps <n>',
      description: 'training steps; the learning rate goes to 0 over them',
      schema: wholeNumber({ min: 1, max: 1e9 }),
      default: String(defaults.steps),
    },
    lr: {
      flags: '--lr <rate>',
      description: `learning rate at the start (default: ${defaults.learningRate})`,
      schema: maybe(realNumber({ above: 0 })),
    },
  } as const satisfies CliOptions
}

/** Options of the comparison itself. */
export const comparisonOptions = {
  format: formatOption('int4'),
  block: blockOption,
  methods: {
    flags: '--methods <names>',
    description: 'methods to compare',
    schema: listOf(methodNames),
    default: methodNames.join(','),
  },
  seeds: {
    flags: '--seeds <n>',
    description: 'how many seeds each method is run on',
    schema: wholeNumber({ min: 1, max: tuningOffset }),
    default: '10',
  },
  seed: {
    flags: '--seed <n>',
    description: 'the first seed',
    schema: wholeNumber({ min: 0, max: 2 ** 52 }),
    default: '0',
  },
  casts: {
    flags: '--casts <n>',
    description: 'randomized roundings averaged for each seed',
    schema: wholeNumber({ min: 1, max: 1e6 }),
    default: '16',
  },
  lambda: {
    flags: '--lambda <strength>',
    description: 'strength of LOTION’s penalty at the end of the run (default: 1)',
    schema: maybe(realNumber({ min: 0 })),
  },
  cageLambda: {
    flags: '--cage-lambda <strength>',
    description: 'strength of CAGE’s pull at the end of the run (default: 1)',
    schema: maybe(realNumber({ min: 0 })),
  },
  fisher: {
    flags: '--fisher <kind>',
    description: 'LOTION’s curvature: exact, or empirical (squared gradients)',
    schema: oneOf(fisherNames),
    default: 'exact',
  },
  scaleGradient: {
    flags: '--no-scale-gradient',
    description: 'hold the block’s scale when LOTION’s penalty is differentiated',
    schema: flag,
  },
  tune: {
    flags: '--tune',
    description: 'choose learning rate and strength of each method on 5 other seeds',
    schema: flag,
  },
  workers: {
    flags: '--workers <n>',
    description: 'processes; the results do not depend on it (default: one a processor)',
    schema: maybe(wholeNumber({ min: 1, max: 256 })),
  },
  json: {
    flags: '--json',
    description: 'print one line of JSON a method on standard output, and nothing else there',
    schema: flag,
  },
} as const satisfies CliOptions

/** Values of the options of a comparison. */
export type ComparisonValues = OptionValues<typeof comparisonOptions> &
  OptionValues<ReturnType<typeof problemOptions>>

/** Check what no option can check alone. @throws UsageError */
export function refuseContradictions(values: ComparisonValues): void {
  if (values.hessian === 'rotated' && values.dimension > densest) {
    throw new UsageError(
      `dimension: expected at most ${densest} with a rotated Hessian, found ${values.dimension}; use --hessian diagonal`,
    )
  }
  for (const name of ['lr', 'lambda', 'cageLambda'] as const) {
    if (values.tune && values[name] !== undefined) {
      const option = name === 'cageLambda' ? 'cage-lambda' : name
      throw new UsageError(`${option}: --tune chooses it, found ${values[name]}; leave out one of the two`)
    }
  }
}

/** The comparison that checked values describe. */
export function comparisonOf(task: TaskChoice, values: ComparisonValues): Comparison {
  return {
    task,
    methods: values.methods,
    format: values.format,
    block: blockName(formatWith(values.format, values.block).block),
    seeds: values.seeds,
    firstSeed: values.seed,
    casts: values.casts,
    fisher: values.fisher,
    scaleGradient: values.scaleGradient,
    lambdas: { lotion: values.lambda ?? 1, cage: values.cageLambda ?? 1 },
    tune: values.tune,
  }
}

/** Processes to use: as many as the processors, unless given. */
export function workersOf(values: Pick<ComparisonValues, 'workers'>): number {
  return values.workers ?? availableParallelism()
}
