import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownerHere } from '@lotion/checkpoints/internal'
import { freshFolder, openRun } from './open-run.js'

let folder = ''
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'lotion-run-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const ownerText = (): string => JSON.stringify({ ...ownerHere(), host: 'here' })

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

const begin = '{"version":1}\n'
const lines = async (): Promise<readonly string[]> =>
  (await readFile(join(folder, 'metrics.jsonl'), 'utf8')).split('\n')
const textOf = (steps: readonly number[]): string =>
  steps.map((step) => `${JSON.stringify(evaluation(step))}\n`).join('')

test('makes the folder, writes what makes it a run, and holds it until it is closed', async () => {
  const run = await openRun(join(folder, 'a', 'b'), { begin })
  expect(await readdir(run.folder)).toEqual(['metrics.jsonl', 'owner.json', 'run.json'])
  await run.finish()
  expect(await readdir(run.folder)).toEqual(['metrics.jsonl', 'run.json'])
  expect(await readFile(run.path('run.json'), 'utf8')).toBe(begin)
})

test('adds records in the order of the calls, also when they are not awaited', async () => {
  const run = await openRun(folder, { begin })
  await Promise.all([0, 1, 2, 3].map((step) => run.record(evaluation(step))))
  await run.finish()
  expect((await lines()).join('\n')).toBe(textOf([0, 1, 2, 3]))
})

test('refuses a folder that holds a run, or anything else, and leaves it as it was', async () => {
  await (await openRun(join(folder, 'run'), { begin })).close()
  await expect(openRun(join(folder, 'run'), { begin })).rejects.toThrow(
    /run: expected a new folder for a new run, found a run: choose another name; lotion resume continues that one$/,
  )
  expect(await readdir(join(folder, 'run'))).toEqual(['metrics.jsonl', 'run.json'])
  await expect(openRun(folder, { begin })).rejects.toThrow(
    /expected a new or an empty folder for a run, found run in it: choose another name$/,
  )
  expect(await readdir(folder)).toEqual(['run'])
  await expect(openRun(folder, {})).rejects.toThrow(/expected the folder of a run, found no run\.json in it$/)
  expect(await readdir(folder)).toEqual(['run'])
})

test('takes the first free name', async () => {
  const base = join(folder, 'runs', 'mine')
  expect([await freshFolder(base), await freshFolder(base), await freshFolder(base)]).toEqual([
    base,
    `${base}-2`,
    `${base}-3`,
  ])
})

test.each([
  ['in the middle of a line', '{"type":"evalu', [0, 1, 2]],
  ['after another line', `${JSON.stringify(evaluation(7))}\n`, [0, 1, 2]],
  ['after a line that is not told again', textOf([2]), [0, 1]],
])(
  'a run that goes on passes by what stands there and cuts at the first difference: %s',
  async (_, tail, steps) => {
    await (await openRun(folder, { begin })).close()
    await writeFile(join(folder, 'metrics.jsonl'), textOf([0, 1]) + tail)
    const before = await stat(join(folder, 'metrics.jsonl'))
    const run = await openRun(folder, {})
    await run.record(evaluation(0))
    expect((await stat(join(folder, 'metrics.jsonl'))).mtimeMs).toBe(before.mtimeMs)
    for (const step of steps.slice(1)) await run.record(evaluation(step))
    await run.finish()
    expect((await lines()).join('\n')).toBe(textOf(steps))
  },
)

test('a run that another process has is refused; of two at a dead one’s, one gets it', async () => {
  const run = await openRun(folder, { begin })
  await expect(openRun(folder, {})).rejects.toThrow(
    `${folder}: expected a run that no other process works on, found process ${process.pid} at it: wait for it, or stop it`,
  )
  await run.close()
  const elsewhere = { machine: '000000000000', pid: 7, start: 1, host: 'other' }
  await writeFile(join(folder, 'owner.json'), JSON.stringify(elsewhere))
  await expect(openRun(folder, {})).rejects.toThrow(/found process 7 of other, of which nothing can be known/)
  const dead = { ...(JSON.parse(ownerText()) as object), pid: 2 ** 22 + 1 }
  await writeFile(join(folder, 'owner.json'), JSON.stringify(dead))
  const both = await Promise.allSettled([openRun(folder, {}), openRun(folder, {})])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('writes files beside the metrics and refuses names that lead out of the folder', async () => {
  const run = await openRun(folder, { begin })
  expect(await run.write('report.html', '<p>')).toBe(join(folder, 'report.html'))
  await expect(run.write('../report.html', '')).rejects.toThrow(
    "name: expected the name of a file in the run's folder, found '../report.html'",
  )
})

test('a folder that cannot be: an error that says what to do', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(openRun(join(folder, 'file'), { begin })).rejects.toThrow(
    /there is a file of that name: choose another name \(EEXIST\)/,
  )
  await expect(openRun(join(folder, 'file', 'run'), { begin })).rejects.toThrow(
    /is a file, not a folder: choose another path \(ENOTDIR\)/,
  )
})

// /proc answers ENOENT to every new folder, whatever is tried.
test.runIf(process.platform === 'linux')(
  'a place that takes no folders: an error, not an endless attempt',
  async () => {
    await expect(openRun('/proc/lotion/run', { begin })).rejects.toThrow(
      /the system takes no folders there: choose another place \(ENOENT\)/,
    )
  },
)

// The superuser may write everywhere, so permissions refuse it nothing.
test.skipIf(process.getuid?.() === 0)(
  'a folder without write permission: an error before anything is trained',
  async () => {
    await chmod(folder, 0o500)
    await expect(openRun(folder, { begin })).rejects.toThrow(/the folder is not writable/)
    await chmod(folder, 0o700)
  },
)

test('refuses a disk with less free than the run will write, and leaves nothing there', async () => {
  const place = join(folder, 'run')
  await expect(openRun(place, { begin, bytes: 2 ** 70 })).rejects.toThrow(
    /^cannot keep what the run will write: expected 1\.00 ZiB free in .*, found [\d.]+ \w+: free some space or choose another place$/,
  )
  expect(await readdir(folder)).toEqual([])
  expect((await openRun(place, { begin, bytes: 1 })).folder).toBe(place)
})
