import { expect, test } from 'vitest'
import type { WeightsRecord } from '../records.js'
import { weightsWords } from './weights-words.js'

/** A record of a cell in bins around its point: thresholds are outside, the point in the middle. */
const record = (
  method: string,
  step: number,
  distance: number,
  around: readonly number[],
  used = 7,
): WeightsRecord => ({
  type: 'weights',
  method,
  seed: 0,
  step,
  distance,
  variance: 0.0625,
  saturated: 0,
  codes: { used, of: 7, entropy: 1.5 },
  grid: { format: 'int3', from: -1.5, width: 1, counts: [1, 6, 1] },
  around,
  sqnr: [20],
  timing: { at: '', trainingSeconds: 1 },
})

const even = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]

test('towards the grid and away from it, each with the share that moved there', () => {
  const told = weightsWords([
    record('lotion', 0, 0.25, even),
    record('lotion', 5, 0.1, [0, 0, 1, 1, 3, 3, 1, 1, 0, 0], 6),
    record('qat', 0, 0.25, even),
    record('qat', 5, 0.35, [3, 1, 1, 0, 0, 0, 0, 1, 1, 3]),
  ])
  expect(told).toEqual([
    'lotion moved its weights towards the grid: 60 % of them end within a tenth of a cell of a point of it, 20 % at the start (20 % if spread evenly); the mean distance to the grid goes from 0.250 to 0.100 cells, and 6 of 7 codes are in use, 7 at the start.',
    'qat moved its weights away from the grid, to the thresholds between its points: 60 % of them end within a tenth of a cell of a threshold, 20 % at the start (20 % if spread evenly); the mean distance to the grid goes from 0.250 to 0.350 cells, and 7 of 7 codes are in use, as at the start.',
  ])
})

test('bins that reach over the tenth of a cell count in part', () => {
  // Five bins of a fifth: the middle one is within a tenth; four bins of a quarter: 2/5 of the inner two.
  const start = record('ptq', 0, 0.3, [1, 1, 1, 1])
  expect(weightsWords([start, record('ptq', 1, 0.2, [0, 1, 1, 0])])[0]).toContain('40 % of them end')
  const five = record('ptq', 0, 0.3, [1, 1, 1, 1, 1])
  expect(weightsWords([five, record('ptq', 1, 0.2, [0, 0, 1, 0, 0])])[0]).toContain('100 % of them end')
})

test('where nothing moved nothing is told, and where some moved the others are named in a sentence', () => {
  const still = [record('ptq', 0, 0.25, even), record('ptq', 5, 0.251, even)]
  expect(weightsWords(still)).toEqual([])
  expect(weightsWords([])).toEqual([])
  const moved = [record('lotion', 0, 0.25, even), record('lotion', 5, 0.2, even)]
  expect(weightsWords([...still, ...moved]).at(-1)).toBe(
    'The weights of ptq lie between the points of the grid as they did at the start.',
  )
  // One evaluation has no start.
  expect(weightsWords([record('lotion', 5, 0.1, even)])).toEqual([])
})
