// What metrics.jsonl says was run: no part that no method is made from, and what tuning chose.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComparisonRecord, MetricsRecord, RunRecord } from '../records.js'

let out = ''
beforeAll(async () => void (out = await mkdtemp(join(tmpdir(), 'lotion-record-'))))
afterAll(() => rm(out, { recursive: true, force: true }))

/** The first line and the comparisons of a run. */
async function recordsOf(words: string): Promise<readonly [RunRecord, readonly ComparisonRecord[]]> {
  const line = `run linear-regression --dimension 4 --steps 2 --seeds 1 --casts 1 --workers 1 --json ${words} --out`
  await rm(out, { recursive: true })
  const { status, stdout } = await recordedCli([...line.split(' '), out])
  const texts = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
  const [first, ...rest] = texts.map((text) => JSON.parse(text) as MetricsRecord)
  const comparisons = rest.flatMap((record) => {
    if (record.type !== 'comparison') return []
    const { type: _, ...comparison } = record
    return [comparison]
  })
  expect([status, stdout]).toEqual([0, comparisons.map((record) => `${JSON.stringify(record)}\n`).join('')])
  return [first as RunRecord, comparisons]
}

test.each([
  ['ptq', {}],
  ['ptq,rat', { noise: 'randomized-rounding' }],
  ['rat,lotion', { fisher: 'exact', noise: 'randomized-rounding', scaleGradient: true }],
])('of %s the run names the parts %j', async (methods, parts) => {
  const [{ config }] = await recordsOf(`--methods ${methods}`)
  const { fisher, noise, scaleGradient, learningRate } = config
  expect(JSON.stringify({ fisher, noise, scaleGradient })).toBe(JSON.stringify(parts))
  expect(learningRate).toBe(1)
})

test('a tuned run names no learning rate, its comparison what was chosen and tried', async () => {
  const [run, [found]] = await recordsOf('--methods lotion --tune')
  expect(Object.keys(run.config)).not.toContain('learningRate')
  expect(Object.keys(run.config)).not.toContain('numbers')
  expect(found).toMatchObject({
    method: 'lotion',
    numbers: { lambda: expect.any(Number) as number },
    config: { learningRate: expect.any(Number) as number, tuning: { settings: 12 } },
  })
  expect(found!.config['lambda']).toBe(found!.numbers['lambda'])
})
