// Options that every task has. Comes in: a task. Goes out: options, and the comparison that their values
// describe.
// Source: docs/design/04-bench.md.

import { availableParallelism } from 'node:os'
import {
  flag,
  folderValue,
  maybe,
  realNumber,
  UsageError,
  wholeNumber,
  type CliOptions,
  type OptionValues,
} from '@lotion/cli'
import {
  blockOption,
  formatOption,
  fisherKind,
  methodKind,
  noiseKind,
  optimizerKind,
  pluginWord,
  wordsOf,
} from '@lotion/cli/internal'
import type { NumberFormat } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { z } from 'zod'
import type { Comparison } from '../runs/comparison.js'
import type { StoreOptions } from '../runs/job-store.js'
import { judgingOf, judgingOptions } from './judging-options.js'
import { methodWords } from './method-words.js'
import { ruleOptions, rulesOf } from './rule-options.js'
import type { PlannedMethod } from '../runs/comparison-plan.js'
import { TUNING_OFFSET } from '../runs/tune.js'
import type { SharedDefaults, Task } from '../tasks/task.js'

/** Seeds of a run with records: its files are written anew with each, and hold them all. */
const MOST_RECORDED = 1000

/** Seconds or steps between two places that are kept. */
const checkpointTime = z.string().transform((text, context): Pick<StoreOptions, 'seconds' | 'steps'> => {
  const [, digits, unit] = /^([1-9]\d{0,8})(s|m|h| ?steps?)$/.exec(text.trim()) ?? []
  const seconds = { s: 1, m: 60, h: 3600 }[unit ?? '']
  if (digits !== undefined) return seconds ? { seconds: seconds * Number(digits) } : { steps: Number(digits) }
  context.addIssue({
    code: 'custom',
    message: `expected a time such as 90s, 5m or 1h, or a number of steps such as '200 steps', found '${text}'`,
  })
  return z.NEVER
})

const usualMethods = ({ methods }: SharedDefaults): string => methods ?? 'ptq,qat,rat,lotion,cage'

/** Methods that were chosen, or those of a task for its own options. */
export const methodsOf = async (
  { methodsFor, defaults = {} }: Task,
  own: Readonly<Record<string, unknown>>,
  { methods }: Pick<SharedValues, 'methods'>,
): Promise<Comparison['methods']> =>
  methods ?? methodWords.parse((await methodsFor?.of(own)) ?? usualMethods(defaults))

/** How often a run keeps where it stands, as it was chosen. */
export const checkpointsOf = ({
  checkpointEvery,
  keepCheckpoints,
}: Pick<SharedValues, 'checkpointEvery' | 'keepCheckpoints'>): Omit<StoreOptions, 'folder'> => ({
  ...checkpointEvery,
  last: keepCheckpoints,
})

/**
 * Options of a comparison on a task: those of every task, with its defaults. No page of the API: what they
 * are is in the command's help, and exported they are for the type of a config alone.
 * @param task Whose defaults they have.
 * @experimental
 * @hidden
 */
