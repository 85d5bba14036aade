// Every type of GGUF decoded as PyPI's `gguf` does, bit for bit, and files that its writer wrote.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { layoutOf, normals, type BlockLayout } from '@lotion/core'
import { randomWords } from '@lotion/core/internal'
import { dequantize, packingByName } from '@lotion/formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missing, run } from '../../test/python-packages.js'
import { ggufValue } from './gguf-metadata.js'
import { decodedTypes, typesByName } from './gguf-types.js'
import { openGguf } from './open-gguf.js'

const BLOCKS = 4096

/** Halves that are hard: zero, subnormal, smallest normal, one, largest, infinite, no number; both signs. */
const halves = [0, 1, 0x3ff, 0x400, 0x401, 0x3c00, 0x7bff, 0x7c00, 0x7e01].flatMap((half) => [
  half,
  half | 0x8000,
])

/** Random blocks, every byte at every place; in each a hard half at each of the places where scales stand. */
function blocksOf({ name, bytes }: { readonly name: string; readonly bytes: number }): Uint8Array {
  const count = name.startsWith('F') || name === 'BF16' ? 65_536 : BLOCKS
  const made = new Uint8Array(
    randomWords({ seed: 9, stream: name }, Math.ceil((count * bytes) / 4)).buffer,
  ).slice(0, count * bytes)
  const view = new DataView(made.buffer)
  // Scales stand first or last, and their twins next to them.
  for (let block = 0; block < halves.length ** 2; block++) {
    const [first, second] = [halves[block % halves.length]!, halves[Math.floor(block / halves.length)]!]
    if (bytes < 16) view.setUint16(2 * block, first, true)
    else
      for (const at of [0, bytes - 4])
        for (const [k, half] of [first, second].entries())
          view.setUint16((2 * block + (at === 0 ? 0 : 1)) * bytes + at + 2 * k, half, true)
  }
  if (name === 'MXFP4') for (let block = 0; block < 256; block++) made[block * bytes] = block
  return made
}

