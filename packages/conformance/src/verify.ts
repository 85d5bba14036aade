// The kinds of plugins and their laws. Comes in: a kind and a plugin. Goes out: a report for every check.
// Source: docs/design/05-smooth-noises.md; needs no test runner.

import type { FisherEstimator, Noise, NumberFormat, Transformation } from '@lotion/core'
import type { Pair } from '@lotion/noise'
import type { Method } from '@lotion/optim'
import { executorLaws, type AnyExecutor } from './executor-laws.js'
import { fisherLaws } from './fisher-laws.js'
import { formatLaws } from './format-laws.js'
import { examine, examineLaw, type Law, type Report } from './law.js'
import { methodLaws } from './method-laws.js'
import { namedFisher, namedFormat, namedNoise, namedTransformation } from './named-formulas.js'
import { noiseLaws } from './noise-laws.js'
import { pairLaws } from './pair-laws.js'
import { transformationLaws } from './transformation-laws.js'

/** What each kind of plugin is. */
export interface Plugins {
  /** A grid with its scale rule and blocks. */
  readonly format: NumberFormat
  /** How weights are spread, and how much that adds to a loss. */
  readonly noise: Noise
  /** An estimator of the curvature. */
  readonly fisher: FisherEstimator
  /** A part of an optimizer, from gradients to updates. */
  readonly transformation: Transformation
  /** A way of training for a format: where the gradient is taken and what is added to it. */
  readonly method: Method
  /** Over arrays of any kind: the laws only hand back those that it made. */
  readonly executor: AnyExecutor
  /** A format and the noise that it is used with. */
  readonly pair: Pair
}

/** A kind of plugin. */
export type Kind = keyof Plugins

/** The laws of every kind, in the order in which they are checked. */
const laws: { readonly [K in Kind]: readonly Law<Plugins[K]>[] } = Object.freeze({
  format: formatLaws,
  noise: noiseLaws,
  fisher: fisherLaws,
  transformation: transformationLaws,
  method: methodLaws,
  executor: executorLaws,
  pair: pairLaws,
})

/** What names a plugin's formulas in their errors, by kind. */
const namers: { readonly [K in Kind]?: (plugin: Plugins[K]) => Plugins[K] } = Object.freeze({
  format: namedFormat,
  noise: namedNoise,
  fisher: namedFisher,
  transformation: namedTransformation,
})

/** The same plugin, whose errors say which formula they are of. */
const named = <K extends Kind>(kind: K, plugin: Plugins[K]): Plugins[K] => namers[kind]?.(plugin) ?? plugin

/** The kinds there are. */
export const kinds: readonly Kind[] = Object.freeze(Object.keys(laws) as Kind[])

/** One check of a plugin, to be run when it suits. @experimental */
export interface Check {
  /** The law's short name; reports carry it as `check`. */
  readonly name: string
  /** The law in one sentence. */
  readonly law: string
  /** Search for an input that breaks the law. */
  run(): Promise<readonly Report[]>
}

/**
 * List the checks of a plugin without running them.
 * @param kind Whose laws are meant, such as `noise`.
 * @param plugin Of that kind; for a pair, its format and its noise.
 * @throws RangeError if there is no such kind.
 * @experimental
 */
export function checksOf<K extends Kind>(kind: K, plugin: Plugins[K]): readonly Check[] {
  const mine = lawsOf(kind)
  const name = nameOf(plugin)
  const told = named(kind, plugin)
  return mine.map((law) =>
    Object.freeze({
      name: law.name,
      law: law.sentence,
      run: () => examineLaw(kind, name, told, law, mine),
    }),
  )
}

/**
 * Hold a plugin to the laws of its kind: every law must hold, every claim that is made, and every claim that
 * is denied must be broken by some input. The same plugin gives the same reports.
 * @param kind Whose laws are meant, such as `noise`.
 * @param plugin Of that kind; for a pair, its format and its noise.
 * @throws RangeError if there is no such kind.
 * @example
 * ```ts
 * import { verify } from '@lotion/conformance'
 * import { randomizedRounding } from '@lotion/noise'
 *
 * const results = await verify('noise', randomizedRounding)
 * console.log(results.filter(({ outcome }) => outcome === 'failed').length) // 0
 * ```
 */
export async function verify<K extends Kind>(kind: K, plugin: Plugins[K]): Promise<readonly Report[]> {
  const mine = lawsOf(kind)
  return examine(kind, nameOf(plugin), named(kind, plugin), mine)
}

function lawsOf<K extends Kind>(kind: K): readonly Law<Plugins[K]>[] {
  if (!Object.hasOwn(laws, kind))
    throw new RangeError(`kind: expected one of ${kinds.join(', ')}, found '${kind}'`)
  return laws[kind]
}

/** The name of a plugin; a pair has those of its two. @param plugin Of any kind. */
export function nameOf(plugin: Plugins[Kind]): string {
  return 'name' in plugin ? plugin.name : `${plugin.format.name} with ${plugin.noise.name}`
}