export const sharedOptions = ({ steps, learningRate, rateNote, methodsFor, defaults = {} }: Task) =>
  ({
    steps: {
      flags: '--steps <n>',
      description: 'training steps of each method; the learning rate goes to 0 over them',
      schema: wholeNumber({ min: 1, max: 1e9 }),
      default: String(steps),
    },
    lr: {
      flags: '--lr <rate>',
      description: `peak of the learning rate (default: ${[learningRate, rateNote].filter((each) => each !== undefined).join('; ')})`,
      schema: maybe(realNumber({ above: 0 })),
    },
    format: formatOption('int4'),
    block: blockOption,
    methods: {
      flags: '--methods <names>',
      description: `methods to compare, of ${wordsOf(methodKind)}; in phases lotion+qat@0.8: qat from 80 % of the run; qat@0.8 is ptq+qat@0.8${methodsFor ? ` (default: ${usualMethods(defaults)}; ${methodsFor.note})` : ''}`,
      schema: maybe(methodWords),
      ...(methodsFor ? {} : { default: usualMethods(defaults) }),
    },
    seeds: {
      flags: '--seeds <n>',
      description: 'how many seeds each method is run on',
      schema: wholeNumber({ min: 1, max: TUNING_OFFSET }),
      default: defaults.seeds ?? '10',
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
      default: defaults.casts ?? '16',
    },
    lambda: {
      flags: '--lambda <strength>',
      description: 'strength λ of every method that has one: LOTION’s penalty, CAGE’s pull (default: 1)',
      schema: maybe(realNumber({ min: 0 })),
    },
    cageLambda: {
      flags: '--cage-lambda <strength>',
      description: 'strength of CAGE’s pull at the end of the run (default: that of --lambda)',
      schema: maybe(realNumber({ min: 0 })),
    },
    fisher: {
      flags: '--fisher <name>',
      description: `LOTION’s curvature: ${wordsOf(fisherKind)}; exact is for tasks that know it`,
      schema: pluginWord(fisherKind),
      default: defaults.fisher ?? 'exact',
    },
    noise: {
      flags: '--noise <name>',
      description: `the noise that LOTION smooths with and RAT trains under: ${wordsOf(noiseKind)}`,
      schema: pluginWord(noiseKind),
      default: 'randomized-rounding',
    },
    optimizer: {
      flags: '--optimizer <name>',
      description: `${wordsOf(optimizerKind)} (default: the task’s)`,
      schema: maybe(pluginWord(optimizerKind)),
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
    ...ruleOptions,
    ...judgingOptions,
    workers: {
      flags: '--workers <n>',
      description: `processes; the results do not depend on it${defaults.workers ? '' : ' (default: one a processor)'}`,
      schema: maybe(wholeNumber({ min: 1, max: 256 })),
      ...(defaults.workers ? { default: defaults.workers } : {}),
    },
    json: {
      flags: '--json',
      description: 'print one line of JSON a method on standard output, and nothing else there',
      schema: flag,
    },
    checkpointEvery: {
      flags: '--checkpoint-every <when>',
      description:
        'how often a run keeps where it stands, to go on from after an interruption: 90s, 5m, 1h or 200 steps',
      schema: checkpointTime,
      default: '5m',
    },
    keepCheckpoints: {
      flags: '--keep-checkpoints <n>',
      description: 'how many of these places are kept of each unfinished run',
      schema: wholeNumber({ min: 1, max: 1000 }),
      default: '2',
    },
    tensorboard: {
      flags: '--tensorboard',
      description: 'write event files for TensorBoard too, into the folder events of the run, as it trains',
      schema: flag,
    },
    out: {
      flags: '--out <folder>',
      description: `a new folder for the run: metrics, report, weights${
        defaults.out ? ` (default: ${defaults.out}, with a number behind it where there is one)` : ''
      }`,
      schema: maybe(folderValue),
    },
  }) as const satisfies CliOptions

/** Values of the options of a comparison. */
export type SharedValues = OptionValues<ReturnType<typeof sharedOptions>>

/**
 * The comparison that values describe, of a task in a format; `home` is its folder where none was chosen.
 * @throws UsageError for what no option can check alone.
 */
export function comparisonOf(
  task: Comparison['task'],
  methods: Comparison['methods'],
  values: SharedValues,
  { block }: NumberFormat,
  home: string | undefined,
): Comparison {
  const { format, steps, seeds, casts, fisher, noise, scaleGradient, tune, lr } = values
  const out = values.out ?? home
  for (const [option, given] of [
    ['lr', lr],
    ['lambda', values.lambda],
    ['cage-lambda', values.cageLambda],
  ] as const) {
    if (tune && given !== undefined)
      throw new UsageError(`${option}: --tune chooses it, found ${given}; leave out one of the two`)
  }
  if (out !== undefined && seeds > MOST_RECORDED)
    throw new UsageError(
      `seeds: expected a whole number from 1 up to ${MOST_RECORDED} with a folder for the run, found ${seeds}`,
    )
  return {
    task,
    methods,
    format,
    block: blockName(block),
    steps,
    seeds,
    firstSeed: values.seed,
    casts,
    ...rulesOf(values),
    ...judgingOf(values, { steps, isKept: out !== undefined }),
    keep: out !== undefined,
    fisher,
    noise,
    scaleGradient,
    ...(lr === undefined ? {} : { learningRate: lr }),
    ...(values.lambda === undefined ? {} : { lambda: values.lambda }),
    ...(values.cageLambda === undefined ? {} : { cageLambda: values.cageLambda }),
    ...(values.optimizer === undefined ? {} : { optimizer: values.optimizer }),
    tune,
  }
}

/**
 * Refuse a noise, a Fisher or a held scale that no method is made from; a default asks for nothing.
 * @throws UsageError naming the option.
 */
export function refuseUnused(
  values: SharedValues,
  { noise, fisher }: ReturnType<typeof sharedOptions>,
  methods: readonly Pick<PlannedMethod, 'word' | 'parts'>[],
): void {
  const asked = {
    noise: values.noise !== noise.default,
    fisher: values.fisher !== fisher.default,
    scaleGradient: !values.scaleGradient,
  }
  for (const [part, isAsked] of Object.entries(asked))
    if (isAsked && !methods.some(({ parts }) => part in parts))
      throw new UsageError(
        `${part === 'scaleGradient' ? 'no-scale-gradient' : part}: expected a method that takes it, found ${methods.map(({ word }) => word).join(', ')}; leave it out`,
      )
}

/** Processes to use: as many as the processors, unless given. */
export const workersOf = ({ workers }: Pick<SharedValues, 'workers'>): number =>
  workers ?? availableParallelism()