describe.skipIf(missing !== undefined)('GGUF and the package of PyPI', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lotion-gguf-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('sizes of all types are theirs', () => {
    const theirs = JSON.parse(
      run(`
import gguf, json
print(json.dumps({t.name: [t.value, *size] for t, size in gguf.GGML_QUANT_SIZES.items()}))`),
    ) as Record<string, readonly number[]>
    // What no file has: sums beside codes, made while multiplying.
    delete theirs['Q8_1']
    expect(
      Object.fromEntries(
        [...typesByName.values()].map(({ name, id, weights, bytes }) => [name, [id, weights, bytes]]),
      ),
    ).toEqual(theirs)
  })

  test('every type, decoded bit for bit', async () => {
    const bytes = new Map(decodedTypes.map((type) => [type.name, blocksOf(type)]))
    for (const [name, data] of bytes) await writeFile(join(folder, name), data)
    run(
      `
import sys, json, numpy as np
from gguf import GGMLQuantizationType, dequantize, GGML_QUANT_SIZES
np.seterr(all='ignore')
for name in json.loads(sys.argv[2]):
    kind = GGMLQuantizationType[name]
    data = np.fromfile(f'{sys.argv[1]}/{name}', dtype=np.uint8)
    dequantize(data.reshape(-1, GGML_QUANT_SIZES[kind][1]), kind).astype(np.float32).tofile(f'{sys.argv[1]}/{name}.f32')`,
      folder,
      JSON.stringify([...bytes.keys()]),
    )
    for (const type of decodedTypes) {
      const data = bytes.get(type.name)!
      const found = new Float32Array((data.length / type.bytes) * type.weights)
      type.decode!(data, found)
      const file = await readFile(join(folder, `${type.name}.f32`))
      const expected = new Float32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength))
      expect(expected.length, type.name).toBe(found.length)
      // Object.is tells −0 from 0 and takes any NaN for NaN.
      const at = found.findIndex((value, i) => !Object.is(value, expected[i]))
      expect(at < 0 ? 'equal' : [at, found[at], expected[at]], type.name).toBe('equal')
    }
  })

  test('a file of their writer: all kinds of metadata, shapes, alignment, types', async () => {
    const path = join(folder, 'theirs.gguf')
    run(
      `
import sys, numpy as np
from gguf import GGUFWriter, GGUFValueType as V, GGMLQuantizationType as T, quantize
w = GGUFWriter(sys.argv[1], 'llama')
w.add_custom_alignment(64)
for name, kind, value in [('u8', V.UINT8, 255), ('i8', V.INT8, -128), ('u16', V.UINT16, 65535), ('i16', V.INT16, -32768),
    ('u32', V.UINT32, 2**32 - 1), ('i32', V.INT32, -2**31), ('f32', V.FLOAT32, .1), ('f64', V.FLOAT64, .1),
    ('u64', V.UINT64, 2**64 - 1), ('i64', V.INT64, -2**63), ('small', V.UINT64, 7), ('yes', V.BOOL, True), ('text', V.STRING, 'ünï\\ufeff "😀"')]:
    w.add_key_value('x.' + name, value, kind)
w.add_array('x.texts', ['a', '', 'ö'])
w.add_array('x.numbers', [1, -2, 3])
w.add_array('x.floats', [.5, 1.5])
w.add_array('x.flags', [True, False])
data = (np.arange(3 * 2 * 64, dtype=np.float32) - 190) / 7
data = data.reshape(3, 2, 64)
for kind in [T.F32, T.F16, T.BF16, T.Q8_0, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.MXFP4]:
    w.add_tensor('t.' + kind.name, quantize(data, kind), raw_dtype=kind)
w.add_tensor('vector', np.array([1, 2, 3], dtype=np.float32))
w.add_tensor('ints', np.array([1, 2, 3], dtype=np.int32))
w.write_header_to_file(); w.write_kv_data_to_file(); w.write_tensors_to_file(); w.close()
from gguf import GGUFReader, dequantize
for t in GGUFReader(sys.argv[1]).tensors:
    if t.name != 'ints': dequantize(t.data, t.tensor_type).astype(np.float32).tofile(f'{sys.argv[1]}.{t.name}')`,
      path,
    )
    const file = await openGguf(path)
    expect({ ...file.metadata }).toEqual({
      'general.architecture': 'llama',
      'general.alignment': 64,
      'x.u8': 255,
      'x.i8': -128,
      'x.u16': 65535,
      'x.i16': -32768,
      'x.u32': 2 ** 32 - 1,
      'x.i32': -(2 ** 31),
      'x.f32': Math.fround(0.1),
      'x.f64': 0.1,
      'x.u64': 2n ** 64n - 1n,
      'x.i64': -(2n ** 63n),
      'x.small': 7,
      'x.yes': true,
      'x.text': 'ünï\ufeff "😀"',
      'x.texts': ['a', '', 'ö'],
      'x.numbers': Int32Array.of(1, -2, 3),
      'x.floats': Float32Array.of(0.5, 1.5),
      'x.flags': [true, false],
    })
    expect(ggufValue(file.metadata, 'x.numbers', 'wholes')).toEqual([1, -2, 3])
    expect(() => ggufValue(file.metadata, 'x.u64', 'whole')).toThrow(
      'x.u64: expected a whole number, found 18446744073709551615',
    )
    const names = Object.keys(file.tensors)
    expect(names).toHaveLength(11)
    for (const name of names.filter((each) => each !== 'ints')) {
      expect(file.tensors[name]).toEqual({
        type: name === 'vector' ? 'F32' : name.slice(2),
        shape: name === 'vector' ? [3] : [3, 2, 64],
      })
      const bytes = await readFile(`${path}.${name}`)
      const expected = new Float32Array(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      )
      const whole = await file.read(name)
      expect(whole, name).toEqual(expected)
      if (name === 'vector') continue
      // Parts that begin and end within blocks.
      for (const [first, count] of [
        [0, 384],
        [1, 2],
        [31, 2],
        [5, 300],
        [320, 64],
        [383, 1],
        [7, 0],
      ] as const)
        expect(await file.part(name, first, new Float32Array(count)), `${name} from ${first}`).toEqual(
          expected.subarray(first, first + count),
        )
      await expect(file.part(name, 380, new Float32Array(5))).rejects.toThrow(
        /expected weights among its 384, found 5 from 380 on/,
      )
    }
    await expect(file.read('ints')).rejects.toThrow(
      /'ints': expected a tensor of F32, F16, .*MXFP4, found I32/,
    )
    await expect(file.read('none')).rejects.toThrow(/expected a tensor of the name 'none'/)
    await file.close()
  })
})

test.each([
  ['Q4_0', 'q4_0'],
  ['Q8_0', 'q8_0'],
  ['MXFP4', 'gguf-mxfp4'],
] as const)('blocks of %s that the format %s packs are decoded to its weights', (name, format) => {
  const packing = packingByName(format)
  const layout: BlockLayout = layoutOf([8, 64], { kind: 'size', size: 32 })
  const type = typesByName.get(name)!
  expect(packing.lengths(layout)).toEqual({ blocks: (512 / type.weights) * type.bytes })
  // All codes, under scales that are numbers: OCP's 255 is none.
  const blocks = new Uint8Array(randomWords({ seed: 2, stream: name }, (512 / 32) * type.bytes).buffer).slice(
    0,
    (512 / 32) * type.bytes,
  )
  const scales = normals({ seed: 5, stream: name }, 16)
  for (let block = 0; block < 16; block++) {
    blocks[block * type.bytes] = Math.abs(Math.round(40 * scales[block]!)) + 60
    if (name !== 'MXFP4') blocks[block * type.bytes + 1] = 4 * (block % 15) + 4
  }
  const found = new Float32Array(512)
  type.decode!(blocks, found)
  // 0 and −0 are one weight.
  const expected = dequantize(packing.unpack({ blocks }, layout))
  expect(found.findIndex((weight, i) => weight !== expected[i])).toBe(-1)
  expect(new Set(found).size).toBeGreaterThan(20)
})
