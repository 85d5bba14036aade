import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { removeAbandoned, temporaryBeside } from './temporary-name.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-owners-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Start a process that prints the name it would give, and then waits until it is ended. */
async function owner(): Promise<{ readonly child: ChildProcess; readonly path: string }> {
  const source = fileURLToPath(new URL('./temporary-name.ts', import.meta.url))
  const target = JSON.stringify(join(folder, 'model.bin'))
  const text = `import { temporaryBeside } from ${JSON.stringify(source)}
    process.stdout.write(temporaryBeside(${target})); process.stdin.resume()`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', text], {
    cwd: dirname(source),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [path] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, path: path.toString() }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** The parts of a name's owner, to forge others. */
function forged(change: (owner: string[]) => string[]): string {
  const own = basename(temporaryBeside(join(folder, 'a')))
  const [, parts = ''] = /\.lotion-(.*)\.tmp$/.exec(own) ?? []
  return join(folder, `.a.lotion-${change(parts.split('-')).join('-')}.tmp`)
}

describe('temporaryBeside', () => {
  test('names lie beside the path, are hidden, and differ from call to call', () => {
    const [one, other] = [temporaryBeside('runs/a.bin'), temporaryBeside('runs/a.bin')]
    expect(dirname(one)).toBe('runs')
    expect(basename(one)).toMatch(
      new RegExp(`^\\.a\\.bin\\.lotion-[0-9a-f]{12}-${process.pid}-\\d+-[0-9a-f]{12}\\.tmp$`),
    )
    expect(one).not.toBe(other)
  })

  test.each(['a', '🧴', 'é'])('a name as long as a file system allows stays one: %s', async (letter) => {
    const name = letter.repeat(Math.floor(255 / Buffer.byteLength(letter)))
    const path = temporaryBeside(join(folder, name))
    expect(Buffer.byteLength(basename(path))).toBeLessThanOrEqual(255)
    await writeFile(path, '')
    await removeAbandoned(folder)
    expect(await readdir(folder)).toEqual([basename(path)])
  })
})

describe('removeAbandoned', () => {
  test('keeps what a living process writes, file or folder, and removes it once that is gone', async () => {
    const { child, path } = await owner()
    await writeFile(path, 'half')
    await mkdir(`${temporaryBeside(join(folder, 'mine'))}/src`, { recursive: true })
    const before = (await readdir(folder)).sort()
    await removeAbandoned(folder)
    expect((await readdir(folder)).sort()).toEqual(before)
    await end(child)
    await removeAbandoned(folder)
    expect(await readdir(folder)).toEqual(before.filter((name) => name !== basename(path)))
  })

  test('removes a folder with what is in it', async () => {
    const { child, path } = await owner()
    await mkdir(join(path, 'src'), { recursive: true })
    await writeFile(join(path, 'src', 'a.ts'), '')
    await end(child)
    await removeAbandoned(folder)
    expect(await readdir(folder)).toEqual([])
  })

  test.runIf(process.platform === 'linux')(
    'a process that got the number of a dead one is another process',
    async () => {
      const reused = forged(([machine = '', pid = '', start, random = '']) => [
        machine,
        pid,
        String(Number(start) - 1),
        random,
      ])
      await writeFile(reused, 'half')
      await removeAbandoned(folder)
      expect(await readdir(folder)).toEqual([])
    },
  )

  test.runIf(process.platform === 'linux')(
    'a process that has ended is dead before its parent asks how',
    async () => {
      // The shell turns into one `sleep`, which never asks after the other.
      const parent = spawn('sh', ['-c', 'sleep 0.4 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [text] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = text.toString().trim()
      const state = async (): Promise<readonly string[]> =>
        (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ')
      const start = (await state())[19] ?? ''
      const path = forged(([machine = '', , , random = '']) => [machine, pid, start, random])
      await writeFile(path, 'half')
      await removeAbandoned(folder)
      expect(await readdir(folder)).toEqual([basename(path)])
      await vi.waitUntil(async () => (await state())[0] === 'Z', { timeout: 30_000 })
      await removeAbandoned(folder)
      expect(await readdir(folder)).toEqual([])
      await end(parent)
    },
  )

  test('what processes of another machine wrote is kept for a day after their last write', async () => {
    const foreign = forged(([, ...rest]) => ['0123456789ab', ...rest])
    await writeFile(foreign, 'half')
    await removeAbandoned(folder)
    expect(await readdir(folder)).toEqual([basename(foreign)])
    const yesterday = new Date(Date.now() - 25 * 3600 * 1000)
    await utimes(foreign, yesterday, yesterday)
    await removeAbandoned(folder)
    expect(await readdir(folder)).toEqual([])
  })

  test('touches no file of any other name, and needs no folder', async () => {
    const others = [
      '.a.tmp',
      '.a.lotion-.tmp',
      'a.lotion-0123456789ab-1-1-0123456789ab.tmp',
      '.a.0123456789ab.tmp',
    ]
    for (const name of others) await writeFile(join(folder, name), '')
    const long = new Date(0)
    for (const name of others) await utimes(join(folder, name), long, long)
    await removeAbandoned(folder)
    expect((await readdir(folder)).sort()).toEqual([...others].sort())
    await removeAbandoned(join(folder, 'absent'))
  })
})
