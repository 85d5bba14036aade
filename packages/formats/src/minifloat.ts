// Small floating-point numbers by record, and exact rounding to them in lanes. Comes in: a record, a lane.
// Goes out: lanes.
// Source: IEEE 754-2019, section 3.4; OCP MX v1.0, section 5.3; OFP8 v1.0.

import type { Lane } from '@lotion/core'

/** A binary floating-point format with a sign, subnormals and both zeros. */
export interface Minifloat {
  /** Stands in names of grids and in error messages, such as `e4m3`. */
  readonly name: string
  /** Bits of the exponent; the code 0 is that of subnormals. */
  readonly exponentBits: number
  /** Bits of the mantissa that are stored, without the implied leading 1. */
  readonly mantissaBits: number
  /** What is subtracted from the stored exponent. */
  readonly bias: number
  /**
   * How many of the largest codes stand for infinities and NaNs: 0 (none), 1 (the `fn` kind), 2^mantissaBits
   * (IEEE).
   */
  readonly reserved: number
}

/**
 * Make a minifloat. Defaults: bias 2^(exponentBits − 1) − 1, all codes finite.
 * @param record Name, bits of the exponent and of the mantissa; bias and reserved codes where they differ.
 */
export function minifloat(
  record: Pick<Minifloat, 'name' | 'exponentBits' | 'mantissaBits'> & Partial<Minifloat>,
): Minifloat {
  return Object.freeze({ bias: 2 ** (record.exponentBits - 1) - 1, reserved: 0, ...record })
}

/**
 * The magnitude of a code without its sign bit: m · 2^(1 − bias − M) for exponent 0, else (2^M + m) · 2^(e −
 * bias − M).
 */
export function magnitudeOf({ mantissaBits, bias }: Minifloat, code: number): number {
  const steps = 2 ** mantissaBits
  const exponent = Math.floor(code / steps)
  return (exponent === 0 ? code : steps + (code % steps)) * 2 ** (Math.max(exponent, 1) - bias - mantissaBits)
}

/** All finite magnitudes, ascending from 0; a magnitude's position is its code. */
export function magnitudesOf(float: Minifloat): readonly number[] {
  const codes = 2 ** (float.exponentBits + float.mantissaBits) - float.reserved
  return Array.from({ length: codes }, (_, code) => magnitudeOf(float, code))
}

/** The largest finite magnitude. @param float Its reserved codes do not count. */
export function largestOf(float: Minifloat): number {
  return magnitudeOf(float, 2 ** (float.exponentBits + float.mantissaBits) - float.reserved - 1)
}

/** The distance from a magnitude to the next larger one: a power of two. */
export function spacingAt(float: Minifloat, magnitude: Lane): Lane {
  return magnitude
    .binade()
    .max(2 ** (1 - float.bias))
    .mul(2 ** -float.mantissaBits)
}

/** Which numbers of a float are scales. */
export interface ScaleNumbers {
  readonly float: Minifloat
  /** The largest of them. Default: the float's. */
  readonly largest?: number
  /** Below it, only powers of two. Default: all numbers. */
  readonly dense?: number
}

/** The distance from a scale to the next larger one. */
function stepAbove({ float, dense = 0 }: ScaleNumbers, scale: Lane): Lane {
  const spacing = spacingAt(float, scale)
  const smallest = 2 ** (1 - float.bias - float.mantissaBits)
  return dense > smallest ? scale.less(dense, scale.binade().max(smallest), spacing) : spacing
}

/** The smallest scale f, at most the largest, with f · top ≥ amax exactly: the product must fit 24 bits. */
export function smallestCovering(numbers: ScaleNumbers, amax: Lane, top: Lane | number): Lane {
  const largest = numbers.largest ?? largestOf(numbers.float)
  const wanted = amax.div(top)
  const step = stepAbove(numbers, wanted)
  const below = wanted.div(step).floor().mul(step)
  // The quotient is rounded: one that falls below amax / top onto a scale is a step too small.
  const first = below.less(wanted, below.add(step), below).min(largest)
  const next = first.add(stepAbove(numbers, first)).min(largest)
  return first.mul(top).less(amax, next, first)
}

/** 4 bits: 0 ½ 1 1½ 2 3 4 6. Source: OCP MX v1.0, section 5.3.3. */
export const e2m1 = /* @__PURE__ */ minifloat({ name: 'e2m1', exponentBits: 2, mantissaBits: 1 })
/** 4 bits, powers of two only: 0 and 2^-2 … 2^4. */
export const e3m0 = /* @__PURE__ */ minifloat({ name: 'e3m0', exponentBits: 3, mantissaBits: 0 })
/** 6 bits, up to 28. Source: OCP MX v1.0, section 5.3.2. */
export const e3m2 = /* @__PURE__ */ minifloat({ name: 'e3m2', exponentBits: 3, mantissaBits: 2 })
/** 6 bits, up to 7.5. Source: OCP MX v1.0, section 5.3.2. */
export const e2m3 = /* @__PURE__ */ minifloat({ name: 'e2m3', exponentBits: 2, mantissaBits: 3 })
/** 8 bits, up to 448, one NaN and no infinity. Source: OFP8 v1.0. */
export const e4m3 = /* @__PURE__ */ minifloat({ name: 'e4m3', exponentBits: 4, mantissaBits: 3, reserved: 1 })
/** 8 bits, up to 57344, with infinities. Source: OFP8 v1.0. */
export const e5m2 = /* @__PURE__ */ minifloat({ name: 'e5m2', exponentBits: 5, mantissaBits: 2, reserved: 4 })
/** 16 bits, up to 65504. Source: IEEE 754-2019, binary16. */
export const f16 = /* @__PURE__ */ minifloat({
  name: 'f16',
  exponentBits: 5,
  mantissaBits: 10,
  reserved: 1024,
})
/** 16 bits with f32's range. Source: the upper half of IEEE 754-2019 binary32. */
export const bf16 = /* @__PURE__ */ minifloat({
  name: 'bf16',
  exponentBits: 8,
  mantissaBits: 7,
  reserved: 128,
})
