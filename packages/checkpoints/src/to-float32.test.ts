import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dtypeBits, type Dtype } from './dtype.js'
import { fromFloat32, type FloatDtype } from './from-float32.js'
import { fromTyped } from './from-typed.js'
import { fillFloat32, toFloat32 } from './to-float32.js'

/** All codes of a type of at most 16 bits. */
function codesOf(dtype: Dtype): Uint8Array {
  const count = 2 ** dtypeBits[dtype]
  return dtypeBits[dtype] === 16
    ? new Uint8Array(Uint16Array.from({ length: count }, (_, i) => i).buffer)
    : Uint8Array.from({ length: count }, (_, i) => i)
}

const raw = (dtype: Dtype, bytes: Uint8Array) =>
  ({ dtype, shape: [(bytes.length * 8) / dtypeBits[dtype]], bytes }) as const

/** The first place where two arrays differ; −1 if none. Zeros have signs, a NaN is a NaN. */
function differing(found: Float32Array, expected: Float32Array): number {
  return found.length === expected.length
    ? found.findIndex((value, i) => !Object.is(value, expected[i]))
    : found.length
}

describe('toFloat32', () => {
  test.each(['BF16', 'F16', 'F8_E4M3', 'I16', 'U8', 'BOOL'] as const)(
    'reads %s the same wherever its bytes begin, and into an array that is there',
    (dtype) => {
      const bytes = codesOf(dtype)
      const shifted = new Uint8Array(bytes.length + 1)
      shifted.set(bytes, 1)
      const expected = toFloat32(raw(dtype, bytes))
      expect(differing(toFloat32(raw(dtype, shifted.subarray(1))), expected)).toBe(-1)
      const into = new Float32Array(expected.length + 2).subarray(1, -1)
      expect(fillFloat32(raw(dtype, bytes), into)).toBe(into)
      expect(differing(into, expected)).toBe(-1)
    },
  )

  test('shares the memory of an aligned F32, and only of that', () => {
    const { bytes } = fromTyped(Float32Array.of(1, 2, 3))
    expect(toFloat32(raw('F32', bytes)).buffer).toBe(bytes.buffer)
    const shifted = new Uint8Array(13)
    shifted.set(bytes, 1)
    expect([...toFloat32(raw('F32', shifted.subarray(1)))]).toEqual([1, 2, 3])
  })

  test('refuses an F64 that no f32 comes near, and an array of another length', () => {
    const { bytes } = fromTyped(Float64Array.of(1, -1e300, Infinity))
    expect(() => toFloat32(raw('F64', bytes))).toThrow(
      /expected numbers within single precision, found -1e\+300 at position 1/,
    )
    expect([...toFloat32(raw('F64', fromTyped(Float64Array.of(-Infinity, NaN, 1 / 3)).bytes))]).toEqual([
      -Infinity,
      NaN,
      Math.fround(1 / 3),
    ])
    expect(() => fillFloat32(raw('F64', bytes), new Float32Array(2))).toThrow(
      /into: expected 3 places, found 2/,
    )
    expect(() => toFloat32({ dtype: 'F4', shape: [2], bytes: new Uint8Array(1) })).toThrow(/found F4; decode/)
  })

  test('rounds 64-bit integers once', () => {
    // 2^60 + 2^36 is the midpoint of two f32; one more is above it, but a double does not see that.
    const above = 2n ** 60n + 2n ** 36n + 1n
    const [even, odd] = [2 ** 60, 2 ** 60 + 2 ** 37]
    const read = (data: BigInt64Array | BigUint64Array) => {
      const { dtype, bytes } = fromTyped(data)
      return [...toFloat32({ dtype, shape: [data.length], bytes })]
    }
    expect(read(BigInt64Array.of(above, above - 1n, -above, 1n - above, 5n))).toEqual([
      odd,
      even,
      -odd,
      -even,
      5,
    ])
    expect(
      read(BigUint64Array.of(2n ** 64n - 1n, 2n ** 63n + 2n ** 39n, 2n ** 63n + 2n ** 39n + 1n)),
    ).toEqual([2 ** 64, 2 ** 63, 2 ** 63 + 2 ** 40])
  })
})

