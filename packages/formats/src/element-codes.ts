// The codes of grid points as they stand in files. Comes in: a grid point. Goes out: an unsigned code, and back.
// Source: OCP MX v1.0, section 5.3; ggml's block layouts; QLoRA (positions in the list).

import { magnitudesOf, type Minifloat } from './minifloat.js'

/** A code for every grid point. */
export interface ElementCodes {
  readonly bits: number
  /** @throws if the value has no code. */
  encode(value: number): number
  /** The value of a code. */
  decode(code: number): number
}

/** Integers k in units of `unit` as two's complement. */
export function twosComplement(bits: number, unit = 1): ElementCodes {
  const half = 2 ** (bits - 1)
  return codes(
    bits,
    (value) => {
      const k = value / unit
      return k < 0 ? k + 2 * half : k
    },
    (code) => (code < half ? code : code - 2 * half) * unit,
  )
}

/** Integers k as k + offset. */
export function offsetBinary(bits: number, offset: number): ElementCodes {
  return codes(
    bits,
    (value) => value + offset,
    (code) => code - offset,
  )
}

/** Minifloats: a sign bit, then the position among the magnitudes. −0 has a code of its own. */
export function signMagnitude(float: Minifloat): ElementCodes {
  const magnitudes = magnitudesOf(float)
  const positions = new Map(magnitudes.map((magnitude, code) => [magnitude, code]))
  const sign = 2 ** (float.exponentBits + float.mantissaBits)
  return codes(
    1 + float.exponentBits + float.mantissaBits,
    (value) => (positions.get(Math.abs(value)) ?? NaN) + (value < 0 || Object.is(value, -0) ? sign : 0),
    (code) => (magnitudes[code % sign] ?? NaN) * (code < sign ? 1 : -1),
  )
}

/** Positions in a list of points. */
export function listPositions(points: readonly number[]): ElementCodes {
  return codes(
    Math.ceil(Math.log2(points.length)),
    (value) => points.indexOf(value + 0),
    (code) => points[code] ?? NaN,
  )
}

function codes(bits: number, encode: ElementCodes['encode'], decode: ElementCodes['decode']): ElementCodes {
  return Object.freeze({
    bits,
    encode: (value) => {
      const code = encode(value)
      if (!Number.isInteger(code) || code < 0 || code >= 2 ** bits || decode(code) !== value)
        throw new RangeError(`value: expected a grid point with a code of ${bits} bits, found ${value}`)
      return code
    },
    decode,
  } satisfies ElementCodes)
}
