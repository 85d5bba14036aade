// Our formats against vectors made by independent implementations (golden/make_golden.py): every code point,
// nearest rounding, 100,000 random blocks a format by checksum, and bytes as other readers decode them.
import { blockOf, castNearest, defineLanes, evaluate, layoutOf, nearestPoint, type Grid } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { cpu, digest, formatOf, golden, hexFloat, mix, weights } from '../test/golden.js'
import { intGrid } from './int-grid.js'
import { bf16, e2m1, e2m3, e3m2, e4m3, e5m2, f16, magnitudeOf, type Minifloat } from './minifloat.js'
import { minifloatGrid } from './minifloat-grid.js'
import { mxint8 } from './mxint8.js'
import { signMagnitude, twosComplement } from './element-codes.js'
import { packingByName } from './packing-of.js'
import { dequantize } from './quantize.js'
import { e8m0Codes } from './scale-codes.js'

const MINIFLOATS: Readonly<Record<string, Minifloat>> = { e2m1, e3m2, e2m3, e4m3, e5m2 }
const GRIDS: Readonly<Record<string, Grid>> = {
  ...Object.fromEntries(Object.entries(MINIFLOATS).map(([name, float]) => [name, minifloatGrid(float)])),
  ...Object.fromEntries([8, 4, 3, 2].map((bits) => [`int${bits}`, intGrid(bits)])),
  mxint8: mxint8.grid,
}

describe('code points', () => {
  const { points } = golden('points') as { points: Record<string, string[]> }

  it.each(Object.entries(MINIFLOATS))('%s: every code, and no others', (name, float) => {
    const codes = signMagnitude(float)
    const expected = points[name]!.map(hexFloat)
    expect(expected.length).toBe(2 ** codes.bits)
    const finite = expected.map((value) => (Number.isFinite(value) ? value : NaN))
    expect(expected.map((_, code) => codes.decode(code))).toEqual(finite)
    finite.forEach((value, code) => Number.isNaN(value) || expect(codes.encode(value)).toBe(code))
    expect(
      [...new Set(finite.filter((value) => !Number.isNaN(value)).map((value) => value + 0))].sort(
        (a, b) => a - b,
      ),
    ).toEqual(minifloatGrid(float).points)
  })

  it.each<[string, ReturnType<typeof twosComplement>]>([
    ['int4', twosComplement(4)],
    ['int2', twosComplement(2)],
    ['mxint8', twosComplement(8, 2 ** -6)],
  ])('%s: every code', (name, codes) => {
    expect(points[name]!.map((_, code) => codes.decode(code))).toEqual(points[name]!.map(hexFloat))
  })

  it('scales: every code of E8M0, a sample of f16 and bf16', () => {
    const view = new DataView(new ArrayBuffer(1))
    const read = (code: number) => (view.setUint8(0, code), e8m0Codes.read(view, 0))
    expect(points['e8m0']!.slice(0, 255).map((_, code) => read(code))).toEqual(
      points['e8m0']!.slice(0, 255).map(hexFloat),
    )
    expect(hexFloat(points['e8m0']![255]!)).toBeNaN()
    for (const float of [f16, bf16]) {
      const expected = points[float.name]!.map(hexFloat)
      expect(expected.length).toBeGreaterThan(700)
      expect(expected.map((_, i) => magnitudeOf(float, 41 * i))).toEqual(expected)
    }
  })
})

describe('nearest rounding', () => {
  const { rounding } = golden('rounding') as { rounding: Record<string, { x: string[]; nearest: string[] }> }

  it.each(Object.keys(rounding))(
    '%s: points, ties, boundaries, zeros, subnormals, beyond the ends',
    (name) => {
      const grid = GRIDS[name]!
      const fn = defineLanes({
        name,
        inputs: ['x'],
        outputs: ['q'],
        body: ({ x }) => ({ q: nearestPoint(grid.around(x)) }),
      })
      const x = rounding[name]!.x.map(hexFloat)
      const expected = rounding[name]!.nearest.map((text) => hexFloat(text) + 0)
      for (const arithmetic of ['f32', 'f64'] as const) {
        const found = evaluate([{ fn, inputs: { x } }], arithmetic)[0]!['q']!
        const off = x.filter((_, i) => found[i]! + 0 !== expected[i])
        expect(off).toEqual([])
      }
      expect(x).toEqual(expect.arrayContaining([Infinity, -Infinity, 2 ** -149, 0]))
    },
  )
})

