import { describe, expect, it } from 'vitest'
import {
  blockOf,
  castNearest,
  evaluate,
  layoutOf,
  normals,
  perRow,
  perTensor,
  type Block,
  type BlockLayout,
  type NumberFormat,
  type Shape,
} from '@lotion/core'
import { builtInFormats } from './by-name.js'
import { e4m3Nearest } from './e4m3-nearest.js'
import { bitsPerWeight, withBlock, withScale } from './format.js'
import { mxfp4 } from './mxfp4.js'
import { nvfp4 } from './nvfp4.js'
import { builtInPackings, canSwizzle, packingByName, packingOf } from './packing-of.js'
import { dequantize, quantize, type Quantized } from './quantize.js'

function split(format: NumberFormat, w: ArrayLike<number>, layout: BlockLayout): Quantized {
  const [out] = evaluate([{ fn: quantize(format), inputs: { w }, layout }], 'f32')
  return { layout, values: out!['value']!, scales: out!['scale']!, tensorScale: out!['tensorScale']![0]! }
}

function castOf(format: NumberFormat, w: ArrayLike<number>, layout: BlockLayout): Float32Array {
  return Float32Array.from(evaluate([{ fn: castNearest(format), inputs: { w }, layout }], 'f32')[0]!['w']!)
}

/** Weights of very different sizes, a block of zeros among them. */
function weights(length: number, stream: string): Float32Array {
  const w = normals({ seed: 3, stream }, length).map((x, i) => x * 2 ** ((i >> 5) % 9))
  w.fill(0, 0, 32)
  return w
}

const byteCount = (streams: Readonly<Record<string, Uint8Array>>): number =>
  Object.values(streams).reduce((sum, bytes) => sum + bytes.length, 0)

describe.each(builtInFormats)('packing $name', (format) => {
  const packing = packingByName(format.name)
  const shape = [16, 128]

  it('gives back, byte by byte, exactly the weights of the cast', () => {
    const w = weights(16 * 128, format.name)
    const layout = layoutOf(shape, format.block)
    const streams = packing.pack(split(format, w, layout))
    const back = dequantize(packing.unpack(streams, layout))
    expect(Object.keys(streams)).toEqual(packing.streams)
    const sizes = Object.entries(streams).map(([name, bytes]) => [name, bytes.length])
    expect(packing.lengths(layout)).toEqual(Object.fromEntries(sizes))
    const cast = castOf(format, w, layout)
    expect(back.findIndex((value, i) => !(value === cast[i]))).toBe(-1)
    expect(packing.pack(packing.unpack(streams, layout))).toEqual(streams)
  })

  it('writes as many bytes as bitsPerWeight says', () => {
    const layout = layoutOf(shape, format.block)
    const streams = packing.pack(split(format, weights(16 * 128, 'bytes'), layout))
    expect((8 * byteCount(streams)) / (16 * 128)).toBe(bitsPerWeight(format, shape))
  })

  it.each<[string, Shape, Block, number]>([
    ['ragged blocks', [5, 50], blockOf(32), -1],
    ['blocks along the first axis', [50, 8], blockOf(16), 0],
    ['one block a row', [7, 20], perRow, -1],
    ['one block', [7, 20], perTensor, -1],
  ])('packs %s, or says what it needs', (_, extents, block, axis) => {
    const blocks = withBlock(format, block)
    const layout = layoutOf(extents, block, axis)
    const w = weights(extents[0]! * extents[1]!, format.name)
    const pack = () => packing.pack(split(blocks, w, layout))
    if (packing.streams.includes('blocks'))
      return [pack, () => packing.lengths(layout)].forEach((attempt) =>
        expect(attempt).toThrow(/expected blocks of 32 along the last axis/),
      )
    const streams = pack()
    expect(dequantize(packing.unpack(streams, layout)).map((x) => x + 0)).toEqual(
      castOf(blocks, w, layout).map((x) => x + 0),
    )
    // Codes end within a byte.
    const bits = Math.round(bitsPerWeight(blocks, extents, axis) * w.length)
    expect(8 * byteCount(streams) - bits).toBeGreaterThanOrEqual(0)
    expect(8 * byteCount(streams) - bits).toBeLessThan(8)
  })
})

