import { constants } from 'node:buffer'
import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals } from '@lotion/core'
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

  test.each([[[2 ** 53, 0]], [[2 ** 1000, 0, 2 ** 1000]], [[2 ** 32, 2 ** 32]], [[2 ** 1000, 2 ** 1000, 0]]])(
    'of a shape that no reader takes are not written: %j',
    async (shape) => {
      const path = join(tmpdir(), `lotion-no-such-shape-${process.pid}`)
      const empty = { dtype: 'F32', shape, bytes: new Uint8Array(0) } as const
      await expect(writeSafetensors(path, { t: empty })).rejects.toThrow("shape of 't': expected")
      await expect(readFile(path)).rejects.toThrow('ENOENT')
    },
  )

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
