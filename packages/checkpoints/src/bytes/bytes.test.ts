import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals, perRow } from '@lotion/core'
import { int4, nvfp4, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castBytes, openSafetensorsBytes, parseSafetensors, readWeight, safetensorsBytes } from './index.js'
import { castFile, readSafetensors, writeSafetensors, type CastOptions } from '../index.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-bytes-'))
})
afterAll(() => rm(folder, { recursive: true }))

const data = normals({ seed: 1, stream: 'weights' }, 512)
const tensors = {
  odd: { dtype: 'F16', shape: [3], bytes: new Uint8Array([0, 60, 0, 192, 1, 124]) },
  'mlp.weight': { data, shape: [8, 64] },
  'é\u{feff}': { data: Int32Array.from([-1, 2]), shape: [2] },
  none: { data: new Float32Array(0), shape: [0, 4] },
  long: { data: Uint8Array.of(7), shape: [1] },
  ['n'.repeat(300)]: { data: new Float64Array(1), shape: [] },
} as const
const metadata = { seed: '1', '\u{feff}"quoted"\n': 'ü\u{1f600}' }

describe('safetensors in memory', () => {
  test('are the bytes of the file, and are read as the file is', async () => {
    const path = join(folder, 'file.safetensors')
    await writeSafetensors(path, tensors, metadata)
    const bytes = safetensorsBytes(tensors, metadata)
    expect(Buffer.from(bytes)).toEqual(await readFile(path))
    const file = await readSafetensors(path)
    expect(file.metadata).toEqual({ ...metadata })
    expect(parseSafetensors(bytes)).toEqual(file)
    expect(parseSafetensors(bytes.buffer)).toEqual(file)
    // Bytes that begin somewhere in a larger array.
    const inside = new Uint8Array(bytes.length + 5)
    inside.set(bytes, 3)
    expect(parseSafetensors(inside.subarray(3, -2))).toEqual(file)
    for (const source of [bytes, new Blob([bytes])]) {
      const opened = await openSafetensorsBytes(source)
      for (const [name, tensor] of Object.entries(file.tensors))
        expect(await opened.tensor(name)).toEqual(tensor)
      const part = await opened.part('mlp.weight', 5, 2)
      expect(part.bytes).toEqual(file.tensors['mlp.weight']!.bytes.slice(20, 28))
      await expect(opened.part('mlp.weight', 511, 2)).rejects.toThrow(
        /expected elements among the 512 of F32/,
      )
      await expect(opened.tensor('other')).rejects.toThrow(
        /^the bytes: expected a tensor of the name 'other'/,
      )
      await opened.close()
    }
  })

  test('tensors share memory where the whole is parsed, and are copies where they are read one by one', async () => {
    const bytes = safetensorsBytes({ a: { data: Uint8Array.of(1, 2), shape: [2] } })
    expect(parseSafetensors(bytes).tensors['a']!.bytes.buffer).toBe(bytes.buffer)
    const file = await openSafetensorsBytes(bytes)
    expect((await file.tensor('a')).bytes.buffer).not.toBe(bytes.buffer)
  })

  test.each<[string, Omit<CastOptions, 'signal'>]>([
    ['to weights', { format: withBlock(int4, perRow) }],
    ['to codes and scales', { format: nvfp4, packed: true }],
    ['by draws, in 16 bits', { format: int4, noise: randomizedRounding, seed: 3, dtype: 'BF16' }],
  ])('are cast %s as files are', async (_, options) => {
    const [from, to] = [join(folder, 'from.safetensors'), join(folder, 'to.safetensors')]
    await writeSafetensors(from, { 'mlp.weight': tensors['mlp.weight'], odd: tensors.odd })
    const expected = await castFile({ from, to, ...options })
    const file = await openSafetensorsBytes(await readFile(from))
    const { bytes, summary } = await castBytes(file, options)
    expect(Buffer.from(bytes)).toEqual(await readFile(to))
    expect(summary).toEqual(expected)
    const { shape } = await readWeight(await openSafetensorsBytes(bytes), 'mlp.weight')
    expect(shape).toEqual([8, 64])
  })

  test('what cannot be honoured is refused by name', async () => {
    const wrong = { a: { data: new Float32Array(3), shape: [2] } }
    expect(() => safetensorsBytes(wrong)).toThrow(/tensor 'a': expected the 8 bytes of F32 \[2\], found 12/)
    expect(() => safetensorsBytes({ __metadata__: { data: new Uint8Array(0), shape: [0] } })).toThrow(
      /reserved/,
    )
    const file = await openSafetensorsBytes(safetensorsBytes({}))
    const typo: object = { format: int4, form: 1 }
    await expect(castBytes(file, typo as CastOptions)).rejects.toThrow(/castBytes.*form/)
    const both: CastOptions = { format: nvfp4, packed: true, dtype: 'F32' }
    await expect(castBytes(file, both)).rejects.toThrow(/^dtype: packed weights are codes/)
  })
})
