// A run that diverges: a row of the table, a line of the report, and no end of the others.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadRun, readSafetensors, toFloat32 } from '@lotion/checkpoints'
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

test('what a run found before it diverged is kept: its best weights, its last place; it is told where they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lotion-diverged-'))
  try {
    const out = join(folder, 'run')
    const line =
      'run linear-regression --dimension 8 --steps 200 --seeds 1 --casts 2 --workers 1 --methods ptq --lr 60 --keep-best --eval-every 1 --checkpoint-every 3steps --out'
    const ended = await cli(`${line} ${out}`)
    expect(ended.status).toBe(1)
    const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
    const records = lines.map((text) => JSON.parse(text) as MetricsRecord)
    const evaluations = records.flatMap((record) => (record.type === 'evaluation' ? [record] : []))
    const result = records.find((record) => record.type === 'result')!
    const lowest = Math.min(...evaluations.map(({ nearest }) => nearest ?? Infinity))
    const { job, best } = result.left!
    expect(best).toMatchObject({ nearest: lowest })
    // It is of the steps that were taken, and leaves the last evaluation's losses in their line.
    expect(result.diverged).toContain(`step ${result.steps + 1}: `)
    expect(evaluations.at(-1)!.step).toBe(result.steps)
    const table = (await recordedCli(['metrics', out])).stdout.trimEnd().split('\n')
    const column = table[0]!.split(',').indexOf('nearest')
    expect(table.at(-1)).toMatch(new RegExp(`^ptq,0,${result.steps},`))
    expect(Number(table.at(-1)!.split(',')[column])).toBe(evaluations.at(-1)!.nearest)
    expect(best!.step).toBe(evaluations.find(({ nearest }) => nearest === lowest)!.step)
    const { metadata, tensors } = await readSafetensors(join(out, 'weights', `${job}.safetensors`))
    expect(metadata).toMatchObject({
      taken: `weights after step ${best!.step}, the best evaluated`,
      'loss, nearest cast': String(lowest),
    })
    expect(toFloat32(tensors['w']!).every(Number.isFinite)).toBe(true)
    // The last place before it stays, and nothing else of the folder does.
    expect(await readdir(join(out, 'checkpoints'))).toEqual([job])
    const places = (await readdir(join(out, 'checkpoints', job!))).sort()
    expect(places).toHaveLength(1)
    const { params, from } = await loadRun(join(out, 'checkpoints', job!, places.at(-1)!))
    expect(from.step % 3).toBe(0)
    expect(Object.values(params).every((w) => w.every(Number.isFinite))).toBe(true)
    const where = `the best weights before that, of step ${best!.step}`
    expect(ended.stdout).toContain(`${where} (`)
    expect(ended.stdout).toContain(`are weights/${job}.safetensors`)
    const place = `the last place before it diverged is checkpoints/${job}/${places.at(-1)}`
    expect(ended.stderr).toContain(place)
    // The run is over, and says all of it again.
    const shown = await recordedCli(['show', out])
    expect(shown.stdout).toContain('run: finished')
    expect(shown.stdout).toContain(where)
    expect(shown.stdout).toContain(place)
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(where)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('weights beyond what a format covers are a row too, wherever they are noticed', async () => {
  const line =
    'run linear-regression --dimension 32 --steps 60 --seeds 1 --casts 1 --workers 1 --format q4_0 --methods ptq --lr 60'
  for (const every of ['--patience 50 --eval-every 1', '--eval-every 60 --keep-best']) {
    const { status, stdout, stderr } = await cli(`${line} ${every}`)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^ptq +diverged +diverged +diverged/m)
    expect(stderr).toContain('error: every run diverged; the first, ptq, seed 0: ')
  }
  const { stdout } = await cli(`${line} --patience 50 --eval-every 1`)
  expect(stdout).toMatch(
    /^ptq, seed 0 diverged: .*expected weights of at most 458528, the largest that q4_0/m,
  )
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
    expect(results[0]!.diverged).toMatch(/^params: expected finite weights, found others in w/)
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('>diverged')
  } finally {
    await rm(folder, { recursive: true })
  }
})
