// GGUF files that are cut, contradict themselves or claim what they cannot hold.

import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { gguf } from '@lotion/test-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseGgufHeader } from './gguf-header.js'
import { openGguf } from './open-gguf.js'

const { entry, ggufBytes, pair, text, u32, u64 } = gguf

let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-gguf-hostile-'))
  path = join(folder, 'file.gguf')
})
afterAll(() => rm(folder, { recursive: true }))

const f32 = (name: string, offset: number): Buffer => entry(name, [8], 0, offset)
const good = ggufBytes({ pairs: [pair('a', 4, u32(7))], entries: [f32('t', 0), f32('u', 32)], data: 64 })
const nested = (levels: number): Buffer[] =>
  Array.from({ length: levels }, () => Buffer.concat([u32(9), u64(1)]))

test.each<[string, Buffer, RegExp]>([
  ['nothing', Buffer.alloc(0), /file size: expected at least 24 bytes, found 0; this is no GGUF file/],
  ['23 bytes', good.subarray(0, 23), /expected at least 24 bytes, found 23/],
  ['another magic', Buffer.concat([Buffer.from('GGML'), good.subarray(4)]), /expected 'GGUF' at the start/],
  ['version 1', ggufBytes({ version: 1 }), /version: expected one of 2, 3, found 1/],
  ['version 4', ggufBytes({ version: 4 }), /version: expected one of 2, 3, found 4/],
  ['the other byte order', ggufBytes({ version: 3 << 24 }), /expected a little-endian file, found a big-end/],
  [
    'tensors without end',
    ggufBytes({ tensorCount: 2n ** 64n - 1n }),
    /number of tensors: expected at most \d, .*found 18446744073709551615/,
  ],
  ['metadata without end', ggufBytes({ pairCount: 2n ** 40n }), /number of metadata: expected at most 0, /],
  [
    'a key beyond the file',
    ggufBytes({ pairs: [Buffer.concat([u64(2n ** 62n), Buffer.alloc(40)])] }),
    /metadata 0: bytes of a text: expected at most \d+, for which the file has room, found 4611/,
  ],
  [
    'a text beyond the file',
    ggufBytes({ pairs: [pair('a', 8, u64(1000))] }),
    /metadata 'a': bytes of a text: .*found 1000/,
  ],
  [
    'a key that is no UTF-8',
    ggufBytes({ pairs: [Buffer.concat([text(Buffer.of(0xff)), u32(7), Buffer.of(1)])] }),
    /metadata 0: expected a text in UTF-8 at 32/,
  ],
  [
    'a key twice',
    ggufBytes({ pairs: [pair('a', 4, u32(1)), pair('a', 4, u32(1))] }),
    /'a': .*found it twice/,
  ],
  [
    'an unknown kind',
    ggufBytes({ pairs: [pair('a', 13, u32(1))] }),
    /metadata 'a': type: expected .*found 13/,
  ],
  ['a boolean of 2', ggufBytes({ pairs: [pair('a', 7, Buffer.of(2))] }), /expected 0 or 1 .*found 2/],
  [
    'an array without end',
    ggufBytes({ pairs: [pair('a', 9, u32(0), u64(2n ** 50n))] }),
    /metadata 'a': elements of an array of uint8: expected at most \d+, .*found 1125899906842624/,
  ],
  [
    'texts without end',
    ggufBytes({ pairs: [pair('a', 9, u32(8), u64(100))] }),
    /elements of an array of string: expected at most \d, .*found 100/,
  ],
  [
    'arrays within arrays',
    ggufBytes({ pairs: [pair('a', 9, ...nested(5), u32(0), u64(0))] }),
    /metadata 'a': expected arrays of at most 4 levels/,
  ],
  [
    'an alignment that is no power of two',
    ggufBytes({ pairs: [pair('general.alignment', 4, u32(48))] }),
    /metadata 'general.alignment': expected a power of two, found 48/,
  ],
  [
    'an alignment of 0',
    ggufBytes({ pairs: [pair('general.alignment', 4, u32(0))] }),
    /power of two, found 0/,
  ],
  [
    'an alignment as text',
    ggufBytes({ pairs: [pair('general.alignment', 8, text('x'))] }),
    /power of two, found x/,
  ],
  ['a tensor twice', ggufBytes({ entries: [f32('t', 0), f32('t', 32)], data: 64 }), /'t': .*found it twice/],
  ['five axes', ggufBytes({ entries: [entry('t', [1, 1, 1, 1, 8], 0, 0)], data: 32 }), /at most 4, found 5/],
  [
    'an unknown type',
    ggufBytes({ entries: [entry('t', [32], 4, 0)], data: 32 }),
    /tensor 't': type: expected one of 0 \(F32\), .*found 4$/,
  ],
  [
    'an extent of 2^64 − 1',
    ggufBytes({ entries: [entry('t', [2n ** 64n - 1n], 0, 0)], data: 32 }),
    /tensor 't': shape: expected fewer elements/,
  ],
  [
    'extents whose product wraps round',
    ggufBytes({ entries: [entry('t', [2n ** 32n, 2n ** 32n], 0, 0)], data: 32 }),
    /expected fewer elements, found \[4294967296, 4294967296\] of F32/,
  ],
  [
    'an overflow before a zero',
    ggufBytes({ entries: [entry('t', [2n ** 52n, 2n ** 52n, 0], 0, 0)], data: 32 }),
    /expected fewer elements/,
  ],
  [
    'a row that is no whole block',
    ggufBytes({ entries: [entry('t', [48, 2], 2, 0)], data: 64 }),
    /tensor 't': shape: expected rows of a multiple of 32 weights, .*Q4_0.*found \[2, 48\]/,
  ],
  [
    'an offset beyond all files',
    ggufBytes({ entries: [entry('t', [8], 0, 2n ** 63n)], data: 32 }),
    /tensor 't': offset: expected one within the file, found 9223372036854775808/,
  ],
  [
    'an overlap',
    ggufBytes({ entries: [f32('t', 0), f32('u', 0)], data: 64 }),
    /tensor 'u': offset: expected 32, .*found 0 \(overlap\)/,
  ],
  [
    'a hole',
    ggufBytes({ entries: [f32('t', 0), f32('u', 64)], data: 96 }),
    /'u': offset: expected 32, .*found 64 \(hole\)/,
  ],
  [
    'a hole in front',
    ggufBytes({ entries: [f32('t', 32)], data: 64 }),
    /offset: expected 0, .*found 32 \(hole\)/,
  ],
  [
    'a tensor that is cut',
    good.subarray(0, -1),
    /tensor 'u': expected 32 bytes at \d+, found 31; the file is cut short/,
  ],
  ['bytes of no tensor', Buffer.concat([good, Buffer.alloc(1)]), /file size: .*the end belongs to no tensor/],
  [
    'one of several parts',
    ggufBytes({ pairs: [pair('split.count', 2, Buffer.of(3, 0))] }),
    /metadata 'split.count': expected a whole file, found one of 3 parts; join them/,
  ],
])('a file with %s is refused', async (_, bytes, message) => {
  await writeFile(path, bytes)
  const found: unknown = await openGguf(path).catch((error: unknown) => error)
  expect(found).toBeInstanceOf(Error)
  expect((found as Error).message).toMatch(message)
  expect((found as Error).message).toMatch(/^cannot read .*file\.gguf: [^\n]*$/)
})

