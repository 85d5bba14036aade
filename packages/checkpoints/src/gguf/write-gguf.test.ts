// GGUF files that are written here: what the reader and PyPI's gguf find in them, and what is refused.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomWords } from '@lotion/core/internal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missing, run } from '../../test/python-packages.js'
import { ggufContent, type GgufMetadata, type GgufTensorSource } from './gguf-content.js'
import { decodedTypes } from './gguf-types.js'
import { openGguf } from './open-gguf.js'
import { writeGguf } from './write-gguf.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-write-gguf-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** One value of each kind that metadata may have. */
const metadata: GgufMetadata = {
  'general.architecture': 'llama',
  'x.u8': { type: 'uint8', value: 255 },
  'x.i8': { type: 'int8', value: -128 },
  'x.u16': { type: 'uint16', value: 65535 },
  'x.i16': { type: 'int16', value: -32768 },
  'x.u32': { type: 'uint32', value: 2 ** 32 - 1 },
  'x.i32': { type: 'int32', value: -(2 ** 31) },
  'x.f32': { type: 'float32', value: 0.1 },
  'x.f64': { type: 'float64', value: 0.1 },
  'x.u64': { type: 'uint64', value: 2n ** 64n - 1n },
  'x.i64': { type: 'int64', value: -(2n ** 63n) },
  'x.small': { type: 'uint64', value: 7 },
  'x.yes': true,
  'x.no': false,
  'x.text': 'ünï\ufeff "😀"',
  'x.texts': ['a', '', 'ö'],
  'x.none': [],
  'x.numbers': Int32Array.of(1, -2, 3),
  'x.bytes': Uint8Array.of(0, 255),
  'x.floats': Float32Array.of(0.5, 1.5),
  'x.doubles': Float64Array.of(0.1),
  'x.flags': [true, false],
}

/** What is read of it. */
const read = {
  ...Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      typeof value === 'object' && 'type' in value ? value.value : value,
    ]),
  ),
  'x.f32': Math.fround(0.1),
}

/** Three rows of 64 weights of a type, random but for infinities. */
function blocks({
  name,
  weights,
  bytes,
}: (typeof decodedTypes)[number]): GgufTensorSource & { data: Uint8Array } {
  const rows = weights === 256 ? 256 : 64
  const length = (3 * rows * bytes) / weights
  const words = randomWords({ seed: 4, stream: name }, Math.ceil(length / 4))
  const data = new Uint8Array(words.buffer).slice(0, length).map((byte) => byte & 0x3b)
  return { type: name, shape: [3, rows], data, read: () => data }
}

const tensors = Object.fromEntries(decodedTypes.map((type) => [`t.${type.name}`, blocks(type)]))

test.each([undefined, 1, 64])(
  'all types and values are read back, byte for byte, at an alignment of %s',
  async (alignment) => {
    const path = join(folder, `all-${alignment}.gguf`)
    const aligned: GgufMetadata =
      alignment === undefined ? {} : { 'general.alignment': { type: 'uint32', value: alignment } }
    await writeGguf(path, tensors, { ...metadata, ...aligned })
    const file = await openGguf(path)
    expect({ ...file.metadata }).toEqual({
      ...read,
      ...(alignment === undefined ? {} : { 'general.alignment': alignment }),
    })
    expect(Object.keys(file.tensors)).toEqual(Object.keys(tensors))
    const bytes = await readFile(path)
    expect(bytes.length).toBe(ggufContent(tensors, { ...metadata, ...aligned }).size)
    for (const type of decodedTypes) {
      const { shape, data } = tensors[`t.${type.name}`]!
      expect(file.tensors[`t.${type.name}`]).toEqual({ type: type.name, shape })
      const expected = new Float32Array(shape[0]! * shape[1]!)
      type.decode!(data, expected)
      expect(await file.read(`t.${type.name}`), type.name).toEqual(expected)
      // Not only the same weights: the blocks themselves.
      const at = bytes.indexOf(data)
      expect(at % (alignment ?? 32), type.name).toBe(0)
      expect(at).toBeGreaterThan(0)
    }
    await file.close()
  },
)

test('a tensor may come in pieces that share one memory, and as bytes that are promised', async () => {
  const path = join(folder, 'pieces.gguf')
  const values = Float32Array.from({ length: 64 }, (_, i) => i)
  const held = new Float32Array(16)
  await writeGguf(path, {
    pieces: {
      type: 'F32',
      shape: [64],
      async *read() {
        for (let at = 0; at < 64; at += 16) {
          held.set(values.subarray(at, at + 16))
          yield new Uint8Array(held.buffer)
        }
      },
    },
    promised: { type: 'F32', shape: [64], read: async () => new Uint8Array(values.buffer) },
  })
  const file = await openGguf(path)
  expect(await file.read('pieces')).toEqual(values)
  expect(await file.read('promised')).toEqual(values)
  await file.close()
})

const three = (type = 'F32', shape: readonly number[] = [3]): GgufTensorSource => ({
  type,
  shape,
  read: () => new Uint8Array(12),
})

