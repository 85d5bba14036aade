import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals } from '@lotion/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toFloat32 } from './dtype.js'
import { openSafetensors, readSafetensors, streamSafetensors, writeSafetensors } from './safetensors.js'

let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-safetensors-'))
  path = join(folder, 'file.safetensors')
})
afterAll(() => rm(folder, { recursive: true }))

/** A file from a header as text and the number of data bytes. */
function fileOf(header: string, dataLength: number, claimed = BigInt(Buffer.byteLength(header))): Buffer {
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(claimed)
  return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(dataLength)])
}

const weights = normals({ seed: 1, stream: 'weights' }, 6)

describe('safetensors', () => {
  test('read back bit for bit what was written', async () => {
    const ids = Int32Array.from([-1, 2 ** 31 - 1, 0])
    const odd = { dtype: 'F16', shape: [3], bytes: new Uint8Array([0, 60, 0, 192, 1, 124]) } as const
    await writeSafetensors(
      path,
      {
        odd,
        'a.weight': { data: weights, shape: [2, 3] },
        ids: { data: ids, shape: [3] },
        none: { data: new Float32Array(0), shape: [0, 4] },
      },
      { format: 'lotion', seed: '1' },
    )
    const { metadata, tensors } = await readSafetensors(path)
    expect(metadata).toEqual({ format: 'lotion', seed: '1' })
    expect(tensors['a.weight']).toMatchObject({ dtype: 'F32', shape: [2, 3] })
    expect(toFloat32(tensors['a.weight']!)).toEqual(weights)
    expect(tensors['ids']).toMatchObject({ dtype: 'I32', shape: [3] })
    expect([...new Int32Array(tensors['ids']!.bytes.buffer)]).toEqual([...ids])
    expect(tensors['odd']).toEqual(odd)
    expect([...toFloat32(tensors['odd']!)]).toEqual([1, -2, Number.NaN])
    expect(toFloat32(tensors['none']!)).toEqual(new Float32Array(0))
  })

  test('are written one tensor at a time, with the same bytes', async () => {
    const a = { data: weights, shape: [6] }
    const b = { dtype: 'U8', shape: [1], bytes: new Uint8Array([9]) } as const
    const c = { dtype: 'F32', shape: [0, 4], bytes: new Uint8Array(0) } as const
    await writeSafetensors(path, { b, a, c }, { seed: '1' })
    const whole = await readFile(path)
    const order: string[] = []
    const f32 = new Uint8Array(weights.buffer)
    await streamSafetensors(
      path,
      {
        b: { ...b, read: () => (order.push('b'), b.bytes) },
        c: { ...c, read: async () => (order.push('c'), c.bytes) },
        a: { dtype: 'F32', shape: [6], read: async () => (order.push('a'), f32) },
      },
      { seed: '1' },
    )
    expect(await readFile(path)).toEqual(whole)
    expect(order).toEqual(['a', 'c', 'b'])
    const failing = { dtype: 'U8', shape: [1], read: () => Promise.reject(new Error('gone')) } as const
    await expect(streamSafetensors(path, { b: failing })).rejects.toThrow('gone')
    const long = { dtype: 'U8', shape: [1], read: () => new Uint8Array(2) } as const
    await expect(streamSafetensors(path, { b: long })).rejects.toThrow(/'b': expected the 1 bytes.*found 2/)
    expect(await readFile(path)).toEqual(whole)
    expect(await readdir(folder)).toEqual(['file.safetensors'])
  })

  test('lay the same tensors out the same way, aligned, whatever their order', async () => {
    const a = { data: weights, shape: [6] }
    const b = { dtype: 'U8', shape: [1], bytes: new Uint8Array([9]) } as const
    await writeSafetensors(path, { b, a })
    const first = await readFile(path)
    await writeSafetensors(path, { a, b })
    expect(await readFile(path)).toEqual(first)
    expect(first.readBigUInt64LE() % 8n).toBe(0n)
    expect(first.subarray(8, 8 + Number(first.readBigUInt64LE())).toString()).toMatch(
      /^\{"a":\{"dtype":"F32","shape":\[6\],"data_offsets":\[0,24\]\},"b":.*\} *$/,
    )
  })

  test('read one tensor at a time, by name', async () => {
    await writeSafetensors(path, {
      w: { data: weights, shape: [6] },
      v: { data: weights.slice(1, 3), shape: [2] },
    })
    const file = await openSafetensors(path)
    expect(file.tensors).toEqual({ w: { dtype: 'F32', shape: [6] }, v: { dtype: 'F32', shape: [2] } })
    expect(toFloat32(await file.tensor('v'))).toEqual(weights.slice(1, 3))
    await expect(file.tensor('u')).rejects.toThrow(/expected a tensor of the name 'u', found \[v, w\]/)
    await truncate(path, 100)
    await expect(file.tensor('w')).rejects.toThrow(/the file was cut short/)
    await file.close()
  })

  test('refuse to write what does not fit', async () => {
    const short = { data: weights, shape: [7] }
    await expect(writeSafetensors(path, { w: short })).rejects.toThrow(
      /tensor 'w': expected the 28 bytes.*found 24/,
    )
    const fine = { data: weights, shape: [6] }
    await expect(writeSafetensors(path, { __metadata__: fine })).rejects.toThrow(/reserved/)
  })
})

const one = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
const two = (first: string, second: string) =>
  `{"a":{"dtype":"U8","shape":[2],"data_offsets":${first}},"b":{"dtype":"U8","shape":[2],"data_offsets":${second}}}`

