// Scales as they stand in files. Comes in: a scale. Goes out: little-endian bytes, and back.
// Source: OCP MX v1.0, section 5.4.1; IEEE 754-2019, section 3.4; OFP8 v1.0.

import { binade } from '@lotion/core'
import { bf16, e4m3, f16, magnitudeOf, type Minifloat } from './minifloat.js'

/** A number of some bytes for every scale of a rule. */
export interface ScaleCodes {
  readonly name: string
  readonly bytes: number
  /** @throws if the scale has no code. */
  write(to: DataView, at: number, scale: number): void
  /** Read the scale stored at a byte. */
  read(from: DataView, at: number): number
}

/** f32, as it is. */
export const f32Scale: ScaleCodes = Object.freeze({
  name: 'f32',
  bytes: 4,
  write: (to, at, scale) => to.setFloat32(at, scale, true),
  read: (from, at) => from.getFloat32(at, true),
} satisfies ScaleCodes)

/** Minifloats of 8 or 16 bits, of either sign bit 0. */
export function minifloatScale(float: Minifloat): ScaleCodes {
  const wide = 1 + float.exponentBits + float.mantissaBits > 8
  return integerCodes(
    float.name,
    wide,
    (scale) => {
      const smallest = 2 ** (1 - float.bias)
      const power = Math.max(binade(scale), smallest)
      const exponent = Math.round(Math.log2(power)) + float.bias - 1
      return exponent * 2 ** float.mantissaBits + (scale / power) * 2 ** float.mantissaBits
    },
    (code) => magnitudeOf(float, code),
    2 ** (float.exponentBits + float.mantissaBits) - float.reserved,
  )
}

/** Powers of two 2^-127 … 2^127 as exponent + 127. */
export const e8m0Codes = integerCodes(
  'e8m0',
  false,
  (scale) => Math.round(Math.log2(scale)) + 127,
  (code) => 2 ** (code - 127),
  255,
)

/** binary16, 2 bytes. */
export const f16Scale = minifloatScale(f16)
/** bfloat16, 2 bytes. */
export const bf16Scale = minifloatScale(bf16)
/** E4M3 without a sign, 1 byte. */
export const e4m3Scale = minifloatScale(e4m3)

function integerCodes(
  name: string,
  wide: boolean,
  encode: (scale: number) => number,
  decode: (code: number) => number,
  count: number,
): ScaleCodes {
  return Object.freeze({
    name,
    bytes: wide ? 2 : 1,
    write: (to, at, scale) => {
      const code = encode(scale)
      if (!Number.isInteger(code) || code < 0 || code >= count || decode(code) !== scale)
        throw new RangeError(`scale: expected a finite number of type ${name}, found ${scale}`)
      if (wide) to.setUint16(at, code, true)
      else to.setUint8(at, code)
    },
    read: (from, at) => {
      const code = wide ? from.getUint16(at, true) : from.getUint8(at)
      if (code >= count)
        throw new RangeError(`scale: expected a finite number of type ${name}, found the code ${code}`)
      return decode(code)
    },
  } satisfies ScaleCodes)
}
