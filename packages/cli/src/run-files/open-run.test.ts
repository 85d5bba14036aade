import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRun } from './open-run.js'

let folder = ''
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'lotion-run-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

function evaluation(step: number): object {
  return {
    type: 'evaluation',
    method: 'lotion',
    seed: 0,
    step,
    tokens: step * 1024,
    training: step === 0 ? null : 2,
    fullPrecision: 1.5,
    nearest: 1.6,
    timing: { at: '2026-01-01T00:00:00.000Z', trainingSeconds: 1, tokensPerSecond: 1024 },
  }
}

test('makes the folder and leaves nothing of its probe', async () => {
  await openRun(join(folder, 'a', 'b'))
  expect(await readdir(join(folder, 'a', 'b'))).toEqual([])
})

test('adds records in the order of the calls, also when they are not awaited', async () => {
  const run = await openRun(folder)
  await Promise.all([0, 1, 2, 3].map((step) => run.record(evaluation(step))))
  const lines = (await readFile(run.path('metrics.jsonl'), 'utf8')).split('\n')
  expect(lines.pop()).toBe('')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([0, 1, 2, 3].map(evaluation))
  expect(await readdir(folder)).toEqual(['metrics.jsonl'])
})

test('an earlier run is kept until the first record of the new one', async () => {
  await writeFile(join(folder, 'metrics.jsonl'), 'old\n')
  const run = await openRun(folder)
  expect(await readFile(run.path('metrics.jsonl'), 'utf8')).toBe('old\n')
  await run.record(evaluation(0))
  expect(await readFile(run.path('metrics.jsonl'), 'utf8')).toBe(`${JSON.stringify(evaluation(0))}\n`)
})

test('the first record removes what came out of an earlier run, and nothing else', async () => {
  for (const name of ['metrics.jsonl', 'report.html', 'notes.txt'])
    await writeFile(join(folder, name), 'old\n')
  const run = await openRun(folder, { outcomes: ['report.html', 'model.safetensors'] })
  expect(await readdir(folder)).toEqual(['metrics.jsonl', 'notes.txt', 'report.html'])
  await run.record(evaluation(0))
  expect(await readdir(folder)).toEqual(['metrics.jsonl', 'notes.txt'])
  await run.write('report.html', 'new\n')
  await run.record(evaluation(1))
  expect(await readFile(run.path('report.html'), 'utf8')).toBe('new\n')
})

test('a record that cannot be written is told to its caller; the next one is written with it', async () => {
  const run = await openRun(folder)
  await mkdir(run.path('metrics.jsonl'))
  await expect(run.record(evaluation(0))).rejects.toThrow(
    /metrics\.jsonl: expected a file or nothing there, found a folder/,
  )
  await rm(run.path('metrics.jsonl'), { recursive: true })
  await run.record(evaluation(1))
  const text = await readFile(run.path('metrics.jsonl'), 'utf8')
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly step: number }).step),
  ).toEqual([0, 1])
})

test('writes files beside the metrics and refuses names that lead out of the folder', async () => {
  const run = await openRun(folder)
  expect(await run.write('report.html', '<p>')).toBe(join(folder, 'report.html'))
  await expect(run.write('../report.html', '')).rejects.toThrow(
    "name: expected the name of a file in the run's folder, found '../report.html'",
  )
})

test('a folder that cannot be: an error that says what to do', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(openRun(join(folder, 'file'))).rejects.toThrow(
    /there is a file of that name: choose another name \(EEXIST\)/,
  )
  await expect(openRun(join(folder, 'file', 'run'))).rejects.toThrow(
    /is a file, not a folder: choose another path \(ENOTDIR\)/,
  )
})

// /proc answers ENOENT to every new folder, whatever is tried.
test.runIf(process.platform === 'linux')(
  'a place that takes no folders: an error, not an endless attempt',
  async () => {
    await expect(openRun('/proc/lotion/run')).rejects.toThrow(
      /the system takes no folders there: choose another place \(ENOENT\)/,
    )
  },
)

// The superuser may write everywhere, so permissions refuse it nothing.
test.skipIf(process.getuid?.() === 0)(
  'a folder without write permission: an error before anything is trained',
  async () => {
    await chmod(folder, 0o500)
    await expect(openRun(folder)).rejects.toThrow(/the folder is not writable/)
    await chmod(folder, 0o700)
  },
)

test('refuses a disk with less free than the run will write, and leaves the folder as it was', async () => {
  await writeFile(join(folder, 'model'), 'old')
  await expect(openRun(folder, { outcomes: ['model'], bytes: 2 ** 70 })).rejects.toThrow(
    /^cannot keep what the run will write: expected 1\.00 ZiB free in .*, found [\d.]+ \w+: free some space or choose another place$/,
  )
  expect(await readdir(folder)).toEqual(['model'])
  expect((await openRun(folder, { bytes: 1 })).folder).toBe(folder)
})
