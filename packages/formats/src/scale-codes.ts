// Scales as they stand in files. Comes in: a scale. Goes out: little-endian bytes, and back.
// Made by pure calls, so that a bundle has those that its formats are stored with.
// Source: OCP MX v1.0, section 5.4.1; IEEE 754-2019, section 3.4; OFP8 v1.0; ggml's block formats (scales of
// either sign).

import type { ScaleCodes } from '@lotion/core'
import { bf16, e4m3, f16, magnitudeOf, type Minifloat } from './minifloat.js'

/** f32, as it is. */
export const f32Scale: ScaleCodes = /* @__PURE__ */ Object.freeze({
  name: 'f32',
  bytes: 4,
  write: (to, at, scale) => to.setFloat32(at, scale, true),
  read: (from, at) => from.getFloat32(at, true),
} satisfies ScaleCodes)

/** One f32 number and its bits. */
const number = /* @__PURE__ */ new Float32Array(1)
const word = /* @__PURE__ */ new Uint32Array(number.buffer)

/**
 * Minifloats of 8 or 16 bits. Without a sign, as NVFP4 has its scales, the sign's bit is 0; f16 and bf16 are
 * read with theirs: ggml's own quantizers write negative scales.
 * @param float What a scale is stored as, such as `f16`.
 * @param options `signed: true` to write and read scales below 0.
 */
export function minifloatScale(float: Minifloat, { signed = false } = {}): ScaleCodes {
  const { bias, mantissaBits } = float
  const bits = float.exponentBits + mantissaBits
  const smallest = 2 ** (1 - bias - mantissaBits)
  const magnitude = (scale: number): number => {
    if (scale < 2 ** (1 - bias)) return scale / smallest
    // The exponent and the upper bits of the mantissa as f32 has them; what is below makes another number of
    // it, which is refused.
    number[0] = scale
    const upper = word[0]! >>> (23 - mantissaBits)
    return bias === 127 ? upper : upper - (127 - bias) * 2 ** mantissaBits
  }
  // Numbers by code: the finite ones, NaN for the reserved codes, then those with the sign.
  const numbers = (): readonly number[] => {
    const finite = Array.from({ length: 2 ** bits - float.reserved }, (_, code) => magnitudeOf(float, code))
    const reserved = Array.from({ length: float.reserved }, () => NaN)
    return signed ? [...finite, ...reserved, ...finite.map((scale) => -scale)] : finite
  }
  const encode = (scale: number): number => {
    const code = magnitude(Math.abs(scale))
    return signed && (scale < 0 || Object.is(scale, -0)) ? code + 2 ** bits : code
  }
  return integerCodes(float.name, bits + 1 > 8, encode, numbers)
}

/** Powers of two 2^-127 … 2^127 as exponent + 127. */
export const e8m0Codes = /* @__PURE__ */ integerCodes(
  'e8m0',
  false,
  (scale) => {
    number[0] = scale
    return word[0]! >>> 23
  },
  () => Array.from({ length: 255 }, (_, code) => 2 ** (code - 127)),
)

/** binary16, 2 bytes. */
export const f16Scale = /* @__PURE__ */ minifloatScale(f16, { signed: true })
/** bfloat16, 2 bytes. */
export const bf16Scale = /* @__PURE__ */ minifloatScale(bf16, { signed: true })
/** E4M3 without a sign, 1 byte. */
export const e4m3Scale = /* @__PURE__ */ minifloatScale(e4m3)

/** Codes are positions in a list of numbers, NaN where a code has none; the list is made at first use. */
function integerCodes(
  name: string,
  wide: boolean,
  encode: (scale: number) => number,
  numbers: () => readonly number[],
): ScaleCodes {
  let known: Float64Array | undefined
  const table = (): Float64Array => (known ??= Float64Array.from(numbers()))
  return Object.freeze({
    name,
    bytes: wide ? 2 : 1,
    write: (to, at, scale) => {
      const code = encode(scale)
      if (table()[code] !== scale)
        throw new RangeError(`scale: expected a finite number of type ${name}, found ${scale}`)
      if (wide) to.setUint16(at, code, true)
      else to.setUint8(at, code)
    },
    read: (from, at) => {
      const code = wide ? from.getUint16(at, true) : from.getUint8(at)
      const scale = table()[code]
      if (scale === undefined || Number.isNaN(scale))
        throw new RangeError(`scale: expected a finite number of type ${name}, found the code ${code}`)
      return scale
    },
  } satisfies ScaleCodes)
}
