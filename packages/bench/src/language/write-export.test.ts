// A folder of an export is there when it is whole, and nothing is left of one that was not.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportFile } from '@lotion/export'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeExport } from './write-export.js'

let folder = ''
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'lotion-export-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const options = { folder: true, signal: new AbortController().signal, onProgress: () => undefined }
const file = (name: string, pieces: ExportFile['pieces']): ExportFile => ({ name, size: 2, pieces })

test('the folder appears with its last byte', async () => {
  const place = join(folder, 'deep', 'made')
  const seen: (readonly string[])[] = []
  const two = async function* (): AsyncGenerator<Uint8Array> {
    seen.push((await readdir(join(folder, 'deep'))).filter((name) => !name.startsWith('.')))
    yield Uint8Array.of(65, 66)
  }
  await writeExport(place, [file('a', two), file('b/c', two)], options)
  expect(seen).toEqual([[], []])
  expect(await readdir(join(folder, 'deep'))).toEqual(['made'])
  expect(await readFile(join(place, 'b', 'c'), 'utf8')).toBe('AB')
})

test('of a folder that fails nothing is left, and what is there already is kept', async () => {
  const place = join(folder, 'made')
  const fails = async function* (): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(65)
    throw new Error('no more')
  }
  await expect(writeExport(place, [file('a', fails)], options)).rejects.toThrow('no more')
  expect(await readdir(folder)).toEqual([])
  await writeFile(place, 'mine')
  await expect(writeExport(place, [file('a', fails)], options)).rejects.toThrow(/expected nothing there yet/)
  expect(await readFile(place, 'utf8')).toBe('mine')
})
