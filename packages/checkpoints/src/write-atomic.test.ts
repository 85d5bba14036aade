import { spawnSync } from 'node:child_process'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundled } from '@lotion/test-kit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { writeAtomic } from './write-atomic.js'

let program: { readonly folder: string; readonly url: string }
beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'lotion-program-'))
  const url = await bundled(new URL('write-atomic.ts', import.meta.url), join(home, 'write-atomic.mjs'))
  program = { folder: home, url }
})
afterAll(() => rm(program.folder, { recursive: true }))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-atomic-'))
})
afterEach(async () => {
  await chmod(folder, 0o700)
  await rm(folder, { recursive: true })
})

/** Run a script that imports `writeAtomic` in a process of its own. */
function runAlone(script: string, limit = '') {
  const text = `import { writeAtomic } from ${JSON.stringify(program.url)}; ${script}`
  return spawnSync(
    'sh',
    ['-c', `${limit} exec "$0" --input-type=module --eval "$1"`, process.execPath, text],
    { encoding: 'utf8' },
  )
}

describe('writeAtomic', () => {
  test('writes text, bytes and pieces, and replaces what was there', async () => {
    const path = join(folder, 'a.txt')
    await writeAtomic(path, 'é')
    expect(await readFile(path, 'utf8')).toBe('é')
    await writeAtomic(path, new Uint8Array([1, 2]))
    expect([...(await readFile(path))]).toEqual([1, 2])
    await writeAtomic(path, ['x', new Uint8Array([121])])
    expect(await readFile(path, 'utf8')).toBe('xy')
    await writeAtomic(
      path,
      (async function* () {
        yield 'p'
        yield 'q'
      })(),
    )
    expect(await readFile(path, 'utf8')).toBe('pq')
    expect(await readdir(folder)).toEqual(['a.txt'])
  })

  test('writes more than one piece exactly', async () => {
    const bytes = new Uint8Array(40 * 2 ** 20).map((_, i) => i % 251)
    await writeAtomic(join(folder, 'big'), bytes)
    expect((await readFile(join(folder, 'big'))).equals(bytes)).toBe(true)
  })

  test.skipIf(process.platform === 'win32')(
    'removes what a killed process left, with the next write',
    async () => {
      const path = join(folder, 'a')
      await writeFile(path, 'old')
      const { signal } = runAlone(
        `await writeAtomic(${JSON.stringify(path)}, (function* () { yield 'half'; process.kill(process.pid, 'SIGKILL'); yield 'whole' })())`,
      )
      expect(signal).toBe('SIGKILL')
      expect(await readFile(path, 'utf8')).toBe('old')
      expect(await readdir(folder)).toHaveLength(2)
      const { status } = runAlone(`await writeAtomic(${JSON.stringify(join(folder, 'b'))}, 'other')`)
      expect(status).toBe(0)
      expect(await readdir(folder)).toEqual(['a', 'b'])
    },
  )

  test('keeps the old file and no temporary one when the content fails half-way', async () => {
    const path = join(folder, 'a.txt')
    await writeFile(path, 'old')
    const failing = function* () {
      yield 'new'
      throw new Error('no more')
    }
    await expect(writeAtomic(path, failing())).rejects.toThrow('no more')
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['a.txt'])
  })

  describe.skipIf(process.platform === 'win32')('on systems with links and modes', () => {
    test('follows symbolic links, chains of them and those that lead to nothing yet', async () => {
      const [blobs, snapshot] = [join(folder, 'blobs'), join(folder, 'snapshot')]
      await Promise.all([blobs, snapshot].map((path) => mkdir(path)))
      await writeFile(join(blobs, 'a'), 'old')
      await symlink('../blobs/a', join(snapshot, 'model'))
      await symlink(join(snapshot, 'model'), join(folder, 'latest'))
      await writeAtomic(join(folder, 'latest'), 'new')
      expect(await readFile(join(blobs, 'a'), 'utf8')).toBe('new')
      expect(await readlink(join(snapshot, 'model'))).toBe('../blobs/a')
      expect((await lstat(join(folder, 'latest'))).isSymbolicLink()).toBe(true)

      await symlink('../blobs/b', join(snapshot, 'other'))
      await writeAtomic(join(snapshot, 'other'), 'made')
      expect(await readFile(join(blobs, 'b'), 'utf8')).toBe('made')
      expect((await readdir(blobs)).sort()).toEqual(['a', 'b'])

      await symlink('circle', join(folder, 'circle'))
      await expect(writeAtomic(join(folder, 'circle'), 'x')).rejects.toThrow(
        /cannot write .*circle: the symbolic links of this path lead in a circle, .*: remove them or choose another path/,
      )
    })

    test.each([0o600, 0o640, 0o444, 0o755])('keeps the mode %o, also while it writes', async (mode) => {
      const path = join(folder, 'a')
      await writeFile(path, 'old')
      await chmod(path, mode)
      const seen: number[] = []
      await writeAtomic(
        path,
        (async function* () {
          for (const name of await readdir(folder)) seen.push((await stat(join(folder, name))).mode & 0o777)
          yield 'new'
        })(),
      )
      expect(new Set(seen)).toEqual(new Set([0o600, mode]))
      expect((await stat(path)).mode & 0o7777).toBe(mode)
      expect(await readFile(path, 'utf8')).toBe('new')
    })
  })

  test('says what to do about a missing folder, a folder in the way and a file used as a folder', async () => {
    await expect(writeAtomic(join(folder, 'no', 'a'), 'x')).rejects.toThrow(
      /the folder does not exist: create it first/,
    )
    await mkdir(join(folder, 'b'))
    await expect(writeAtomic(join(folder, 'b'), 'x')).rejects.toThrow(
      /expected a file or nothing there, found a folder/,
    )
    await writeFile(join(folder, 'c'), '')
    await expect(writeAtomic(join(folder, 'c', 'a'), 'x')).rejects.toThrow(/a part of the path is a file/)
    expect((await readdir(folder)).sort()).toEqual(['b', 'c'])
  })

  test.skipIf(process.platform === 'win32')('says that a folder is not writable', async () => {
    await chmod(folder, 0o555)
    // Permissions do not bind the superuser: become nobody first.
    const { stderr } = runAlone(
      `if (process.getuid() === 0) process.setuid(65534)
       await writeAtomic(${JSON.stringify(join(folder, 'a'))}, 'x')`,
    )
    expect(stderr).toMatch(
      /cannot write .*: the folder is not writable: change its permissions or choose another/,
    )
    expect(await readdir(folder)).toEqual([])
  })

  // A file-size limit makes the write itself fail, as a full disk does.
  test.skipIf(process.platform === 'win32')(
    'leaves nothing behind when a write fails, and says why',
    async () => {
      const path = join(folder, 'a')
      const { status, stderr } = runAlone(
        `await writeAtomic(${JSON.stringify(path)}, new Uint8Array(4e6))`,
        'ulimit -f 8 &&',
      )
      expect(status).not.toBe(0)
      expect(stderr).toMatch(/cannot write .*: the file is larger than the system allows.*\(EFBIG\)/)
      expect(await readdir(folder)).toEqual([])
    },
  )

  test.skipIf(process.platform === 'win32')(
    'leaves nothing behind when the process exits in the middle',
    async () => {
      const path = join(folder, 'a')
      const { status, stderr } = runAlone(
        `await writeAtomic(${JSON.stringify(path)}, (function* () { yield 'half'; process.exit(7) })())`,
      )
      expect(stderr).toBe('')
      expect(status).toBe(7)
      expect(await readdir(folder)).toEqual([])
    },
  )
})
