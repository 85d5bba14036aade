import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSafetensors, readSafetensors } from './open-safetensors.js'
import { openSafetensorsBytes, parseSafetensors } from './safetensors-bytes.js'
import { writeSafetensors } from './safetensors.js'

let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-hostile-'))
  path = join(folder, 'file.safetensors')
})
afterAll(() => rm(folder, { recursive: true }))

/** A file from a header as text and the number of data bytes. */
function fileOf(header: string, dataLength: number, claimed = BigInt(Buffer.byteLength(header))): Buffer {
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(claimed)
  return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(dataLength)])
}

/** An error of the same words. */
const sameAs = (found: unknown): unknown =>
  expect.objectContaining({ message: found instanceof Error ? found.message : 'an error' })

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
    // In memory it is refused in the same words.
    const found: unknown = await readSafetensors(path).catch((error: unknown) => error)
    expect(() => parseSafetensors(bytes, path)).toThrow(sameAs(found))
    for (const source of [bytes, new Blob([new Uint8Array(bytes)])])
      await expect(openSafetensorsBytes(source, path)).rejects.toThrow(sameAs(found))
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
    expect(spawnSync('sh', ['-c', 'mkfifo "$0"', pipe]).status).toBe(0)
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