test.each<[string, Record<string, GgufTensorSource>, object, RegExp]>([
  [
    'a type that ggml does not have',
    { w: three('Q9') },
    {},
    /^tensor 'w': type: expected one of F32, .*, found 'Q9'$/,
  ],
  [
    'rows of half a block',
    { w: three('Q4_0', [2, 48]) },
    {},
    /^tensor 'w': shape: expected rows of a multiple of 32 weights/,
  ],
  [
    'a name that ggml has no room for',
    { ['w'.repeat(64)]: three() },
    {},
    /name: expected at most 63 bytes, found 64/,
  ],
  ['an extent of 0', { w: three('F32', [0]) }, {}, /shape: expected whole extents of at least 1, found 0/],
  ['five axes', { w: three('F32', [1, 1, 1, 1, 3]) }, {}, /number of axes: expected at most 4, found 5/],
  [
    'an alignment that is no power of two',
    {},
    { 'general.alignment': { type: 'uint32', value: 48 } },
    /'general.alignment': expected a power of two, found 48/,
  ],
  [
    'an alignment of another type',
    {},
    { 'general.alignment': 'x' },
    /'general.alignment': expected a number of type uint32/,
  ],
  [
    'a number beyond its type',
    {},
    { a: { type: 'uint32', value: 2 ** 32 } },
    /^metadata 'a': expected a number of type uint32, found 4294967296$/,
  ],
  [
    'a count below 0',
    {},
    { a: { type: 'uint64', value: -1 } },
    /^metadata 'a': expected a number of type uint64, found -1$/,
  ],
  [
    'a part of a count',
    {},
    { a: { type: 'uint32', value: 1.5 } },
    /expected a number of type uint32, found 1.5/,
  ],
  ['no number', {}, { a: { type: 'float32', value: NaN } }, /expected a number of type float32, found NaN/],
  [
    'what f32 has not',
    {},
    { a: { type: 'float32', value: 1e39 } },
    /expected a number of type float32, found 1e\+39/,
  ],
  [
    'a number without a type',
    {},
    { a: 1 },
    /^metadata 'a': expected a text, true or false, an array, or a number with its type .*, found 1$/,
  ],
  ['a list of numbers', {}, { a: [1, 2] }, /expected a list of texts or of truths, found other elements/],
  ['a list of two kinds', {}, { a: ['b', true] }, /expected a list of texts or of truths/],
  [
    'whole numbers of 64 bits',
    {},
    { a: BigInt64Array.of(1n) },
    /expected a typed array of numbers of at most 32 bits/,
  ],
  ['half of a pair', {}, { a: '\ud800' }, /^metadata 'a': expected a text of Unicode/],
])('%s is refused before anything is written', async (_, given, values, message) => {
  await expect(writeGguf(join(folder, 'never.gguf'), given, values as GgufMetadata)).rejects.toThrow(message)
  expect(await readdir(folder)).not.toContain('never.gguf')
})

test('a tensor of more or fewer bytes than its shape leaves no file', async () => {
  for (const [length, shape] of [
    [12, [4]],
    [12, [2]],
  ] as const)
    await expect(
      writeGguf(join(folder, 'never.gguf'), {
        w: { type: 'F32', shape, read: () => new Uint8Array(length) },
      }),
    ).rejects.toThrow(`tensor 'w': expected the ${4 * shape[0]} bytes of F32 [${shape[0]}], found 12`)
  expect(await readdir(folder)).not.toContain('never.gguf')
})

describe.skipIf(missing !== undefined)('and the package of PyPI', () => {
  test('its reader finds all values, types and blocks of a file of ours', async () => {
    const path = join(folder, 'ours.gguf')
    await writeGguf(path, tensors, metadata)
    for (const [name, { data }] of Object.entries(tensors)) await writeFile(join(folder, name), data)
    const found = JSON.parse(
      run(
        `
import sys, json, numpy as np
from gguf import GGUFReader
reader = GGUFReader(sys.argv[1])
values = {}
for key, field in reader.fields.items():
    if key.startswith('GGUF.'): continue
    value = field.contents()
    values[key] = [[t.name for t in field.types], [str(v) for v in value] if isinstance(value, list) else str(value)]
same = [t.name for t in reader.tensors if np.array_equal(np.frombuffer(t.data.tobytes(), np.uint8), np.fromfile(f'{sys.argv[2]}/{t.name}', np.uint8))]
print(json.dumps([values, same, [[t.name, t.tensor_type.name, [int(n) for n in t.shape]] for t in reader.tensors]]))`,
        path,
        folder,
      ),
    ) as [Record<string, [string[], string | string[]]>, string[], [string, string, number[]][]]
    const [values, same, entries] = found
    expect(same).toEqual(Object.keys(tensors))
    expect(entries).toEqual(
      Object.entries(tensors).map(([name, { type, shape }]) => [name, type, shape.toReversed()]),
    )
    expect(values).toMatchObject({
      'x.u32': [['UINT32'], '4294967295'],
      'x.i32': [['INT32'], '-2147483648'],
      'x.u64': [['UINT64'], '18446744073709551615'],
      'x.i64': [['INT64'], '-9223372036854775808'],
      'x.f64': [['FLOAT64'], '0.1'],
      'x.yes': [['BOOL'], 'True'],
      'x.no': [['BOOL'], 'False'],
      'x.text': [['STRING'], 'ünï\ufeff "😀"'],
      'x.texts': [
        ['ARRAY', 'STRING'],
        ['a', '', 'ö'],
      ],
      'x.numbers': [
        ['ARRAY', 'INT32'],
        ['1', '-2', '3'],
      ],
      'x.flags': [
        ['ARRAY', 'BOOL'],
        ['True', 'False'],
      ],
    })
  })
})
