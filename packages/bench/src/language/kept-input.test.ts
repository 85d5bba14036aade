// Standard input that several processes keep at once: it stays as long as one of them needs it, no longer.

import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepInput, type KeptInput } from './kept-input.js'

const here = process.cwd()
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-kept-input-'))
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

async function* text(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('The rain in spring '))
  yield Buffer.from('falls on the plain.\n')
}
const kept = (): Promise<KeptInput> => keepInput(text(), false)
const contentOf = ({ path }: KeptInput): Promise<string> => readFile(path, 'utf8')

test('the last of those that do not begin removes it', async () => {
  const [one, other] = await Promise.all([kept(), kept()])
  expect(other.path).toBe(one.path)
  await one.undo()
  expect(await contentOf(other)).toBe('The rain in spring falls on the plain.\n')
  await other.undo()
  expect(await readdir('.')).toEqual([])
})

test('it is removed where all end at once', async () => {
  const all = await Promise.all([kept(), kept(), kept()])
  await Promise.all(all.map(({ undo }) => undo()))
  expect(await readdir('.')).toEqual([])
})

test.each([0, 1])('it stays for the run that begins, be it of the first or of the second: %i', async (n) => {
  const both = [await kept(), await kept()] as const
  await both[n]!.begun()
  await both[1 - n]!.undo()
  // One that comes later finds it, and has no right to remove it.
  await (await kept()).undo()
  expect(await readdir(dirname(both[0].path))).toEqual([basename(both[0].path)])
})

test('a process that was killed does not hold it', async () => {
  const killed = await kept()
  const names = await readdir(dirname(killed.path))
  const use = names.find((name) => name.startsWith(`.${basename(killed.path)}.`))!
  const gone = use.replace(new RegExp(`-${process.pid}-\\d+-`), `-${process.pid}-1-`)
  expect(gone).not.toBe(use)
  await rename(join(dirname(killed.path), use), join(dirname(killed.path), gone))
  await (await kept()).undo()
  expect(await readdir('.')).toEqual([])
})
