// Measures of runs as CSV and as event files: what is written is read back, by TensorBoard's own reader too.

import { mkdtemp, readdir, readFile, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { pythonPackages } from '@lotion/test-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EvaluationRecord, MetricsRecord } from '../records.js'
import { maskedChecksum } from './event-bytes.js'
import { eventFiles } from './event-files.js'
import { metricsCsv } from './metrics-csv.js'
import { pointOf } from './points.js'

const python = await pythonPackages('event files and TensorBoard', 'python-tensorboard-2.20.0', [
  'tensorboard==2.20.0',
  'tensorboard-data-server==0.7.2',
  'protobuf==6.31.1',
  'absl-py==2.3.0',
  'grpcio==1.73.0',
  'markdown==3.8',
  'numpy>=1.26',
  'packaging==25.0',
  'pillow>=11',
  'setuptools==80.9.0',
  'werkzeug==3.1.3',
  'markupsafe>=3',
])

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-trackers-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const evaluation = (method: string, step: number, nearest: number): EvaluationRecord => ({
  type: 'evaluation',
  method,
  seed: 3,
  step,
  tokens: 64 * step,
  training: step === 0 ? null : 1 / 3,
  fullPrecision: 0.1 + step,
  nearest,
  timing: { at: '2026-01-02T03:04:05.250Z', trainingSeconds: 1.5, tokensPerSecond: 12 },
})

describe('checksums', () => {
  // RFC 3720, appendix B.4: 32 bytes of 0, of 255, of 0 … 31.
  test.each([
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(255), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ])('are CRC-32C, masked', (data, crc) => {
    const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
    expect(maskedChecksum(data)).toBe(masked)
  })
})

describe.skipIf(python.missing !== undefined)('event files', () => {
  /** All scalars as TensorBoard reads them: folder → tag → [time, step, value]. */
  const read = (logs: string): Record<string, Record<string, [number, number, number][]>> =>
    JSON.parse(
      python.run(
        `
import json, os, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
found = {}
for path, _, files in os.walk(sys.argv[1]):
    if not any('tfevents' in name for name in files):
        continue
    events = EventAccumulator(path).Reload()
    found[os.path.relpath(path, sys.argv[1])] = {
        tag: [[e.wall_time, e.step, str(e.value)] for e in events.Scalars(tag)] for tag in events.Tags()['scalars']}
print(json.dumps(found))`,
        undefined,
        logs,
      ),
      (_, value: unknown) =>
        Array.isArray(value) && typeof value[2] === 'string'
          ? [value[0], value[1], Number(value[2].replace('inf', 'Infinity'))]
          : value,
    ) as never

  test('are read by TensorBoard: times, steps and numbers, a folder a method and seed', async () => {
    const logs = join(folder, 'logs')
    const files = eventFiles(logs)
    const records: MetricsRecord[] = [
      { type: 'run', command: '', seed: 3, config: {}, modules: [], versions: {}, timing: { at: '' } },
      evaluation('lotion', 0, 2.5),
      evaluation('lotion', 300, 1.25),
      evaluation('./a/mine.ts', 2 ** 33, Infinity),
      evaluation('.-a-mine.ts', 0, 7),
    ]
    for (const record of records) await files.record(record)
    const found = read(logs)
    expect(Object.keys(found).sort()).toEqual(['a-mine.ts-seed-3', 'a-mine.ts-seed-3-2', 'lotion-seed-3'])
    const time = Date.parse('2026-01-02T03:04:05.250Z') / 1000
    expect(found['lotion-seed-3']!['loss/nearest']).toEqual([
      [time, 0, 2.5],
      [time, 300, 1.25],
    ])
    expect(found['lotion-seed-3']!['loss/training']).toEqual([[time, 300, Math.fround(1 / 3)]])
    expect(found['lotion-seed-3']!['run/tokens per second']).toHaveLength(2)
    expect(found['a-mine.ts-seed-3']!['loss/nearest']).toEqual([[time, 2 ** 33, Infinity]])
    expect(found['a-mine.ts-seed-3-2']!['loss/nearest']).toEqual([[time, 0, 7]])
  })

  test('are written anew by whoever tells the same run again, beside files of others', async () => {
    const logs = join(folder, 'again')
    await mkdir(join(logs, 'qat-seed-3'), { recursive: true })
    await writeFile(join(logs, 'qat-seed-3', 'notes.txt'), 'mine')
    for (const last of [300, 600]) {
      const files = eventFiles(logs)
      for (let step = 0; step <= last; step += 300) await files.record(evaluation('qat', step, step))
    }
    expect(read(logs)['qat-seed-3']!['loss/nearest']!.map(([, step]) => step)).toEqual([0, 300, 600])
    expect(await readFile(join(logs, 'qat-seed-3', 'notes.txt'), 'utf8')).toBe('mine')
  })

  test('come out of a run while it trains, and again by lotion metrics', async () => {
    const out = join(folder, 'run')
    const line = 'run linear-regression --dimension 8 --steps 6 --seeds 2 --casts 2 --workers 1 --methods ptq'
    const { status, stderr } = await recordedCli([...line.split(' '), '--tensorboard', '--out', out])
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const live = read(join(out, 'events'))
    expect(Object.keys(live).sort()).toEqual(['ptq-seed-0', 'ptq-seed-1'])
    expect(live['ptq-seed-1']!['loss/nearest']!.at(-1)![1]).toBe(6)
    expect(live['ptq-seed-1']!['loss/randomized']!.map(([, step]) => step)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(live['ptq-seed-1']!['loss/randomized mean']!.map(([, step]) => step)).toEqual([6])
    const logs = join(folder, 'metrics-logs')
    expect((await recordedCli(['metrics', out, '--tensorboard', logs])).status).toBe(0)
    expect(read(join(logs, 'run'))).toEqual(live)
  })
})

test('a table has a line a method, seed and step, and keeps every bit and every word', () => {
  const word = './a, "b".ts'
  const text = metricsCsv([
    pointOf(evaluation('lotion', 5, 0.1 + 0.2))!,
    pointOf(evaluation(word, 5, Infinity))!,
  ])
  expect(text.split('\n')).toEqual([
    'method,seed,step,at,tokens,training,fullPrecision,nearest,trainingSeconds,tokensPerSecond',
    `lotion,3,5,2026-01-02T03:04:05.250Z,320,${1 / 3},5.1,${0.1 + 0.2},1.5,12`,
    `"./a, ""b"".ts",3,5,2026-01-02T03:04:05.250Z,320,${1 / 3},5.1,Infinity,1.5,12`,
    '',
  ])
})

test('a result stands where its weights were taken, without what was chosen for it', () => {
  const { type: _, tokens: _tokens, training: _training, ...rest } = evaluation('lotion', 0, 1)
  const result = {
    ...rest,
    type: 'result',
    randomized: 2,
    settings: {},
    learningRate: 9,
    steps: 40,
    casts: 3,
  } as const
  expect(pointOf(result)).toMatchObject({ step: 40, values: { randomizedMean: 2, trainingSeconds: 1.5 } })
  expect(Object.keys(pointOf(result)!.values)).not.toContain('learningRate')
  // Where other weights than the last were taken, what is of the last step is no measure of theirs.
  const taken = pointOf({ ...result, tokens: 9, bestStep: 20, averaged: 0.9 })
  expect(taken).toMatchObject({ step: 20, values: { fullPrecision: 0.1, nearest: 1, randomizedMean: 2 } })
  expect(Object.keys(taken!.values)).toEqual(['fullPrecision', 'nearest', 'randomizedMean'])
  // Where it diverged no loss was measured.
  const lost = {
    ...result,
    fullPrecision: Infinity,
    nearest: Infinity,
    randomized: Infinity,
    diverged: 'step 41',
  }
  expect(Object.keys(pointOf(lost)!.values)).toEqual(['trainingSeconds', 'tokensPerSecond'])
})

test('lotion metrics writes the table; a result stands in the line of its last evaluation', async () => {
  const out = join(folder, 'table')
  const line =
    'run linear-regression --dimension 8 --steps 6 --seeds 2 --casts 2 --workers 1 --methods ptq,qat'
  expect((await recordedCli([...line.split(' '), '--out', out])).status).toBe(0)
  const { stdout } = await recordedCli(['metrics', out])
  const [head, ...rows] = stdout
    .trimEnd()
    .split('\n')
    .map((text) => text.split(','))
  expect(rows).toHaveLength(2 * 2 * 7)
  // A randomized cast beside the nearest one at every evaluation; where both are on the grid they agree.
  const column = (name: string): readonly string[] => rows.map((row) => row[head!.indexOf(name)]!)
  for (const name of ['fullPrecision', 'nearest', 'randomized'])
    expect(column(name).every((cell) => cell !== '' && Number.isFinite(Number(cell)))).toBe(true)
  expect(column('randomized')).not.toEqual(column('nearest'))
  // A name has one meaning: the draw of the evaluation, and the mean of the result beside it.
  const records = (await readFile(join(out, 'metrics.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as MetricsRecord)
  expect(column('randomized').map(Number)).toEqual(
    records.flatMap((record) => (record.type === 'evaluation' ? [record.randomized] : [])),
  )
  expect(column('randomizedMean').flatMap((cell) => (cell === '' ? [] : [Number(cell)]))).toEqual(
    records.flatMap((record) => (record.type === 'result' ? [record.randomized] : [])),
  )
  const file = join(folder, 'table.csv')
  expect((await recordedCli(['metrics', out, '--csv', file])).stdout).toBe('')
  expect(await readFile(file, 'utf8')).toBe(stdout)
  // A table of the same run is written over, nothing else is.
  expect((await recordedCli(['metrics', out, '--csv', file])).status).toBe(0)
  const others = [
    ['notes.csv', 'method,note\nptq,good\n'],
    ['other.csv', stdout.replace(/(ptq,0,0,)20\d\d/, '$11999')],
  ] as const
  for (const [name, text] of others) {
    await writeFile(join(folder, name), text)
    expect(await recordedCli(['metrics', out, '--csv', join(folder, name)])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        'csv: expected a new file or a table of the same run, found another file',
      ) as string,
    })
    expect(await readFile(join(folder, name), 'utf8')).toBe(text)
  }
  const best = join(folder, 'best')
  const kept = `${line} --keep-best --ema 0.5 --lr 1.9 --out`
  expect((await recordedCli([...kept.split(' '), best])).status).toBe(0)
  const [names, ...cells] = (await recordedCli(['metrics', best])).stdout
    .trimEnd()
    .split('\n')
    .map((row) => row.split(','))
  expect(names).not.toContain('averaged')
  // Times of a method and seed grow with its steps, those of the step that was taken too.
  const seconds = cells
    .filter((row) => row[0] === 'ptq' && row[1] === '0')
    .map((row) => Number(row[names!.indexOf('trainingSeconds')]))
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b))
  const both = (await recordedCli(['metrics', out, join(folder, 'none')])).stderr
  expect(both).toMatch(/none: expected the folder of a run, found no run\.json in it/)
  expect(await readdir(folder)).not.toContain('none')
})