describe('bytes by hand', () => {
  const quantized = (values: readonly number[], scales: readonly number[], tensorScale = 1): Quantized => ({
    layout: layoutOf([values.length], blockOf(values.length / scales.length)),
    values,
    scales,
    tensorScale,
  })
  const pack = (name: string, q: Quantized) =>
    Object.fromEntries(Object.entries(packingByName(name).pack(q)).map(([key, bytes]) => [key, [...bytes]]))

  it('puts the first of two 4-bit codes into the low nibble', () => {
    // E2M1: ½ = 0001, −6 = 1111, −0 = 1000, 3 = 0101. E8M0 of 2^-3 is 124.
    expect(pack('mxfp4', quantized([0.5, -6, -0, 3], [2 ** -3]))).toEqual({
      codes: [0b1111_0001, 0b0101_1000],
      scales: [124],
    })
    // E4M3 of 1.125 is 0 0111 001; f32 of 1 is 3f800000.
    expect(pack('nvfp4', quantized([0.5, -6], [1.125], 1))).toEqual({
      codes: [0b1111_0001],
      scales: [0x39],
      tensorScale: [0, 0, 0x80, 0x3f],
    })
  })

  it('puts four 6-bit codes into three bytes, lowest bits first', () => {
    // E2M3: .125 = 000001, −7.5 = 111111, 1 = 001000, −.25 = 100010.
    expect(pack('mxfp6-e2m3', quantized([0.125, -7.5, 1, -0.25], [1])).codes).toEqual([
      0b11_000001, 0b1000_1111, 0b100010_00,
    ])
    // INT3 −3 2 1 −1 0 3 −2 1 = 101 010 001 111 000 011 110 001.
    expect(pack('int3', quantized([-3, 2, 1, -1, 0, 3, -2, 1], [0.5]))).toEqual({
      codes: [0b01_010_101, 0b1_000_111_0, 0b001_110_01],
      scales: [0, 0, 0, 0x3f],
    })
  })

  it('stores GGUF blocks: f16 scale, codes + 8, second halves in the high nibbles', () => {
    const values = Array.from({ length: 32 }, (_, i) => (i % 15) - 7)
    const bytes = pack('q4_0', quantized(values, [0.25])).blocks!
    expect(bytes.slice(0, 2)).toEqual([0x00, 0x34])
    expect(bytes.slice(2)).toEqual(
      Array.from({ length: 16 }, (_, j) => values[j]! + 8 + 16 * (values[j + 16]! + 8)),
    )
    expect(pack('q8_0', quantized(values, [0.25])).blocks!.slice(2)).toEqual(
      values.map((v) => (v + 256) % 256),
    )
    expect(pack('gguf-mxfp4', quantized([...Array<number>(31).fill(0), -0.5], [1])).blocks).toEqual([
      127,
      ...Array<number>(15).fill(0),
      0b1001_0000,
    ])
  })

  it('reads what others write: negative scales, scales of 0, the ends of every code', () => {
    const layout = layoutOf([32], blockOf(32))
    const read = (name: string, blocks: readonly number[]): readonly number[] =>
      Array.from(dequantize(packingByName(name).unpack({ blocks: Uint8Array.from(blocks) }, layout)))
    const all = (value: number): readonly number[] => Array<number>(32).fill(value)
    const bytes = (value: number, count: number): readonly number[] => Array<number>(count).fill(value)
    // f16 −1, code 9 − 8.
    expect(read('q4_0', [0x00, 0xbc, ...bytes(0x99, 16)])).toEqual(all(-1))
    // Code 0 is −8, which a symmetric grid has not.
    expect(read('q4_0', [0x00, 0xbc, ...bytes(0x00, 16)])).toEqual(all(8))
    expect(read('q4_0', [0x00, 0x00, ...bytes(0x9f, 16)])).toEqual(all(0))
    // f16 −0, and the smallest subnormal below 0.
    expect(read('q4_0', [0x00, 0x80, ...bytes(0x99, 16)])).toEqual(all(-0))
    expect(read('q4_0', [0x01, 0x80, ...bytes(0x99, 16)])).toEqual(all(-(2 ** -24)))
    expect(read('q8_0', [0x00, 0x3c, ...bytes(0x80, 32)])).toEqual(all(-128))
    expect(read('q8_0', [0x00, 0xbc, ...bytes(0x80, 32)])).toEqual(all(128))
    // E8M0 0 and 254 are 2^-127 and 2^127; E2M1 1001 is −½, 1000 is −0.
    expect(read('gguf-mxfp4', [0, ...bytes(0x99, 16)])).toEqual(all(-(2 ** -128)))
    expect(read('gguf-mxfp4', [254, ...bytes(0x99, 16)])).toEqual(all(-(2 ** 126)))
    expect(read('gguf-mxfp4', [127, ...bytes(0x88, 16)])).toEqual(all(-0))
    for (const [name, codes, value] of [
      ['int8', bytes(0x80, 32), -128],
      ['int4', bytes(0x88, 16), -8],
      // 100 again and again, lowest bits first.
      ['int3', [0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92], -4],
      ['int2', bytes(0b10101010, 8), -2],
      ['mxint8', bytes(0x80, 32), -2],
    ] as const) {
      const scales = name === 'mxint8' ? Uint8Array.of(127) : new Uint8Array(Float32Array.of(1).buffer)
      const back = packingByName(name).unpack({ codes: Uint8Array.from(codes), scales }, layout)
      expect(Array.from(back.values)).toEqual(all(value))
    }
    const nvfp4 = (scale: number, code: number): Float32Array =>
      dequantize(
        packingByName('nvfp4').unpack(
          {
            codes: new Uint8Array(16).fill(code),
            scales: Uint8Array.of(scale, scale),
            tensorScale: new Uint8Array(Float32Array.of(0.5).buffer),
          },
          layoutOf([32], blockOf(16)),
        ),
      )
    expect(Array.from(nvfp4(0, 0xff))).toEqual(all(-0))
    expect(Array.from(nvfp4(0x7e, 0x88))).toEqual(all(-0))
    expect(Array.from(nvfp4(0x01, 0xff))).toEqual(all(-6 * 2 ** -10))
    // What has no number is refused: an infinite f16, an E4M3 NaN, a sign that UE4M3 has not.
    expect(() => read('q4_0', [0x00, 0xfc, ...bytes(0x99, 16)])).toThrow(/type f16, found the code 64512/)
    for (const scale of [0x7f, 0x81]) expect(() => nvfp4(scale, 0)).toThrow(/type e4m3, found the code/)
  })

  it('swizzles scales of NVFP4 in tiles of 128 × 4, padded with zeros', () => {
    const layout = layoutOf([130, 80], blockOf(16))
    const scales = Array.from({ length: 650 }, (_, i) => 2 ** -((i % 8) + 1))
    const q = { layout, values: new Float32Array(130 * 80), scales, tensorScale: 0.5 }
    const [plain, swizzled] = ['nvfp4', 'nvfp4-swizzled'].map((name) => packingByName(name).pack(q).scales!)
    expect(swizzled!.length).toBe(2 * 2 * 512)
    // Row 70, block 3: tile 0, (70 mod 32) · 16 + ⌊70 / 32⌋ · 4 + 3. Row 129, block 4: tile 3, 1 · 16.
    expect(swizzled![6 * 16 + 2 * 4 + 3]).toBe(plain![70 * 5 + 3])
    expect(swizzled![3 * 512 + 16]).toBe(plain![129 * 5 + 4])
    const count = (bytes: Uint8Array) => bytes.filter((byte) => byte !== 0).length
    expect(count(swizzled!)).toBe(count(plain!))
    expect(packingByName('nvfp4-swizzled').unpack(packingByName('nvfp4-swizzled').pack(q), layout)).toEqual({
      ...q,
      scales: Float32Array.from(scales),
    })
    expect(() =>
      packingByName('nvfp4-swizzled').pack({ ...q, layout: layoutOf([80, 130], blockOf(16), 0) }),
    ).toThrow(/along the last axis/)
  })

  it('packs samples of the recipe of inference libraries too', () => {
    const format = withScale(nvfp4, e4m3Nearest)
    const w = weights(64 * 64, 'recipe')
    const layout = layoutOf([64, 64], format.block)
    const packing = packingByName('nvfp4')
    expect(dequantize(packing.unpack(packing.pack(split(format, w, layout)), layout))).toEqual(
      castOf(format, w, layout),
    )
  })
})