describe('fromFloat32', () => {
  test.each(['F16', 'BF16'] as const)('writes every number of %s back to its own code', (dtype) => {
    const bytes = codesOf(dtype)
    const values = toFloat32(raw(dtype, bytes))
    const { bytes: back, rounded } = fromFloat32(values, dtype)
    expect(rounded).toBe(0)
    const [expected, found] = [bytes, back].map((b) => new Uint16Array(b.buffer))
    // Numbers and infinities by their codes; a NaN is some NaN.
    const again = toFloat32(raw(dtype, back))
    const wrong = found!.findIndex((code, i) =>
      Number.isNaN(values[i]) ? !Number.isNaN(again[i]) : code !== expected![i],
    )
    expect(wrong).toBe(-1)
  })

  /** The nearest number of a type by search: the definition. */
  function nearest(points: readonly number[], value: number): number {
    let [low, high] = [0, points.length - 1]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (points[middle]! <= value) low = middle
      else high = middle
    }
    const [below, above] = [points[low]!, points[high]!]
    const [down, up] = [value - below, above - value]
    // Positions are codes, so an even position is an even code.
    return down < up || (down === up && low % 2 === 0) ? below : above
  }

  test.each(['F16', 'BF16'] as const)(
    'rounds to the nearest %s, ties to the even code, and counts',
    (dtype) => {
      const points = [...toFloat32(raw(dtype, codesOf(dtype)))].slice(0, 2 ** 15).filter(Number.isFinite)
      const top = points.at(-1)!
      // Doubles of a tie: between two neighbours, on it, and one step of f32 beside it.
      const edges = points.slice(0, -1).flatMap((point, i) => {
        const tie = Math.fround((point + points[i + 1]!) / 2)
        const bits = new Uint32Array(Float32Array.of(tie).buffer)[0]!
        return [bits - 1, bits, bits + 1].map((b) => new Float32Array(Uint32Array.of(b >>> 0).buffer)[0]!)
      })
      const values = Float32Array.from(edges.filter((v) => v >= 0 && v < top))
      const { bytes, rounded } = fromFloat32(values, dtype)
      const found = toFloat32(raw(dtype, bytes))
      let inexact = 0
      values.forEach((value, i) => {
        if (nearest(points, value) !== found[i])
          expect([value, found[i]]).toEqual([value, nearest(points, value)])
        if (value !== found[i]) inexact++
      })
      expect(rounded).toBe(inexact)
    },
  )

  test('refuses to make infinities, keeps those there are', () => {
    const code = (value: number, dtype: FloatDtype) =>
      new Uint16Array(fromFloat32(Float32Array.of(value), dtype).bytes.buffer)[0]
    expect(code(65519.996, 'F16')).toBe(0x7bff)
    expect(() => fromFloat32(Float32Array.of(1, 65520), 'F16')).toThrow(
      /finite in F16, found 65520 at position 1/,
    )
    expect(() => fromFloat32(Float32Array.of(1e6), 'F16')).toThrow(/found 1000000 at position 0/)
    expect(() => fromFloat32(Float32Array.of(3.4e38), 'BF16')).toThrow(/finite in BF16/)
    expect([code(-Infinity, 'F16'), code(Infinity, 'BF16')]).toEqual([0xfc00, 0x7f80])
  })

  test('F32 and F64 are the values', () => {
    fc.assert(
      fc.property(fc.float32Array(), (values) => {
        expect(toFloat32(raw('F64', fromFloat32(values, 'F64').bytes))).toEqual(values)
        expect(fromFloat32(values, 'F32').bytes.buffer).toBe(values.buffer)
      }),
    )
  })
})