describe('random blocks', () => {
  const vectors = golden('blocks') as {
    blocks: number
    weights: Record<string, string>
    casts: Record<string, { block: number; sha256: string; second: string[] }>
  }
  const made = new Map<string, Float32Array>()
  const weightsOf = (key: string): Float32Array => {
    const known = made.get(key) ?? weights(vectors.blocks, parseInt(key), key.endsWith('narrow'))
    made.set(key, known)
    return known
  }

  it.each(Object.keys(vectors.weights))('weights in blocks of %s are those of the script', (key) => {
    expect(digest(weightsOf(key))).toBe(vectors.weights[key])
  })

  it.each(Object.keys(vectors.casts))('%s', (key) => {
    const { block, sha256, second } = vectors.casts[key]!
    const format = formatOf(key)
    expect(format.block).toEqual(blockOf(block))
    const w = weightsOf(format.name === 'nvfp4' ? `${block} narrow` : String(block))
    const layout = layoutOf([vectors.blocks, block], format.block)
    const cast = cpu.lanes([{ fn: castNearest(format), inputs: { w }, layout }])[0]!['w']!
    expect(Array.from(cast.subarray(block, 2 * block), (value) => value + 0)).toEqual(second.map(hexFloat))
    expect(digest(cast)).toBe(sha256)
  })
})

describe('bytes that others read', () => {
  const { weights: stored, written } = golden('bytes') as {
    weights: Record<string, string>
    written: Record<string, { bytes: string; sha256: string }>
  }
  const bytesOf = (count: number, salt: number): Uint8Array =>
    Uint8Array.from({ length: count }, (_, i) => mix(i + salt) >>> 24)

  it.each([
    ['q4_0', 18],
    ['q8_0', 34],
    ['gguf-mxfp4', 17],
  ])('%s: random blocks as the gguf package decodes them', (name, size) => {
    const blocks = bytesOf(100_000 * size, 0xc0de)
    for (let at = 0; at < blocks.length; at += size) {
      if (name === 'gguf-mxfp4') blocks[at] = blocks[at] === 255 ? 3 : blocks[at]!
      // Either sign, no infinity and no NaN.
      else blocks[at + 1] = (blocks[at + 1]! & 0x80) | ((blocks[at + 1]! & 0x7f) % 0x7c)
    }
    const unpacked = packingByName(name).unpack({ blocks }, layoutOf([100_000, 32], blockOf(32)))
    expect(digest(dequantize(unpacked))).toBe(stored[name])
  })

  it.each(Object.keys(written))('%s: blocks as the quantizers of the gguf package write them', (name) => {
    const { bytes, sha256 } = written[name]!
    const blocks = Uint8Array.from(Buffer.from(bytes, 'hex'))
    const packing = packingByName(name)
    const unpacked = packing.unpack({ blocks }, layoutOf([128, 32], blockOf(32)))
    expect(digest(dequantize(unpacked))).toBe(sha256)
    expect(packing.pack(unpacked)['blocks']).toEqual(blocks)
    // What our own casts never make: scales below 0, and the lowest code.
    const scales = Array.from(unpacked.scales)
    expect([scales.some((s) => s < 0), scales.some((s) => s > 0)]).toEqual([name === 'q4_0', true])
    expect(Array.from(unpacked.values).includes(-8)).toBe(name !== 'gguf-mxfp4')
  })

  it.each([
    ['int4', 4, 0, 0],
    ['int8', 8, 0, 0],
    ['mxfp4', 4, 0, 0],
    ['mxfp8-e4m3', 8, 0x7f, 0x7f],
    ['mxfp8-e5m2', 8, 0x7c, 0x7c],
  ])('%s: random codes and scales as ONNX decodes them', (name, bits, mask, reserved) => {
    const layout = layoutOf([4096, 32], blockOf(32))
    const codes = bytesOf(4096 * 4 * bits, 0xface).map((byte) =>
      mask && (byte & mask) === reserved ? byte & 0x80 : byte,
    )
    const exponents = Array.from({ length: 4096 }, (_, b) => (mix(b) % 20) - 10)
    const scales = name.startsWith('mx')
      ? Uint8Array.from(exponents, (e) => e + 127)
      : new Uint8Array(Float32Array.from(exponents, (e) => 2 ** e).buffer)
    expect(digest(dequantize(packingByName(name).unpack({ codes, scales }, layout)))).toBe(
      stored[`onnx ${name}`],
    )
  })
})
