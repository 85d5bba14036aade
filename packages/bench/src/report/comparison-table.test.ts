import { expect, test } from 'vitest'
import type { ComparisonRecord, ResultRecord } from '../records.js'
import { summarizeLosses } from '../runs/summary.js'
import type { LossReading } from '../tasks/task.js'
import { comparisonText } from './comparison-table.js'

const loss: LossReading = { name: 'validation loss', unit: 'nats per byte', meaning: '', decimals: 4 }

const result = (method: string, nearest: number, tokensPerSecond?: number): ResultRecord => ({
  type: 'result',
  method,
  seed: 0,
  settings: {},
  learningRate: 0.01,
  steps: 5,
  fullPrecision: 1.5,
  nearest,
  randomized: 1.75,
  casts: 8,
  timing: { at: '', trainingSeconds: 1, ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }) },
})

const comparison = (...results: readonly ResultRecord[]): ComparisonRecord => ({
  task: 'language',
  method: results[0]!.method,
  format: 'int4',
  block: 'tensor',
  bitsPerWeight: { w: 4.5 },
  seeds: results.length,
  ...summarizeLosses(results),
  numbers: {},
  modules: [],
  config: { learningRate: 0.01, steps: 5, casts: 8, firstSeed: 3 },
})

const lines = (
  rows: readonly (readonly ResultRecord[])[],
  reading = loss,
  usualSteps = 5,
): readonly string[] =>
  comparisonText(
    { comparisons: rows.map((own) => comparison(...own)), results: rows.flat() },
    { loss: reading, format: 'int4, one scale a tensor', usualSteps, plain: true },
  ).split('\n')

test('one line a method, the lowest after the cast marked, speeds where there are tokens', () => {
  expect(lines([[result('ptq', 1.6, 31_200)], [result('lotion', 1.55, 28_000)]]).slice(0, 5)).toEqual([
    'language: validation loss, nats per byte; int4, one scale a tensor, 4.50 (w) bits a weight; 5 steps; seed 3',
    '',
    'method  full precision   nearest  mean of 8 roundings  tokens/s  setting',
    'ptq             1.5000  1.6000               1.7500 *     31.2k  lr 0.01',
    'lotion          1.5000  1.5500 *             1.7500 *     28.0k  lr 0.01',
  ])
})

test('a seed that diverged before a step was timed has no part in the speed, one alone none at all', () => {
  const lost = result('qat', Infinity, 0)
  expect(lines([[result('qat', 1.6, 31_200), lost]])[3]).toMatch(/ 31\.2k {2}lr/)
  expect(lines([[lost]])[2]).not.toContain('tokens/s')
})

test('a run of fewer steps than usual says so', () => {
  const note = 'A short run, 5 of the usual 2000 steps: which method leads may change with more.'
  expect(lines([[result('qat', 1.6)]])).not.toContain(note)
  expect(lines([[result('qat', 1.6)]], loss, 2000)).toContain(note)
})

test('several seeds of a method become mean ± sample standard deviation', () => {
  // 1.6 and 1.8: mean 1.7, |a − b| / √2 = .1414.
  expect(lines([[result('qat', 1.6), result('qat', 1.8)]])[3]).toMatch(
    /^qat +1\.5000 ± 0\.0000 +1\.7000 ± 0\.1414 +1\.7500 ± 0\.0000 +lr 0\.01$/,
  )
})

test('a loss without a unit has three significant digits and no heading of its own', () => {
  const [title, , head, row] = lines([[result('qat', 0.012345)]], { name: 'loss', meaning: '' })
  expect(title).toMatch(/^language: int4, one scale/)
  expect(head).not.toContain('tokens')
  expect(row).toMatch(/^qat +1\.50 +0\.0123 +1\.75 /)
})
