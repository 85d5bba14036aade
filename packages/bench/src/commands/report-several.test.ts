// Reports of several runs: of other formats and rules, of other problems, of one name.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MetricsRecord, WeightsRecord } from '../records.js'

let folder = ''
const at = (name: string): string => join(folder, name)
const cli = (...words: readonly string[]) => recordedCli(words)

/** The page of runs, and its text without tags. */
async function reportOf(...names: readonly string[]): Promise<{ page: string; text: string }> {
  const out = at('both.html')
  const { status, stderr } = await cli('report', ...names.map(at), '--out', out)
  if (status !== 0) throw new Error(stderr)
  const page = await readFile(out, 'utf8')
  const shown = page.replace(/<(script|style)[^]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')
  return { page, text: shown.replace(/\s+/g, ' ') }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-several-'))
  const shared = '--dimension 8 --steps 6 --casts 2 --workers 1 --methods ptq,lotion'
  const lines = [
    ['four', `two-layer --width 2 --seeds 3 --format int4 ${shared}`],
    // `a` is the first of its list, and the second of the other's.
    ['three', `two-layer --width 2 --seeds 3 --format int3 --formats W:f32 ${shared}`],
    ['wide', `two-layer --width 3 --seeds 3 --format int3 ${shared}`],
    ['later', `two-layer --width 2 --seeds 2 --seed 7 --format int4 ${shared}`],
    ['other/four', `two-layer --width 2 --seeds 3 --format int2 ${shared}`],
    ['steep', `two-layer --width 2 --seeds 3 --spectrum 2 ${shared}`],
    ['line', `linear-regression --seeds 3 ${shared}`],
  ] as const
  for (const [name, line] of lines) {
    const { status, stderr } = await cli('run', ...line.split(' '), '--out', at(name))
    if (status !== 0) throw new Error(stderr)
  }
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Mean over the seeds of what the last records of a method say of its first quantized parameter. */
async function firstSqnr(run: string, method: string): Promise<string> {
  const lines = (await readFile(at(`${run}/metrics.jsonl`), 'utf8')).trimEnd().split('\n')
  const records = lines.map((line) => JSON.parse(line) as MetricsRecord)
  const ends = new Map(
    records
      .filter((record): record is WeightsRecord => record.type === 'weights' && record.method === method)
      .map((record) => [record.seed, record.sqnr[0]!]),
  )
  return ([...ends.values()].reduce((sum, each) => sum + each, 0) / ends.size).toFixed(1)
}

test('each run’s parameters are found by name, with the formats, bits and sizes of that run', async () => {
  const { text } = await reportOf('four', 'three')
  const row = (name: string): readonly string[] =>
    text
      .slice(text.indexOf(` ${name} ${name === 'W' ? '16' : '2'} int4`))
      .trim()
      .split(' ')
      .slice(0, 16)
  const [w, a] = [row('W'), row('a')]
  expect(w.slice(0, 8)).toEqual(['W', '16', 'int4', '32', '8.00', 'f32', '–', '32.0'])
  expect(a.slice(0, 8)).toEqual(['a', '2', 'int4', '32', '20.0', 'int3', '32', '19.0'])
  expect([w[8], w[10]]).toEqual([await firstSqnr('four', 'ptq'), await firstSqnr('four', 'lotion')])
  expect(w.slice(12)).toEqual(['–', '–', '–', '–'])
  expect([a[12], a[14]]).toEqual([await firstSqnr('three', 'ptq'), await firstSqnr('three', 'lotion')])
  // A row of 8 and its scale of 32 bits: 16 · 8 + 2 · 20 bits; 16 · 32 + 2 · 19 bits.
  expect(text).toContain('four: ptq, four: lotion: the model takes 21 bytes at the bits trained for')
  expect(text).toContain('three: ptq, three: lotion: the model takes 69 bytes at the bits trained for')
  expect(text).toContain('three: ptq, three: lotion: 18 weights, 11 % of them quantized')
  expect(text).toContain('int3 Each weight becomes one of 7 numbers from −3 to 3')
})

test('models of other parameters have tables of their own', async () => {
  const { text } = await reportOf('four', 'wide')
  expect(text).toContain('Every parameter of four: ptq, four: lotion: bits a weight')
  expect(text).toContain('Every parameter of wide: ptq, wide: lotion: bits a weight')
  expect(text).toContain('W 24 int3')
})

test('runs without a common seed are not told apart, and the page says so', async () => {
  const { text } = await reportOf('four', 'later')
  expect(text).toMatch(/No seed in common with (four|later): (ptq|lotion): /)
})

test('runs whose losses have no difference stand one after the other, which is said first', async () => {
  const { page, text } = await reportOf('four', 'three', 'steep', 'line')
  expect(text).toContain('These runs cannot be compared')
  expect(text).toContain('another spectrum (four: 1.1, three: 1.1, steep: 2, line: 1.1)')
  expect(text).toContain(
    'another task (four: two-layer, three: two-layer, steep: two-layer, line: linear-regression)',
  )
  // Those of one kind are compared among themselves.
  expect(page.match(/<h2 class="group">/g)).toHaveLength(3)
  expect(page).toContain('<h2 class="group">LOTION: four, three</h2>')
  expect(page.match(/aria-label="Verdict"/g)).toHaveLength(3)
  expect(text).not.toMatch(/steep: (ptq|lotion) is higher|Δ to steep/)
  const refused = await cli('compare', at('four'), at('steep'))
  expect(refused).toMatchObject({ status: 2 })
  expect(refused.stderr).toContain('found another spectrum (four: 1.1, steep: 2); compare those of one kind')
})

test('folders of one name are told apart; one that is given twice is refused', async () => {
  const { text } = await reportOf('four', 'other/four')
  expect(text).toContain('other/four: ptq')
  const compared = await cli('compare', at('four'), at('other/four'))
  expect(compared.stdout).toMatch(/^other\/four: lotion +3 /m)
  const twice = await cli('compare', at('four'), at('four'))
  expect(twice.status).toBe(2)
  expect(twice.stderr).toContain('runs: expected each run once, found')
})
