import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openCheckpoint } from './open-checkpoint.js'
import { writeSafetensors } from './safetensors.js'
import type { TensorSource } from './written-tensors.js'
import { parseIndex } from './shard-index.js'
import { writeShards } from './write-shards.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-shards-'))
})
afterEach(() => rm(folder, { recursive: true }))

const index = (): string => join(folder, 'model.safetensors.index.json')

function source(...bytes: readonly number[]): TensorSource {
  return { dtype: 'U8', shape: [bytes.length], read: () => Uint8Array.from(bytes) }
}

/** Write an index as others do: any object. */
async function writeIndex(value: unknown): Promise<void> {
  await writeFile(index(), JSON.stringify(value))
}

describe('a checkpoint in shards', () => {
  test('is read back as it was written, by its folder or its index', async () => {
    const tensors = { a: source(1, 2), b: source(3), big: source(4, 5, 6, 7, 8), ['__proto__']: source(9) }
    const to = join(folder, 'new', 'one')
    await writeShards(to, tensors, { format: 'pt' }, 3)
    expect((await readdir(to)).sort()).toEqual([
      'model-00001-of-00003.safetensors',
      'model-00002-of-00003.safetensors',
      'model-00003-of-00003.safetensors',
      'model.safetensors.index.json',
    ])
    expect(JSON.parse(await readFile(join(to, 'model.safetensors.index.json'), 'utf8'))).toEqual({
      metadata: { total_size: 9 },
      weight_map: JSON.parse(
        '{"__proto__":"model-00003-of-00003.safetensors","a":"model-00001-of-00003.safetensors","b":"model-00001-of-00003.safetensors","big":"model-00002-of-00003.safetensors"}',
      ) as unknown,
    })
    for (const path of [to, join(to, 'model.safetensors.index.json')]) {
      const file = await openCheckpoint(path)
      expect(file.sharded).toBe(true)
      expect(file.files.length).toBe(3)
      expect({ ...file.metadata }).toEqual({ format: 'pt' })
      expect(Object.keys(file.tensors)).toEqual(['__proto__', 'a', 'b', 'big'])
      expect([...(await file.tensor('big')).bytes]).toEqual([4, 5, 6, 7, 8])
      expect([...(await file.part('a', 1, 1)).bytes]).toEqual([2])
      for await (const piece of file.pieces('__proto__')) expect([...piece]).toEqual([9])
      await expect(file.tensor('c')).rejects.toThrow(/expected a tensor that the index names, found 'c'/)
      await file.close()
    }
  })

  test('that fails leaves no folder that it made, and one that was there', async () => {
    const bad: TensorSource = { dtype: 'U8', shape: [1], read: () => Promise.reject(new Error('at home')) }
    const old = join(folder, 'old')
    await mkdir(old)
    for (const to of [join(folder, 'new', 'one'), old])
      await expect(writeShards(to, { a: source(1), b: bad }, {}, 1)).rejects.toThrow('at home')
    expect(await readdir(folder, { recursive: true })).toEqual(['old'])
  })

  test('is one file where there is no index', async () => {
    await writeSafetensors(join(folder, 'model.safetensors'), { a: { data: Int32Array.of(1), shape: [1] } })
    for (const path of [folder, join(folder, 'model.safetensors')]) {
      const file = await openCheckpoint(path)
      expect([file.sharded, Object.keys(file.tensors)]).toEqual([false, ['a']])
      await file.close()
    }
    await mkdir(join(folder, 'empty'))
    await expect(openCheckpoint(join(folder, 'empty'))).rejects.toThrow(
      /expected model.safetensors.index.json or model.safetensors in the folder, found neither/,
    )
    await expect(openCheckpoint(join(folder, 'none'))).rejects.toThrow(/cannot read .*none: ENOENT/)
    await symlink('circle', join(folder, 'circle'))
    await expect(openCheckpoint(join(folder, 'circle'))).rejects.toThrow(
      /cannot read .*circle: the symbolic links .*: name the file itself/,
    )
  })

  test('is refused unless index and shards say the same', async () => {
    const u8 = (value: number) => ({ data: Uint8Array.of(value), shape: [1] })
    const [one, two] = ['one.safetensors', 'two.safetensors']
    await writeSafetensors(join(folder, one), { a: u8(1) }, { seed: '1' })
    await writeSafetensors(join(folder, two), { b: u8(2) }, { format: 'pt' })
    const map = { a: one, b: two }
    await writeIndex({ metadata: { total_size: 2, total_parameters: 2.5 }, weight_map: map, more: [{}] })
    const file = await openCheckpoint(folder)
    expect({ ...file.metadata }).toEqual({ seed: '1', format: 'pt' })
    await file.close()
    // Some tools write whole numbers as 2.0: that is 2 bytes.
    await writeFile(index(), `{"metadata":{"total_size":2.0},"weight_map":${JSON.stringify(map)}}`)
    await (await openCheckpoint(folder)).close()
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [
        { weight_map: { ...map, c: two } },
        /'c': expected it in "two.safetensors", found no tensor of that name/,
      ],
      [{ weight_map: { a: one } }, /^(?!.*two)/],
      [{ weight_map: { a: one, b: one } }, /'b': expected it in "one.safetensors"/],
      [{ weight_map: { a: one, b: 'three.safetensors' } }, /cannot read .*three.safetensors: ENOENT/],
      [
        { metadata: { total_size: 3 }, weight_map: map },
        /total_size: expected the 2 bytes of all tensors, found 3/,
      ],
      [{ weight_map: { a: '../one.safetensors' } }, /'a': expected the name of a file in the same folder/],
      [{ weight_map: { a: '/etc/passwd' } }, /'a': expected the name of a file in the same folder/],
      [{ weight_map: { a: 3 } }, /JSON at byte/],
      [{ metadata: {} }, /weight_map: expected an object/],
      [[], /JSON at byte 0/],
    ]
    for (const [value, message] of cases) {
      await writeIndex(value)
      const outcome = await openCheckpoint(folder).then(
        async (opened) => {
          await opened.close()
          return Object.keys(opened.tensors).join()
        },
        (error: unknown) => String(error),
      )
      expect(outcome).toMatch(message)
    }
    await writeSafetensors(join(folder, two), { b: u8(2), extra: u8(3) }, { format: 'pt' })
    await writeIndex({ weight_map: map })
    await expect(openCheckpoint(folder)).rejects.toThrow(
      /expected all tensors of "two.safetensors" in the index, found 'extra' missing/,
    )
    await writeSafetensors(join(folder, two), { b: u8(2) }, { seed: '2' })
    await expect(openCheckpoint(folder)).rejects.toThrow(
      /metadata 'seed': expected the same in all shards, found "1" in one.safetensors and "2" in two/,
    )
  })

  test('an index with a key twice is refused', () => {
    const parse = (text: string) => parseIndex(Buffer.from(text))
    expect(() => parse('{"weight_map":{"a":"b","a":"c"}}')).toThrow(/"a" twice/)
    expect(() => parse('{"weight_map":{},"weight_map":{}}')).toThrow(/"weight_map" twice/)
    expect(() => parse('{"weight_map":{}} x')).toThrow(/nothing more/)
    expect(parse('{"weight_map":{"a":"b"}}').totalSize).toBeUndefined()
  })

  test('is not written over another, and leaves nothing when it fails', async () => {
    const to = join(folder, 'to')
    const failing: TensorSource = { dtype: 'U8', shape: [1], read: () => Promise.reject(new Error('gone')) }
    await expect(writeShards(to, { a: source(1), b: failing }, {}, 1)).rejects.toThrow('gone')
    expect(await readdir(folder)).toEqual([])
    // What a killed run left is removed by the next.
    await mkdir(to)
    await writeFile(join(to, 'model-00001-of-00009.safetensors'), 'half')
    await writeFile(join(to, '.lotion-unfinished-shards'), '')
    await writeShards(to, { a: source(1) }, {}, 1)
    expect((await readdir(to)).sort()).toEqual([
      'model-00001-of-00001.safetensors',
      'model.safetensors.index.json',
    ])
    await expect(writeShards(to, { a: source(1) }, {}, 1)).rejects.toThrow(
      /expected a folder without a checkpoint, found model/,
    )
    // What others left is not.
    await rm(join(to, 'model.safetensors.index.json'))
    await expect(writeShards(to, { a: source(1) }, {}, 1)).rejects.toThrow(
      /found model-00001-of-00001.safetensors: choose another/,
    )
    await expect(writeShards(to, {}, {}, 0)).rejects.toThrow(
      /shardBytes: expected a whole number of at least 1/,
    )
  })
})