describe('a header', () => {
  test('may be cut anywhere: never read, never more memory than the file', () => {
    for (let length = 0; length < good.length; length++)
      expect(() => parseGgufHeader(good.subarray(0, length), length)).toThrow(/expected/)
    expect(Object.keys(parseGgufHeader(good, good.length).tensors)).toEqual(['t', 'u'])
  })

  test('with any byte changed is read or refused in one line', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 65), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(good)
        changed[at] = byte
        try {
          parseGgufHeader(changed, changed.length)
        } catch (error) {
          expect((error as Error).message).toMatch(/^[^\n]*expected[^\n]*found[^\n]*$/)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('that claims much of a large file is refused before it is read', async () => {
    // A sparse file: a text of 200 MB would have to be read, if it were believed.
    const bytes = ggufBytes({ pairs: [pair('a', 8, u64(200_000_000))] })
    await writeFile(path, bytes)
    const handle = await open(path, 'r+')
    await handle.truncate(300_000_000)
    await handle.close()
    await expect(openGguf(path)).rejects.toThrow(
      /metadata 'a': expected at most 100000000 bytes of metadata and table of tensors, found more/,
    )
  })

  test('longer than what is read first is read on', async () => {
    const long = 'x'.repeat(3_000_000)
    await writeFile(
      path,
      ggufBytes({
        pairs: [pair('a', 8, text(long)), pair('__proto__', 4, u32(1))],
        entries: [f32('__proto__', 0)],
        data: 32,
      }),
    )
    const file = await openGguf(path)
    expect(file.metadata['a']).toBe(long)
    expect(Object.keys(file.metadata)).toEqual(['a', '__proto__'])
    expect(await file.read('__proto__')).toEqual(new Float32Array(8))
    await file.close()
  })

  test('of version 2 and of arrays within arrays is read', async () => {
    await writeFile(
      path,
      ggufBytes({
        version: 2,
        pairs: [
          pair('a', 9, u32(9), u64(2), u32(8), u64(1), text('x'), u32(0), u64(2), Buffer.of(1, 2)),
          pair('b', 9, u32(10), u64(2), u64(1), u64(2n ** 63n)),
        ],
        entries: [entry('none', [0, 5], 0, 0), entry('scalar', [], 0, 0)],
        data: 4,
      }),
    )
    const file = await openGguf(path)
    expect({ ...file.metadata }).toEqual({ a: [['x'], Uint8Array.of(1, 2)], b: [1, 2n ** 63n] })
    expect(file.version).toBe(2)
    expect(file.tensors['none']).toEqual({ type: 'F32', shape: [5, 0] })
    expect(await file.read('none')).toEqual(new Float32Array(0))
    expect(await file.read('scalar')).toEqual(new Float32Array(1))
    await file.close()
  })
})
