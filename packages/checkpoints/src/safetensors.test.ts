import { constants } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { mkdtemp, open, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals } from '@lotion/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSafetensors, readSafetensors } from './open-safetensors.js'
import { streamSafetensors, writeSafetensors } from './safetensors.js'
import { toFloat32 } from './to-float32.js'

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

  test('read in parts and in pieces, of any size', async () => {
    const codes = Uint8Array.of(1, 2, 3)
    await writeSafetensors(path, {
      w: { data: weights, shape: [2, 3] },
      four: { dtype: 'F4', shape: [6], bytes: codes },
      none: { data: new Float32Array(0), shape: [0] },
    })
    const file = await openSafetensors(path)
    expect(await file.part('w', 1, 3)).toMatchObject({ dtype: 'F32', shape: [3] })
    expect(toFloat32(await file.part('w', 1, 3))).toEqual(weights.slice(1, 4))
    const into = new Uint8Array(100)
    const { bytes } = await file.part('w', 4, 2, into)
    expect([bytes.buffer === into.buffer, bytes.length]).toEqual([true, 8])
    expect([...(await file.part('four', 2, 2)).bytes]).toEqual([2])
    await expect(file.part('four', 1, 2)).rejects.toThrow(
      /'four': expected elements among the 6 of F4, in whole bytes, found 2 from 1/,
    )
    await expect(file.part('w', 5, 2)).rejects.toThrow(/among the 6 of F32/)
    await expect(file.part('w', -1, 2)).rejects.toThrow(/among the 6 of F32/)
    await expect(file.part('w', 0, 2, new Uint8Array(7))).rejects.toThrow(/at least 8 bytes, found 7/)
    const pieces: number[] = []
    for await (const piece of file.pieces('w')) pieces.push(...piece)
    expect(pieces).toEqual([...new Uint8Array(weights.buffer)])
    for await (const piece of file.pieces('none')) expect(piece).toBe('nothing')
    await file.close()
  })

  test('of more bytes than an array can have are read in parts, and pass through in pieces', async () => {
    // A sparse file: 9 GiB of zeros take no room on the disk. Only its ends are looked at here.
    const elements = 9 * 2 ** 29
    const header = `{"big":{"dtype":"BF16","shape":[${elements}],"data_offsets":[0,${2 * elements}]}}`
    await writeFile(path, fileOf(header, 0))
    const size = 8 + header.length + 2 * elements
    await truncate(path, size)
    const last = await open(path, 'r+')
    await last.write(Uint8Array.of(0x80, 0x3f), 0, 2, size - 2)
    await last.close()
    const file = await openSafetensors(path)
    expect([...toFloat32(await file.part('big', elements - 2, 2))]).toEqual([0, 1])
    if (2 * elements > constants.MAX_LENGTH)
      await expect(file.tensor('big')).rejects.toThrow(
        /'big': expected a tensor that fits into one array.*read it in parts/,
      )
    const { value } = await file.pieces('big').next()
    expect(value).toBeInstanceOf(Uint8Array)
    await file.close()
  })

  test('are written from pieces, all of which may be one memory', async () => {
    const memory = new Uint8Array(2)
    const read = function* () {
      for (let i = 0; i < 3; i++) yield memory.fill(i)
    }
    await streamSafetensors(path, { a: { dtype: 'U8', shape: [6], read } })
    expect([...(await readSafetensors(path)).tensors['a']!.bytes]).toEqual([0, 0, 1, 1, 2, 2])
    await expect(streamSafetensors(path, { a: { dtype: 'U8', shape: [5], read } })).rejects.toThrow(
      /expected the 5 bytes .*found 6/,
    )
    await expect(streamSafetensors(path, { a: { dtype: 'U8', shape: [7], read } })).rejects.toThrow(
      /expected the 7 bytes .*found 6/,
    )
  })

  const fine = { data: weights, shape: [6] }
  test.each<[string, Record<string, unknown>, Record<string, unknown>, RegExp]>([
    [
      'a short array',
      { w: { data: weights, shape: [7] } },
      {},
      /tensor 'w': expected the 28 bytes.*found 24/,
    ],
    ['a reserved name', { __metadata__: fine }, {}, /reserved/],
    [
      'a number in the metadata',
      { w: fine },
      { epoch: 3 },
      /metadata 'epoch': expected text, found a number; write it as text/,
    ],
    ['null in the metadata', { w: fine }, { epoch: null }, /metadata 'epoch': expected text, found null/],
    ['half of a surrogate pair in a name', { 'w\ud800': fine }, {}, /tensor '.*surrogate pair at position 1/],
    ['half of a pair in the metadata', { w: fine }, { a: '\udc00' }, /metadata 'a': .*surrogate pair/],
    ['half of a pair in a key', { w: fine }, { '\udc00': 'a' }, /surrogate pair/],
    [
      'a fraction as an extent',
      { w: { data: weights, shape: [1.5, 4] } },
      {},
      /shape of 'w': expected whole extents/,
    ],
    [
      'a negative extent',
      { w: { data: weights, shape: [-1, -6] } },
      {},
      /shape of 'w': expected whole extents/,
    ],
    ['an extent as text', { w: { data: weights, shape: ['6'] } }, {}, /shape of 'w': expected whole extents/],
    [
      'an overflow',
      { w: { data: new Float32Array(0), shape: [2 ** 52, 2 ** 52, 0] } },
      {},
      /expected fewer elements/,
    ],
    [
      'a plain array',
      { w: { data: [1, 2], shape: [2] } },
      {},
      /tensor 'w': data: expected a typed array .*found an array/,
    ],
    ['a view', { w: { data: new DataView(new ArrayBuffer(8)), shape: [2] } }, {}, /found DataView/],
    [
      'an unknown type',
      { w: { dtype: 'F33', shape: [1], bytes: new Uint8Array(4) } },
      {},
      /tensor 'w': dtype: expected one of F64/,
    ],
    ['half a byte', { w: { dtype: 'F4', shape: [3], bytes: new Uint8Array(2) } }, {}, /whole bytes of F4/],
    [
      'a header beyond the limit',
      { w: fine },
      { a: 'x'.repeat(100_000_000) },
      /header: expected at most 100000000 bytes/,
    ],
  ])('refuse to write %s, before anything is written', async (_, tensors, metadata, message) => {
    const before = await readdir(folder)
    const writing = writeSafetensors(join(folder, 'never'), tensors as never, metadata as never)
    await expect(writing).rejects.toThrow(RangeError)
    await expect(writing).rejects.toThrow(message)
    expect(await readdir(folder)).toEqual(before)
  })

  test('hold every value of every typed array', async () => {
    const arrays = {
      F64: Float64Array.of(1e300, -0),
      F32: Float32Array.of(2 ** -149),
      I64: BigInt64Array.of(-(2n ** 63n)),
      U64: BigUint64Array.of(2n ** 64n - 1n),
      I32: Int32Array.of(-(2 ** 31)),
      U32: Uint32Array.of(4294967295),
      I16: Int16Array.of(-32768),
      U16: Uint16Array.of(65535),
      I8: Int8Array.of(-128),
      U8: Uint8Array.of(255),
    }
    await writeSafetensors(
      path,
      Object.fromEntries(
        Object.entries(arrays).map(([name, data]) => [name, { data, shape: [data.length] }]),
      ),
    )
    const { tensors } = await readSafetensors(path)
    for (const [dtype, data] of Object.entries(arrays)) {
      expect(tensors[dtype]!.dtype).toBe(dtype)
      expect([...tensors[dtype]!.bytes]).toEqual([...new Uint8Array(data.buffer)])
    }
    expect([...toFloat32(tensors['U32']!)]).toEqual([4294967296])
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
    ['half a header', fileOf(one.slice(0, 30), 8), /entry 'a': shape\.0: JSON at byte 30: .*found its end/],
    ['bad UTF-8', fileOf('{"\xff":1}', 0).fill(0xff, 10, 11), /header: .*encoded data was not valid/],
    ['deep nesting', fileOf(`{"a":${'['.repeat(100_000)}`, 0), /entry 'a': expected object, found an array/],
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
      'an extent written as a fraction',
      fileOf(one.replace('[2]', '[2.0]'), 8),
      /entry 'a': shape\.0: .*whole number.*2\.0/,
    ],
    [
      'an extent with an exponent',
      fileOf(one.replace('[2]', '[2e0]'), 8),
      /entry 'a': shape\.0: .*whole number.*2e0/,
    ],
    ['minus zero', fileOf(one.replace('[2]', '[-0]'), 8), /entry 'a': shape\.0: .*whole number/],
    ['a leading zero', fileOf(one.replace('[2]', '[02]'), 8), /entry 'a': shape\.0: .*whole number/],
    [
      'an extent that no double holds',
      fileOf(one.replace('[2]', '[0,9007199254740993]'), 8),
      /shape\.1: .*up to 9007199254740991, which every reader holds exactly/,
    ],
    [
      'an overflow before a zero',
      fileOf(one.replace('[2]', '[9007199254740991,9007199254740991,0]'), 8),
      /expected fewer elements/,
    ],
    [
      'half of a surrogate pair',
      fileOf(one.replace('a', '\\ud800'), 8),
      /header: .*no half of a surrogate pair/,
    ],
    ['the other half', fileOf(one.replace('a', '\\udc00\\ud800'), 8), /no half of a surrogate pair/],
    ['half of a pair in the metadata', fileOf('{"__metadata__":{"a":"\\ud800"}}', 0), /surrogate pair/],
    ['metadata twice', fileOf('{"__metadata__":{},"__metadata__":{}}', 0), /"__metadata__" twice/],
    [
      'a member twice',
      fileOf(one.replace('"shape"', '"dtype":"F32","shape"'), 8),
      /entry 'a': dtype: .*twice/,
    ],
    ['a control character', fileOf(one.replace('a', '\u0001'), 8), /control character/],
    ['a comma too much', fileOf(one.replace('[2]', '[2,]'), 8), /entry 'a': shape\.1: /],
    ['something behind', fileOf(`${one} {}`, 8), /expected nothing more/],
  ])('with %s is refused', async (_, bytes, message) => {
    await writeFile(path, bytes)
    await expect(readSafetensors(path)).rejects.toThrow(message)
    await expect(openSafetensors(path)).rejects.toThrow(path)
  })

  test('may have no metadata as null, keys like __proto__, names in escapes', async () => {
    const entry = '{"dtype":"U8","shape":[1],"data_offsets":[0,1]}'
    await writeFile(path, fileOf(`{"__metadata__":null,"\\u0061\\ud83d\\ude00\\n":${entry}}`, 1))
    expect(Object.keys((await readSafetensors(path)).tensors)).toEqual(['a😀\n'])
    await writeFile(path, fileOf(`{"__metadata__":{"__proto__":"kept"},"__proto__":${entry}}`, 1))
    const { metadata, tensors } = await readSafetensors(path)
    expect(Object.entries(metadata)).toEqual([['__proto__', 'kept']])
    expect(Object.keys(tensors)).toEqual(['__proto__'])
    await writeSafetensors(path, tensors, metadata)
    const again = await readSafetensors(path)
    expect(Object.entries(again.metadata)).toEqual([['__proto__', 'kept']])
    expect(tensors['__proto__']).toEqual({ dtype: 'U8', shape: [1], bytes: new Uint8Array(1) })
    expect(again.tensors['__proto__']).toEqual(tensors['__proto__'])
    expect(again.tensors['toString']).toBeUndefined()
  })

  test('with names and shapes of any length is refused in a short message', async () => {
    const long = 'n'.repeat(1_000_000)
    for (const header of [
      `{"${long}":3}`,
      one.replace('"F32"', `"${long}"`),
      one.replace('[2]', `[2${',1'.repeat(1_000_000)}]`).replace('F32', 'F64'),
      `{${one.slice(1, -1).replace('a', long)},${one.slice(1).replace('a', long)}`,
    ]) {
      await writeFile(path, fileOf(header, 8))
      const error: unknown = await readSafetensors(path).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(Error)
      if (error instanceof Error) expect(error.message.length).toBeLessThan(500 + path.length)
    }
  })

  test.skipIf(process.platform === 'win32')('that is a pipe or a device is refused at once', async () => {
    const pipe = join(folder, 'pipe')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    await expect(openSafetensors(pipe)).rejects.toThrow(/cannot read .*pipe: expected a file, found a pipe/)
    await expect(openSafetensors('/dev/zero')).rejects.toThrow(/expected a file, found a device/)
    await unlink(pipe)
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