describe('errors', () => {
  const layout = layoutOf([32], blockOf(32))
  const mx = packingByName('mxfp4')

  it('names values, scales and lengths that do not fit', () => {
    const q = (value: number, scale: number) => ({
      layout,
      values: Array<number>(32).fill(value),
      scales: [scale],
      tensorScale: 1,
    })
    expect(() => mx.pack(q(5, 1))).toThrow('value: expected a grid point with a code of 4 bits, found 5')
    expect(() => mx.pack(q(NaN, 1))).toThrow(/found NaN/)
    expect(() => mx.pack(q(1, 3))).toThrow('scale: expected a finite number of type e8m0, found 3')
    expect(() => mx.pack(q(1, 0))).toThrow(/found 0/)
    expect(() => packingByName('nvfp4').pack(q(1, 480))).toThrow(
      'scale: expected a finite number of type e4m3, found 480',
    )
    expect(() => packingByName('q4_0').pack(q(1, 1.0001))).toThrow(/type f16, found 1.0001/)
    expect(() => mx.unpack({ codes: new Uint8Array(15), scales: new Uint8Array(1) }, layout)).toThrow(
      'mxfp4: codes: expected 16 bytes, found 15',
    )
    expect(() => mx.unpack({ codes: new Uint8Array(16) }, layout)).toThrow(
      'mxfp4: scales: expected 1 bytes, found no such stream',
    )
    expect(() => mx.unpack({ codes: new Uint8Array(16), scales: Uint8Array.of(255) }, layout)).toThrow(
      'scale: expected a finite number of type e8m0, found the code 255',
    )
    const fp8 = { codes: new Uint8Array(32).fill(0x7f), scales: Uint8Array.of(127) }
    expect(() => packingByName('mxfp8-e4m3').unpack(fp8, layout)).toThrow(
      'codes: expected codes of finite numbers, found 127',
    )
  })

  it.each(builtInFormats.filter((format) => format.packing && !canSwizzle(format)))(
    'refuses to swizzle the scales of $name',
    (format) => {
      expect(() => packingOf(format, { swizzled: true })).toThrow(
        `${format.name}: swizzled: expected a format with two levels of scales, such as nvfp4, found one without`,
      )
    },
  )

  it('lists the packings, one a format at least', () => {
    expect(() => packingByName('int5')).toThrow(
      `packing: expected one of ${builtInPackings.map(({ name }) => name).join(', ')}, found 'int5'`,
    )
    expect(builtInPackings.map(({ name }) => name)).toEqual(
      expect.arrayContaining(builtInFormats.map(({ name }) => name)),
    )
    expect(mxfp4.bits).toBe(4)
  })
})
