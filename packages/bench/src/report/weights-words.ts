// What the weights did, in words. Comes in: records of the weights. Goes out: a sentence a method that moved
// its weights; none where nothing is to be told.
// Source: the same numbers as the figures: means over the seeds of their first and their last record.

import type { WeightsRecord } from '../records.js'
import { atEnds } from './weights-figures.js'

/** Cells from a grid point or a threshold within which a weight counts as being there. */
const NEAR = 1 / 10

/** Changes below which nothing is told: cells of the mean distance. */
const LEAST_CHANGE = 0.005

/** Where weights stand, a mean over seeds. */
interface Stand {
  /** Mean distance to the grid, cells. */
  readonly distance: number
  /** Share of the weights within a tenth of a cell of a grid point, and of a threshold. */
  readonly atPoints: number
  readonly atThresholds: number
  readonly used: number
  readonly codes: number
}

/** The sentences. */
export function weightsWords(records: readonly WeightsRecord[]): readonly string[] {
  const methods = [...new Set(records.map(({ method }) => method))]
  const told = methods.map((method) => {
    const own = records.filter((record) => record.method === method)
    const [first, last] = [atEnds(own, 'start'), atEnds(own, 'end')]
    // Not both, where a run was evaluated once.
    if (first.some((record, i) => record.step === last[i]!.step))
      return { method, text: undefined, stays: false }
    const [start, end] = [standOf(first), standOf(last)]
    const moved = end.distance - start.distance
    const stays = Math.abs(moved) < LEAST_CHANGE
    return { method, stays, text: stays ? undefined : sentence(method, start, end) }
  })
  const moving = told.flatMap(({ text }) => text ?? [])
  const staying = told.flatMap(({ method, stays }) => (stays ? [method] : []))
  if (moving.length === 0) return []
  return [
    ...moving,
    ...(staying.length === 0
      ? []
      : [
          `The weights of ${staying.join(', ')} lie between the points of the grid as they did at the start.`,
        ]),
  ]
}

function sentence(method: string, start: Stand, end: Stand): string {
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
  const isNearer = end.distance < start.distance
  const [where, before, after] = isNearer
    ? ['a point of it', start.atPoints, end.atPoints]
    : ['a threshold', start.atThresholds, end.atThresholds]
  const codes =
    Math.round(end.used) === Math.round(start.used)
      ? `${Math.round(end.used)} of ${end.codes} codes are in use, as at the start`
      : `${Math.round(end.used)} of ${end.codes} codes are in use, ${Math.round(start.used)} at the start`
  return `${method} moved its weights ${isNearer ? 'towards the grid' : 'away from the grid, to the thresholds between its points'}: ${percent(after)} of them end within a tenth of a cell of ${where}, ${percent(before)} at the start (${percent(2 * NEAR)} if spread evenly); the mean distance to the grid goes from ${start.distance.toFixed(3)} to ${end.distance.toFixed(3)} cells, and ${codes}.`
}

function standOf(records: readonly WeightsRecord[]): Stand {
  const mean = (read: (record: WeightsRecord) => number): number =>
    records.reduce((sum, record) => sum + read(record), 0) / records.length
  const within = (inside: (off: number, half: number) => number) => (record: WeightsRecord) => {
    const { around } = record
    const half = 0.5 / around.length
    const counted = around.reduce(
      (sum, count, i) => sum + count * inside(Math.abs((i + 0.5) / around.length - 0.5), half),
      0,
    )
    return counted / (around.reduce((sum, count) => sum + count, 0) || 1)
  }
  // Of a bin that reaches over the border its part inside.
  const part = (reach: number): number => Math.max(0, Math.min(1, reach))
  return {
    distance: mean(({ distance }) => distance),
    atPoints: mean(within((off, half) => part((NEAR - off + half) / (2 * half)))),
    atThresholds: mean(within((off, half) => part((off + half - (0.5 - NEAR)) / (2 * half)))),
    used: mean(({ codes }) => codes.used),
    codes: records[0]!.codes.of,
  }
}
