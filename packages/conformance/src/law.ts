// What a check is: a law in a sentence, and a search for an input that breaks it. Comes in: a plugin.
// Goes out: reports.
// Source: docs/design/05-smooth-noises.md (claims are checked in both directions).

import type { Arithmetic } from '@lotion/core'
import { rootOf } from './named-formulas.js'

/** An input for which a law does not hold. */
export interface Counterexample {
  /** Where: the smallest input that was found. */
  readonly input: string
  /** What was found there, and what the law expects. */
  readonly found: string
}

/** A law about plugins of type P. */
export interface Law<P> {
  readonly name: string
  /** The law in one sentence. */
  readonly sentence: string
  /** The claim that this law spells out; a law without one must always hold. */
  readonly claim?: string
  /** What the plugin says about the claim; `undefined` if nothing. */
  claimed?(plugin: P): boolean | undefined
  /** Whether the law says anything about this plugin. Default: always. */
  applies?(plugin: P): boolean
  /** Search for a counterexample, simplest inputs first; the same plugin gives the same answer. */
  refute(plugin: P): Counterexample | undefined | Promise<Counterexample | undefined>
}

/** What one check found. */
export interface Report {
  /** What the plugin was verified as, one of `kinds`. */
  readonly kind: string
  /** Name of the plugin. */
  readonly plugin: string
  /** Name of the law. */
  readonly check: string
  /** The law in one sentence. */
  readonly law: string
  /**
   * `skipped`: the law says nothing about this plugin, or the plugin nothing about the claim, or an error of
   * the plugin, which has a report of its own, kept the law from being examined.
   */
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed: the law, the smallest input that breaks it, what was found there. Empty otherwise. */
  readonly message: string
}

/**
 * Hold a plugin to laws. A law whose claim is made must hold; of the laws of a denied claim at least one must
 * be broken, or the denial itself is reported as failed. An error bears out neither: it is reported as
 * failed, first and once, though it may have kept many laws from being examined.
 */
export async function examine<P>(
  kind: string,
  name: string,
  plugin: P,
  laws: readonly Law<P>[],
): Promise<readonly Report[]> {
  const found: Report[] = []
  for (const law of laws) found.push(...(await examineLaw(kind, name, plugin, law, laws)))
  const roots = found.flatMap((report) => thrown.get(report)?.root ?? [])
  // The error of a single law is that law's counterexample.
  const isCommon = (error: Thrown | undefined): error is Thrown =>
    error !== undefined && roots.filter((root) => root === error.root).length > 1
  const errors = new Map<string, string>()
  const reports = found.map((report): Report => {
    const error = thrown.get(report)
    if (!isCommon(error)) return report
    if (!errors.has(error.root)) errors.set(error.root, error.message)
    return Object.freeze({ ...report, outcome: 'skipped', message: '' })
  })
  const first = [...errors.values()].map((message) =>
    Object.freeze({
      ...running,
      kind,
      plugin: name,
      outcome: 'failed' as const,
      message: `an error: ${message}`,
    }),
  )
  return Object.freeze([...first, ...reports])
}

/** What an error of a plugin breaks, whatever its laws. */
const running = { check: 'runs', law: 'Its formulas run without an error.' }

/** Reports of errors, and these. */
const thrown = new WeakMap<Report, Thrown>()

/** An error of a plugin, and what was thrown at first: one mistake may fail in several formulas. */
interface Thrown {
  readonly message: string
  readonly root: string
}

/** Examine one law; a denied claim is reported with the last law that spells it out. */
export async function examineLaw<P>(
  kind: string,
  name: string,
  plugin: P,
  law: Law<P>,
  laws: readonly Law<P>[],
): Promise<readonly Report[]> {
  const report = (outcome: Report['outcome'], message = ''): Report =>
    Object.freeze({ kind, plugin: name, check: law.name, law: law.sentence, outcome, message })
  const failed = (of: Law<P>, broken: Broken): Report => {
    const made = report('failed', messageOf(of, broken))
    if (broken.error !== undefined) thrown.set(made, broken.error)
    return made
  }
  if (law.applies && !law.applies(plugin)) return [report('skipped')]
  const claimed = law.claim === undefined ? true : law.claimed?.(plugin)
  if (claimed === undefined) return [report('skipped')]
  if (claimed) {
    const broken = await search(law, plugin)
    return [broken ? failed(law, broken) : report('passed')]
  }
  const mine = laws.filter((other) => other.claim === law.claim && (!other.applies || other.applies(plugin)))
  if (mine.at(-1) !== law) return [report('skipped')]
  for (const other of mine) {
    const broken = await search(other, plugin)
    if (broken) return [broken.error === undefined ? report('passed') : failed(other, broken)]
  }
  return [
    report(
      'failed',
      `claim '${law.claim}': denied, but no input breaks it. ${mine.map(({ sentence }) => sentence).join(' ')} Claim it.`,
    ),
  ]
}

/** What a search ended with; an error says nothing about the claim, so it does not bear out a denial. */
interface Broken extends Counterexample {
  readonly error?: Thrown
}

async function search<P>(law: Law<P>, plugin: P): Promise<Broken | undefined> {
  try {
    return await law.refute(plugin)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const root = error instanceof Error ? rootOf(error) : message
    return { error: { message, root }, input: 'any input', found: `an error: ${message}` }
  }
}

function messageOf<P>({ name, sentence, claim }: Law<P>, { input, found }: Counterexample): string {
  return `${claim === undefined ? name : `claim '${claim}' (${name})`}: ${sentence} Broken at ${input}: ${found}`
}

/** Write a number for people: up to 6 digits, and an ellipsis if there are more than rounding explains. */
export function shown(value: number): string {
  const short = Number(value.toPrecision(6))
  return Math.abs(short - value) <= 1e-12 * Math.abs(value) ? String(short) : `${short}…`
}

/** Half a unit in the last place of 1: the largest relative error of one operation. */
export function roundingOf(arithmetic: Arithmetic): number {
  return arithmetic === 'f32' ? 2 ** -24 : 2 ** -53
}
