// What a run goes on from: a stop while it is tuned, while several processes train, on a disk that is full.
// Each time all files but for times are those of a run that nothing happened to.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { recordedCli, type CliOutcome } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Workers take over the loaders of their parent: vitest's own is none that a process could have.
const loaders = ['--import', 'tsx', '--conditions=@lotion/source']
process.execArgv.push(...loaders)

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-resume-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const line = 'run linear-regression --dimension 32 --seeds 1 --casts 2 --methods'
const train = (options: string, out: string, signal?: AbortSignal): Promise<CliOutcome> =>
  recordedCli([...`${line} ${options} --out`.split(' '), out], signal)

const until = async (reached: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; !(await reached()); waited++) {
    if (waited > 20_000) throw new Error('what was waited for did not come')
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

/** Every file of a run but for the lock, without times and the folder's own name. */
async function filesOf(out: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== 'report.html')
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
  const texts = await Promise.all(
    names.toSorted().map(async (name) => [
      name,
      name.endsWith('.safetensors')
        ? (await readFile(join(out, name))).toString('base64')
        : (await readFile(join(out, name), 'utf8'))
            .replaceAll(out, 'OUT')
            .replaceAll(/"(timing|clock)": ?\{[^}]*\}/g, '"$1":{}')
            .replaceAll(/"(finishedAt)": ?"[^"]*"/g, '"$1":""')
            .replaceAll(/--workers \d/g, '--workers N'),
    ]),
  )
  return Object.fromEntries(texts) as Readonly<Record<string, string>>
}

/** Train, stop where `reached`, go on. @returns the files of it, and of a run that was not stopped. */
async function stopAndGoOn(
  name: string,
  options: string,
  {
    reached,
    resume = [],
  }: { reached: (out: string) => boolean | Promise<boolean>; resume?: readonly string[] },
): Promise<readonly [stopped: object, undisturbed: object]> {
  const [undisturbed, stopped] = [join(folder, name), join(folder, `${name}-stopped`)]
  expect(await train(options, undisturbed)).toMatchObject({ status: 0 })
  const stop = new AbortController()
  const running = train(options, stopped, stop.signal)
  await until(() => reached(stopped))
  stop.abort(new Error('stopped'))
  expect(await running).toMatchObject({ status: 130 })
  expect(existsSync(join(stopped, 'owner.json'))).toBe(false)
  const { status, stderr } = await recordedCli(['resume', stopped, ...resume])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  return [await filesOf(stopped), await filesOf(undisturbed)]
}

const count = async (path: string): Promise<number> => (await readdir(path).catch(() => [])).length

test('a run that is stopped while it is tuned', async () => {
  // 3 settings on 5 seeds each, then the test.
  const [stopped, undisturbed] = await stopAndGoOn(
    'tuned',
    'qat --steps 60 --workers 1 --tune --checkpoint-every 10steps',
    {
      reached: async (out) => (await count(join(out, 'finished'))) > 6,
    },
  )
  expect(stopped).toEqual(undisturbed)
})

test('a run that is stopped while two processes train, and goes on in one', async () => {
  const [stopped, undisturbed] = await stopAndGoOn(
    'workers',
    'qat,lotion --steps 4000 --workers 2 --checkpoint-every 500steps',
    {
      reached: async (out) => (await count(join(out, 'checkpoints'))) >= 1,
      resume: ['--workers', '1'],
    },
  )
  expect(stopped).toEqual(undisturbed)
})

test('a run that another process trains is refused to a second one, and ends as if that had not come', async () => {
  const [undisturbed, shared] = [join(folder, 'alone'), join(folder, 'shared')]
  const options = 'qat,lotion --steps 4000 --workers 1'
  expect(await train(options, undisturbed)).toMatchObject({ status: 0 })
  const main = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
  const words = [...`${line} ${options} --out`.split(' '), shared]
  const first = spawn(process.execPath, [...loaders, main, ...words], { stdio: 'ignore' })
  const ended = new Promise<number | null>((resolve) => first.on('exit', resolve))
  await until(() => existsSync(join(shared, 'metrics.jsonl')))
  const seconds = [await recordedCli(['resume', shared]), await train(options, shared)]
  // The second has something to be refused by only while the first lives.
  expect(first.exitCode).toBe(null)
  expect(seconds.map(({ status, stdout }) => [status, stdout])).toEqual([
    [1, ''],
    [1, ''],
  ])
  expect(seconds[0]!.stderr).toContain(`process ${first.pid}`)
  expect(await ended).toBe(0)
  expect(await filesOf(shared)).toEqual(await filesOf(undisturbed))
})

/** A small file system of its own; who may not mount one cannot fill a disk without filling the real one. */
const canMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('sh', [
    '-c',
    'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"',
  ]).status === 0
if (!canMount) console.warn('SKIPPED: a run on a full disk. Reason: no file system can be mounted here')

test.runIf(canMount)('a run whose disk is full, once there is room again', async () => {
  const options = 'qat,lotion --steps 4000 --workers 1 --checkpoint-every 200steps'
  const undisturbed = join(folder, 'roomy')
  expect(await train(options, undisturbed)).toMatchObject({ status: 0 })
  const disk = join(folder, 'disk')
  await mkdir(disk)
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]).status).toBe(0)
  try {
    const out = join(disk, 'run')
    const running = train(options, out)
    await until(async () => (await count(join(out, 'checkpoints'))) >= 1)
    const { bavail, bsize } = await statfs(disk)
    await writeFile(join(disk, 'ballast'), new Uint8Array(bavail * bsize)).catch(() => undefined)
    const { status, stderr } = await running
    expect(status).toBe(1)
    expect(stderr).toMatch(/ENOSPC|no space left/)
    expect(stderr).toMatch(/^to go on: lotion resume /m)
    const full = await recordedCli(['resume', out])
    expect(full).toMatchObject({ status: 1, stdout: '' })
    await rm(join(disk, 'ballast'))
    expect(await recordedCli(['resume', out])).toMatchObject({ status: 0 })
    expect(await filesOf(out)).toEqual(await filesOf(undisturbed))
  } finally {
    expect(spawnSync('umount', [disk]).status).toBe(0)
  }
})

test('a run that is stopped again is told by its path from where it was typed', async () => {
  const here = process.cwd()
  await mkdir(join(folder, 'began', 'elsewhere'), { recursive: true })
  const hints: string[] = []
  const stopped = async (from: string, words: readonly string[]): Promise<void> => {
    process.chdir(join(folder, from))
    const { status, stderr } = await recordedCli(words, AbortSignal.abort(new Error('stopped')))
    expect(status).toBe(130)
    hints.push(/^to go on: lotion resume (.*)$/m.exec(stderr)![1]!)
  }
  try {
    await stopped('began', [...line.split(' '), 'ptq', '--out', 'run'])
    await stopped('began/elsewhere', ['resume', '../run'])
    expect(hints).toEqual(['run', '../run'])
    process.chdir(folder)
    const { status, stdout } = await recordedCli(['resume', join('began', 'run')])
    expect(status).toBe(0)
    expect(stdout).toContain('  began/run/report.html ')
  } finally {
    process.chdir(here)
  }
})
