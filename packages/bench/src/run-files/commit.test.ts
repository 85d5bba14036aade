// What a run says of the code that it was begun with.

import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commitOf, commitText } from './commit.js'

test('is the commit, with whether followed files were changed since; nothing without a repository', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lotion-commit-'))
  try {
    expect(await commitOf(folder)).toBeUndefined()
    const git = (...words: readonly string[]): string =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    git('init')
    expect(await commitOf(folder)).toBeUndefined()
    await writeFile(join(folder, 'a.txt'), 'a')
    git('add', 'a.txt')
    git('commit', '-m', 'first')
    const id = git('rev-parse', 'HEAD')
    expect(await commitOf(folder)).toEqual({ id, changed: false })
    await writeFile(join(folder, 'new.txt'), 'not followed')
    expect(await commitOf(folder)).toEqual({ id, changed: false })
    await writeFile(join(folder, 'a.txt'), 'b')
    const found = await commitOf(folder)
    expect(found).toEqual({ id, changed: true })
    expect(commitText(found!)).toBe(`${id} with changes since`)
    expect(await commitOf(folder, [join(folder, 'a.txt'), join(folder, '..', 'b.txt')])).toEqual({
      id,
      changed: false,
    })
    expect(await commitOf(folder, [join(folder, 'b.txt')])).toEqual({ id, changed: true })
    expect(await commitOf(join(folder, 'none'))).toBeUndefined()
  } finally {
    await rm(folder, { recursive: true })
  }
})
