// A run that diverges: a row of the table, a line of the report, and no end of the others.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterEach, expect, test, vi } from 'vitest'
import type { MetricsRecord } from '../records.js'

afterEach(() => vi.unstubAllEnvs())

const cli = (line: string) => recordedCli(line.split(' '))
const small = 'run linear-regression --dimension 8 --steps 5 --seeds 2 --casts 2 --workers 1'

test('where every run diverges the command fails, with a stack only when asked for', async () => {
  const line = `${small} --methods ptq --lr 1e37`
  const quiet = await cli(line)
  expect(quiet.status).toBe(1)
  expect(quiet.stdout).toMatch(/^ptq +diverged +diverged +diverged +lr 1e\+37$/m)
  expect(quiet.stdout).toMatch(/^ptq, seed 1 diverged: step \d: expected a finite loss/m)
  expect(quiet.stderr).toMatch(
    /^error: every run diverged; the first, ptq, seed 0: step \d: expected a finite loss .*\nfor a stack trace, set LOTION_DEBUG=1\n$/,
  )
  vi.stubEnv('LOTION_DEBUG', '1')
  expect((await cli(line)).stderr).toMatch(/\n {4}at /)
})

test('one that diverges is a row among others, and its weights are not kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lotion-diverged-'))
  try {
    const out = join(folder, 'run')
    const { status, stdout } = await cli(`${small} --methods lotion:1e38,ptq --out ${out}`)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^lotion:1e\+38 +diverged +diverged +diverged /m)
    expect(stdout).toMatch(/^ptq +[\d.]+ ± [\d.]+ +[\d.]+ ± [\d.]+ \* /m)
    const names = await readdir(join(out, 'weights'))
    expect(names.map((name) => name.replace(/-[0-9a-f]{8}\./, '.')).sort()).toEqual([
      'ptq-seed0.safetensors',
      'ptq-seed1.cast.safetensors',
      'ptq-seed1.safetensors',
    ])
    const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
    const results = lines
      .map((line) => JSON.parse(line) as MetricsRecord)
      .flatMap((record) => (record.type === 'result' ? [record] : []))
    expect(results.map(({ nearest }) => nearest === null)).toEqual([true, true, false, false])
    expect(results[0]!.diverged).toMatch(/^step \d: expected a finite loss and gradient/)
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('>diverged')
  } finally {
    await rm(folder, { recursive: true })
  }
})
