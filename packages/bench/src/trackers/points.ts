// What a record measured, as numbers by name, for programs that draw them. Comes in: a record of a run. Goes
// out: a point: whose it is, at which step and time, and its numbers.

import type { MetricsRecord, ResultRecord } from '../records.js'

/** Numbers of one moment of one run. */
export interface Point {
  /** The method's word. */
  readonly method: string
  readonly seed: number
  /** Training steps so far. */
  readonly step: number
  /** ISO 8601. */
  readonly at: string
  /** By name, in the order of the record; what was not measured is absent. */
  readonly values: Readonly<Record<string, number>>
}

/** What tells a record's place, and is no measure. */
const places = new Set(['type', 'method', 'seed', 'step'])

/** What was chosen, not measured: the peak of the learning rate is not the one of the last step. */
const chosen = new Set(['learningRate', 'steps', 'casts', 'bestStep', 'averaged'])

/** What a result says of the last step; the evaluation of the step whose weights were taken says its own. */
const ofTheEnd = new Set(['tokens', 'trainingSeconds', 'tokensPerSecond'])

/** What a result has no measure of where it diverged: the last evaluation's losses are of finite weights. */
const losses = new Set(['fullPrecision', 'nearest', 'randomized'])

/** A result's mean over randomized casts is another measure than the one draw of an evaluation. */
const nameIn = (type: MetricsRecord['type'], name: string): string =>
  type === 'result' && name === 'randomized' ? 'randomizedMean' : name

/** The point of a record; nothing for one that is of no single moment of a run. */
export function pointOf(record: MetricsRecord): Point | undefined {
  if (record.type === 'run' || record.type === 'comparison' || record.type === 'sample') return undefined
  const { method, seed, timing } = record
  const { trainingSeconds, tokensPerSecond } = timing
  return {
    method,
    seed,
    // Losses of a result are those of the weights that were taken.
    step: record.type === 'result' ? (record.bestStep ?? record.steps) : record.step,
    at: timing.at,
    values: Object.fromEntries(
      Object.entries<unknown>({ ...record, trainingSeconds, tokensPerSecond }).flatMap(([name, value]) =>
        places.has(name) ||
        (record.type === 'result' && isLeftOut(record, name)) ||
        typeof value !== 'number' ||
        Number.isNaN(value)
          ? []
          : [[nameIn(record.type, name), value] as const],
      ),
    ),
  }
}

const isLeftOut = ({ bestStep, diverged }: ResultRecord, name: string): boolean =>
  chosen.has(name) ||
  (bestStep !== undefined && ofTheEnd.has(name)) ||
  (diverged !== undefined && losses.has(name))