describe('a hostile file', () => {
  test.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /expected at least 8 bytes, found 0/],
    ['seven bytes', Buffer.alloc(7), /expected at least 8 bytes, found 7/],
    ['a header beyond the file', fileOf(one, 8, 63n), /expected at most the 62 bytes that follow, found 63/],
    [
      'a header of 2^64 − 1 bytes',
      fileOf(one, 8, 2n ** 64n - 1n),
      /at most 100000000 bytes, found 18446744073709551615/,
    ],
    ['a header above the limit', fileOf(one, 8, 100_000_001n), /at most 100000000 bytes/],
    ['no header', fileOf('', 0), /expected a JSON object starting with '\{'/],
    ['an array', fileOf('[]', 0), /starting with '\{'/],
    ['a space in front', fileOf(` ${one}`, 8), /starting with '\{'/],
    ['half a header', fileOf(one.slice(0, 30), 8), /header: .*JSON/],
    ['bad UTF-8', fileOf('{"\xff":1}', 0).fill(0xff, 10, 11), /header: .*encoded data was not valid/],
    ['deep nesting', fileOf(`{"a":${'['.repeat(100_000)}`, 0), /at most 3 levels of nesting/],
    ['the same name twice', fileOf(`{${one.slice(1, -1)},${one.slice(1)}`, 8), /found "a" twice/],
    [
      'the same name in two spellings',
      fileOf(`{${one.slice(1, -1)},${one.slice(1).replace('a', '\\u0061')}`, 8),
      /found "a" twice/,
    ],
    ['an entry that is no object', fileOf('{"a":3}', 0), /entry 'a': .*expected object/],
    ['an unknown type', fileOf(one.replace('F32', 'F33'), 8), /entry 'a': dtype: /],
    ['a missing shape', fileOf('{"a":{"dtype":"U8","data_offsets":[0,1]}}', 1), /entry 'a': shape: /],
    ['a negative extent', fileOf(one.replace('[2]', '[-2]'), 8), /entry 'a': shape\.0: /],
    ['a fractional extent', fileOf(one.replace('[2]', '[2.5]'), 8), /entry 'a': shape\.0: /],
    ['an extent as text', fileOf(one.replace('[2]', '["2"]'), 8), /entry 'a': shape\.0: /],
    [
      'a shape that overflows',
      fileOf(one.replace('[2]', '[4503599627370496,4503599627370496]'), 8),
      /expected fewer elements/,
    ],
    [
      'an unknown member',
      fileOf(one.replace('"shape"', '"x":1,"shape"'), 8),
      /entry 'a': .*[Uu]nrecognized key/,
    ],
    ['three offsets', fileOf(one.replace('[0,8]', '[0,8,8]'), 8), /entry 'a': data_offsets: /],
    [
      'offsets backwards',
      fileOf(one.replace('[0,8]', '[8,0]'), 8),
      /expected 0 ≤ begin ≤ end ≤ 8, found \[8, 0\]/,
    ],
    ['offsets beyond the data', fileOf(one, 7), /expected 0 ≤ begin ≤ end ≤ 7, found \[0, 8\]/],
    [
      'a size that is not the shape’s',
      fileOf(one.replace('[2]', '[1]'), 8),
      /expected 4 bytes for F32 \[1\], found 8/,
    ],
    [
      'half bytes',
      fileOf('{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}', 2),
      /whole bytes of F4, found 12 bits/,
    ],
    ['an overlap', fileOf(two('[0,2]', '[1,3]'), 3), /'b': expected to begin at 2.*found 1 \(overlap\)/],
    ['a hole', fileOf(two('[0,2]', '[3,5]'), 5), /'b': expected to begin at 2.*found 3 \(hole\)/],
    ['a hole in front', fileOf(two('[1,3]', '[3,5]'), 5), /'a': expected to begin at 0.*found 1 \(hole\)/],
    ['bytes of no tensor', fileOf(one, 9), /expected 8 bytes behind the header, found 9/],
    [
      'metadata that is no text',
      fileOf('{"__metadata__":{"a":1}}', 0),
      /__metadata__: expected an object of strings/,
    ],
    [
      'metadata that is an array',
      fileOf('{"__metadata__":["a"]}', 0),
      /__metadata__: expected an object of strings/,
    ],
    [
      'a prototype',
      fileOf('{"__proto__":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}', 0),
      /'__proto__'/,
    ],
  ])('with %s is refused', async (_, bytes, message) => {
    await writeFile(path, bytes)
    await expect(readSafetensors(path)).rejects.toThrow(message)
    await expect(openSafetensors(path)).rejects.toThrow(path)
  })

  test('that is missing or a folder is refused by name', async () => {
    await expect(openSafetensors(join(folder, 'no'))).rejects.toThrow(/cannot read .*no: ENOENT/)
    await expect(openSafetensors(folder)).rejects.toThrow(/expected a file, found a folder/)
  })

  test('of random damage is read or refused, never more', async () => {
    const good = fileOf(`{"__metadata__":{"k":"v"},${two('[0,2]', '[2,4]').slice(1)}`, 4)
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Buffer.from(good)
        bytes[at] = value
        await writeFile(path, bytes)
        const result = await readSafetensors(path).catch((error: unknown) => error)
        if (result instanceof Error) expect(result.message).toContain(`cannot read ${path}: `)
        else expect(result).toHaveProperty('tensors')
      }),
      { numRuns: 300 },
    )
  })
})
