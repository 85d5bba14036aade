// The codes of grid points as they stand in files. Comes in: a grid point. Goes out: an unsigned code, and
// back.
// Source: OCP MX v1.0, section 5.3; ggml's block layouts; QLoRA (positions in the list).

import type { ElementCodes } from '@lotion/core'
import { magnitudesOf, type Minifloat } from './minifloat.js'

/**
 * Integers k in units of `unit` as two's complement.
 * @param bits Of a code, 1 to 8.
 * @param unit What one step of a code is worth on the grid.
 */
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

/** Integers k as k + offset. @param bits Of a code, 1 to 8. @param offset Code of 0. */
export function offsetBinary(bits: number, offset: number): ElementCodes {
  return codes(
    bits,
    (value) => value + offset,
    (code) => code - offset,
  )
}

/**
 * Minifloats: a sign bit, then the position among the magnitudes. −0 has a code of its own.
 * @param float At most 8 bits, sign included.
 */
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

/**
 * Positions in a list of points.
 * @param points At most 256, ascending; the code of a point is its position from 0.
 */
export function listPositions(points: readonly number[]): ElementCodes {
  return codes(
    Math.ceil(Math.log2(points.length)),
    (value) => points.indexOf(value + 0),
    (code) => points[code] ?? NaN,
  )
}

function codes(bits: number, find: ElementCodes['encode'], decode: ElementCodes['decode']): ElementCodes {
  const table = Float32Array.from({ length: 2 ** bits }, (_, code) => decode(code))
  const encode = (value: number): number => {
    const code = find(value)
    if (!Number.isInteger(code) || code < 0 || code >= 2 ** bits || decode(code) !== value)
      throw new RangeError(`value: expected a grid point with a code of ${bits} bits, found ${value}`)
    return code
  }
  let known: Uint8Array | undefined
  return Object.freeze({
    bits,
    encode,
    decode,
    table,
    encoder: (values) => {
      const guesses = (known ??= guessesOf(table, encode))
      const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
      return (from, stride, count, out, at) => {
        for (let k = 0, i = from; k < count; k++, i += stride) {
          const guess = guesses[words[i]! >>> 16]!
          out[at + k] = table[guess] === values[i] ? guess : encode(values[i]!)
        }
      }
    },
  } satisfies ElementCodes)
}

/**
 * A code for each upper half of an f32 number, which tells points apart that need no more than 8 significant
 * bits; to be compared with the number, as others share their upper half with a point.
 */
function guessesOf(table: Float32Array, encode: (value: number) => number): Uint8Array {
  const guesses = new Uint8Array(2 ** 16)
  const words = new Uint32Array(table.buffer)
  table.forEach((value, code) => {
    if (Number.isFinite(value)) guesses[words[code]! >>> 16] = encode(value)
  })
  // An integer has one 0, and −0 is that.
  if (table.includes(0)) guesses[0x8000] = encode(-0)
  return guesses
}
