// Values as bytes of a floating-point type, rounded to nearest, ties to even; what is not exact is counted,
// what has no number refused. Comes in: f32 values, a type. Goes out: little-endian bytes. Source: IEEE 754
// (binary16, binary32, binary64), bfloat16.

import { fileBytes } from './little-endian.js'

/** Types that f32 values can be written as. */
export const writableFloats = Object.freeze(['F64', 'F32', 'F16', 'BF16'] as const)

/** Name a type that f32 values can be written as. */
export type FloatDtype = (typeof writableFloats)[number]

/** Bytes of values, and how many of them are not the values themselves. */
export interface WrittenFloats {
  /** Little-endian, in the order of the values; for F32 the values' own memory. */
  readonly bytes: Uint8Array
  /** Values that had to be rounded. */
  readonly rounded: number
}

/**
 * Write f32 values as a type. F32 and F64 are exact (F32 shares the memory), F16 and BF16 round to nearest,
 * ties to even.
 * @param values In row-major order.
 * @param dtype `F64`, `F32`, `F16` or `BF16`.
 * @throws RangeError if a finite value would become infinite: above 65504 by half a step in F16, near the
 * largest f32 in BF16.
 */
export function fromFloat32(values: Float32Array, dtype: FloatDtype): WrittenFloats {
  if (dtype === 'F32') return { bytes: fileBytes(values), rounded: 0 }
  if (dtype === 'F64') return { bytes: fileBytes(Float64Array.from(values)), rounded: 0 }
  const codes = new Uint16Array(values.length)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const rounded = dtype === 'BF16' ? toBfloat16(bits, codes) : toHalf(values, bits, codes)
  const top = dtype === 'BF16' ? 0x7f80 : 0x7c00
  for (let i = 0; i < codes.length; i++) {
    if ((codes[i]! & 0x7fff) === top && Number.isFinite(values[i])) {
      throw new RangeError(`expected values that are finite in ${dtype}, found ${values[i]} at position ${i}`)
    }
  }
  return { bytes: fileBytes(codes), rounded }
}

const INFINITE = 0x7f800000

/** The upper half of each f32, rounded. */
function toBfloat16(bits: Uint32Array, codes: Uint16Array): number {
  let rounded = 0
  for (let i = 0; i < bits.length; i++) {
    const x = bits[i]!
    if ((x & 0x7fffffff) > INFINITE) codes[i] = (x >>> 16) | 0x40
    else {
      codes[i] = (x + 0x7fff + ((x >>> 16) & 1)) >>> 16
      if ((x & 0xffff) !== 0) rounded++
    }
  }
  return rounded
}

function toHalf(values: Float32Array, bits: Uint32Array, codes: Uint16Array): number {
  let rounded = 0
  for (let i = 0; i < bits.length; i++) {
    const x = bits[i]!
    const sign = (x >>> 16) & 0x8000
    const magnitude = x & 0x7fffffff
    if (magnitude > INFINITE) codes[i] = sign | 0x7e00
    // 65536 and more; below that, a carry of the rounding makes the infinity by itself.
    else if (magnitude >= 0x47800000) codes[i] = sign | 0x7c00
    else if (magnitude >= 0x38800000) {
      codes[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
      if ((x & 0x1fff) !== 0) rounded++
    } else {
      // Multiples of 2^-24: adding 2^52 to a double rounds to whole numbers, ties to even.
      const steps = Math.abs(values[i]!) * 2 ** 24
      const whole = steps + 2 ** 52 - 2 ** 52
      codes[i] = sign | whole
      if (whole !== steps) rounded++
    }
  }
  return rounded
}
