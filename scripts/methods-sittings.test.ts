// A cell names all the code that made it, also where that changed between its beginning and its end.

import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Sitting } from './methods/cells.js'
import { sittingsOf } from './methods/sittings.js'

let root = ''
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'lotion-sittings-'))))
afterEach(() => rm(root, { recursive: true, force: true }))

const git = (...words: readonly string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()

/** Commit a file of code. @returns as sittings tell it. */
async function commit(code: string): Promise<string> {
  await writeFile(join(root, 'code.ts'), code)
  git('add', '-A')
  git('commit', '-m', code)
  return git('rev-parse', 'HEAD').slice(0, 10)
}

it('is a sitting a code, with the commits whose work it went on with', async () => {
  git('init')
  await writeFile(join(root, '.gitignore'), 'work/\n')
  await writeFile(join(root, 'methods.jsonl'), '')
  const first = await commit('one')
  const folder = join(root, 'work')
  await mkdir(folder)
  const told: Omit<Sitting, 'sitting'>[] = []
  const book = { sit: (sitting: Omit<Sitting, 'sitting'>) => told.push(sitting) - 1 }
  const made = [join(root, 'methods.jsonl'), join(root, 'methods.md')]
  const sit = () => sittingsOf({ repository: root, folder, book, made })
  const codes = () => told.map(({ commit: code, begun }) => [code, begun])

  const one = await sit()
  expect(await one()).toBe(0)
  // Its own cells are no change of the code.
  await writeFile(join(root, 'methods.jsonl'), 'a cell')
  expect(await one()).toBe(0)
  expect(codes()).toEqual([[first, undefined]])

  // Committed while it works: what ends from now on may have begun before.
  const second = await commit('two')
  expect(await one()).toBe(1)
  expect(codes()[1]).toEqual([second, [first]])

  // Begun, and killed before a cell; gone on with by other code.
  await sit()
  await writeFile(join(root, 'code.ts'), 'three')
  const three = await sit()
  expect(told).toHaveLength(2)
  expect(await three()).toBe(2)
  expect(codes()[2]).toEqual([`${second} with changes`, [first, second]])
})

it('does not know who began what lies in a folder without a note', async () => {
  const folder = join(root, 'work')
  await mkdir(join(folder, 'language'), { recursive: true })
  const told: Omit<Sitting, 'sitting'>[] = []
  const book = { sit: (sitting: Omit<Sitting, 'sitting'>) => told.push(sitting) - 1 }
  git('init')
  const code = await commit('one')
  await (
    await sittingsOf({ repository: root, folder, book, made: [] })
  )()
  expect(told[0]).toMatchObject({ commit: code, begun: ['unknown'] })
})
