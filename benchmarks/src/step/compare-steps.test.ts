import { fp4, int4 } from '@lotion/formats'
import { expect, it } from 'vitest'
import type { BenchContext } from '../harness/competitor.js'
import { quietly } from '../harness/quietly.js'
import { reportJson, reportText } from '../harness/report.js'
import { compareSteps, type StepComparison } from './compare-steps.js'

const small = (changes: Partial<StepComparison> = {}, watched: Partial<BenchContext> = {}) =>
  compareSteps(
    {
      preset: {
        name: 'tiny',
        model: { vocabulary: 16, dimension: 16, layers: 2, heads: 4, kvHeads: 2, hidden: 24, context: 8 },
        batch: 2,
        rounds: 2,
        slowPeers: true,
      },
      format: int4,
      rounds: 2,
      threads: 1,
      ...changes,
    },
    quietly(watched),
  )

it('takes whole steps with AdamW and with LOTION, and tells what LOTION adds', async () => {
  const progress: string[] = []
  const report = await small(
    {},
    { progress: (stage, done, total) => progress.push(`${stage} ${done}/${total}`) },
  )
  // 2 layers of q, o (16 × 16), k, v (8 × 16), and three of 24 × 16.
  expect(report.shared).toMatchObject({
    preset: 'tiny',
    quantized: 2 * (2 * 256 + 2 * 128 + 3 * 384),
    tokens: 16,
    notes: [],
  })
  expect(report.rows.map(({ optimizer, stateBytes }) => [optimizer, stateBytes])).toEqual([
    ['AdamW', 8],
    ['LOTION int4, adamSecondMoment', 8],
    ['LOTION int4, empirical', 12],
  ])
  for (const { step, gradients, update, ratio, met } of report.rows) {
    expect([step, gradients, update].map(({ values }) => values.length)).toEqual([2, 2, 2])
    step.values.forEach((whole, i) => expect(gradients.values[i]! + update.values[i]!).toBeCloseTo(whole, 6))
    expect(met).toBe(ratio && ratio.median <= 1.03)
  }
  const [adamw, lotion] = report.rows
  expect(adamw?.ratio).toBeNull()
  expect(lotion?.ratio?.median).toBeCloseTo(
    (lotion!.step.values[0]! / adamw!.step.values[0]! + lotion!.step.values[1]! / adamw!.step.values[1]!) / 2,
  )
  // Each optimizer's first loss, then three rounds to warm up and two that are measured.
  expect([progress.length, progress[2], progress.at(-1)]).toEqual([18, 'checking 3/3', 'measuring 15/15'])

  const text = reportText(report, { plain: true })
  expect(text).toMatch(/^AdamW +[\d.]+ +[\d.]+ +[\d.]+ +8$/m)
  expect(text).toMatch(
    /^LOTION int4, empirical +[\d.]+ +[\d.]+ +[\d.]+ +\S+ × \(\S+ … \S+\) +\S+ × +(met|NOT MET) +12$/m,
  )
  expect(
    reportJson(report)
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))[1],
  ).toMatchObject({ optimizer: 'LOTION int4, adamSecondMoment', target: 1.03, preset: 'tiny' })
})

it('takes any format, and stops with the signal', async () => {
  const { rows } = await small({ format: fp4, rounds: 1 })
  expect(rows[1]?.optimizer).toBe('LOTION fp4, adamSecondMoment')
  await expect(small({}, { signal: AbortSignal.abort(new Error('stopped by hand')) })).rejects.toThrow(
    'stopped by hand',
  )
})
