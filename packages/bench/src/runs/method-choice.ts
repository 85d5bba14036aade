// Plugins from words, as a run needs them. Comes in: plain data. Goes out: a method, an optimizer, a format,
// settings to try.
// Source: LOTION (arXiv 2510.08757). Every process reads the same words.

import {
  chosenFamily,
  chosenPlugin,
  fisherKind,
  formatKind,
  methodKind,
  noiseKind,
  numbersIn,
} from '@lotion/cli/internal'
import { numbersOf, type Family, type NumberFormat } from '@lotion/core'
import { parseBlock } from '@lotion/core/internal'
import { withBlock } from '@lotion/formats'
import type { Method, MethodContext } from '@lotion/optim'
import { phasesOf } from './phase-words.js'
import type { RunOptions } from './run-options.js'
import type { Workload } from '../tasks/task.js'

/** Numbers of a plugin by name, such as `lambda`. */
export type Numbers = Readonly<Record<string, number>>

/** What tuning chooses. */
export interface Setting {
  /** Peak of the schedule. */
  readonly learningRate: number
  /** Numbers of the method that have values to try: the strength of a penalty (lotion) or a pull (cage). */
  readonly numbers: Numbers
}

/** What methods of a comparison are made with, in words. */
export interface MethodParts {
  /** Where LOTION's curvature comes from. */
  readonly fisher: string
  /** Of LOTION's variance: a noise's name, or the path of its module. */
  readonly noise: string
  /** Whether LOTION differentiates through the scales of blocks. */
  readonly scaleGradient: boolean
}

/** A method in words, so that it can be sent to another process. */
export interface MethodChoice {
  /** Its name, or the path of its module. */
  readonly method: string
  /** Of the method, by name; the others have its defaults. */
  readonly numbers: Numbers
}

/** A method that takes over within a run. */
export interface LaterPhase {
  /** Its name, with its numbers, or the path of its module. */
  readonly word: string
  /** Share of the run that it begins at. */
  readonly share: number
  /** Makes the method. */
  readonly family: Family<Method, MethodContext>
  /** Numbers that the word itself gives; the others are the method's own. */
  readonly given: Numbers
}

/** A method that a word names, before its numbers are chosen. */
export interface ChosenMethod {
  /** The methods that take over from it, in their order. */
  readonly later: readonly LaterPhase[]
  /** Makes the method once its numbers are known. */
  readonly family: Family<Method, MethodContext>
  /** Numbers that the word itself gives. */
  readonly given: Numbers
  /** What the method is made for: format, noise, Fisher. */
  readonly context: MethodContext
}

/**
 * Make the format that words describe.
 * @param word A format's name, or the path of its module.
 * @param block `tensor`, `row`, or the number of weights in a block.
 * @throws UsageError if the word names nothing; RangeError if the block is none of these.
 */
export async function formatOf(word: string, block: string): Promise<NumberFormat> {
  return withBlock(await chosenPlugin(formatKind, word, undefined), parseBlock(block))
}

/**
 * Find the method of a word for a workload.
 * @param parts In words: the method, its Fisher, its noise.
 * @param format What the method trains for.
 * @param workload Says how λ runs over time.
 * @throws UsageError if a word names nothing.
 */
export async function chosenMethod(
  { method, fisher, noise, scaleGradient }: MethodParts & Pick<MethodChoice, 'method'>,
  format: NumberFormat,
  workload: Pick<Workload, 'lambda'>,
): Promise<ChosenMethod> {
  const context: MethodContext = {
    format,
    fisher: await chosenPlugin(fisherKind, fisher, undefined),
    noise: await chosenPlugin(noiseKind, noise, undefined),
    scaleGradient,
    along: (strength) => workload.lambda(strength),
  }
  const [first, ...rest] = phasesOf(method)
  const later = await Promise.all(
    rest.map(async (phase) => ({ ...phase, ...(await chosenFamily(methodKind, phase.word, context)) })),
  )
  return { ...(await chosenFamily(methodKind, first!.word, context)), context, later }
}

/**
 * Make the method that is described, for a workload, and those that take over from it.
 * @param choice In words, with the method's numbers.
 * @param format What the method trains for.
 * @param workload Says how λ runs over time.
 * @throws UsageError if a word names nothing.
 */
export async function methodOf(
  choice: MethodParts & MethodChoice,
  format: NumberFormat,
  workload: Pick<Workload, 'lambda'>,
): Promise<Pick<RunOptions, 'method' | 'later'>> {
  const { family, given, context, later } = await chosenMethod(choice, format, workload)
  return {
    method: family.make(numbersOf(family, { ...given, ...choice.numbers }), context),
    ...(later.length > 0 ? { later: laterMethods(later, context) } : {}),
  }
}

/** The methods that take over, each with its share. */
export const laterMethods = (
  later: readonly LaterPhase[],
  context: MethodContext,
): Required<RunOptions>['later'] =>
  later.map(({ family, given, share }) => [family.make(numbersOf(family, given), context), share] as const)

/**
 * The numbers of a method where nothing is tuned: λ as given, unless the word gives it.
 * @param chosen Of `chosenMethod`.
 * @param lambda At least 0; `undefined` leaves the method's default.
 * @throws RangeError if the method has no number λ, or not such a one.
 */
export function fixedNumbers({ family, given }: ChosenMethod, lambda: number | undefined): Numbers {
  const asked = lambda === undefined ? {} : numbersIn(family, `lambda=${lambda}`)
  return numbersOf(family, { ...asked, ...given })
}

/**
 * Settings to try: the task's learning rates × the values of each number that the word leaves open.
 * @param chosen Of `chosenMethod`.
 * @param learningRates Peaks of the schedule, above 0.
 */
export function settingsOf(
  { family, given }: Pick<ChosenMethod, 'family' | 'given'>,
  learningRates: readonly number[],
): readonly Setting[] {
  const open = tuned(family).filter(([name]) => given[name] === undefined)
  return learningRates.flatMap((learningRate) =>
    open
      .reduce<readonly Numbers[]>(
        (found, [name, tries]) => found.flatMap((each) => tries.map((value) => ({ ...each, [name]: value }))),
        [{}],
      )
      .map((numbers) => ({ learningRate, numbers })),
  )
}

function tuned({ numbers }: ChosenMethod['family']): readonly (readonly [string, readonly number[]])[] {
  return Object.entries(numbers).flatMap(([name, { tries }]) => (tries ? [[name, tries] as const] : []))
}
