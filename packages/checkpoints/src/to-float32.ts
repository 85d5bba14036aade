// Bytes of a tensor as f32: loops over typed arrays, tables for codes of 8 and 16 bits, nothing called per
// weight. Comes in: a type's name, little-endian bytes. Goes out: values.
// Source: the safetensors format; OCP "8-bit floating point specification" and "microscaling formats" for
// F8_*.

import { dtypeBits, type Dtype, type RawTensor } from './dtype.js'
import { alignedBytes, littleEndian } from './little-endian.js'

/** Decode a sign-exponent-mantissa number. `special` decides what the largest exponent means. */
function float(
  code: number,
  exponentBits: number,
  mantissaBits: number,
  bias: number,
  special: 'ieee' | 'finite' | 'unsigned-zero',
): number {
  const sign = (code >>> (exponentBits + mantissaBits)) & 1 ? -1 : 1
  const top = 2 ** exponentBits - 1
  const exponent = (code >>> mantissaBits) & top
  const mantissa = code & (2 ** mantissaBits - 1)
  if (special === 'ieee' && exponent === top) return mantissa === 0 ? sign * Infinity : NaN
  if (special === 'finite' && exponent === top && mantissa === 2 ** mantissaBits - 1) return NaN
  if (special === 'unsigned-zero' && sign < 0 && exponent === 0 && mantissa === 0) return NaN
  const unit = 2 ** -mantissaBits
  return exponent === 0
    ? sign * mantissa * unit * 2 ** (1 - bias)
    : sign * (1 + mantissa * unit) * 2 ** (exponent - bias)
}

/** The value of every code of the types that are read by table. */
const codeValues: Readonly<Partial<Record<Dtype, (code: number) => number>>> = {
  F16: (code) => float(code, 5, 10, 15, 'ieee'),
  F8_E4M3: (code) => float(code, 4, 3, 7, 'finite'),
  F8_E5M2: (code) => float(code, 5, 2, 15, 'ieee'),
  F8_E8M0: (code) => (code === 255 ? NaN : 2 ** (code - 127)),
  F8_E4M3FNUZ: (code) => float(code, 4, 3, 8, 'unsigned-zero'),
  F8_E5M2FNUZ: (code) => float(code, 5, 2, 16, 'unsigned-zero'),
  BOOL: (code) => (code === 0 ? 0 : 1),
}

const tables = new Map<Dtype, Float32Array>()

/** All values of a type by code, made once. */
function tableOf(dtype: Dtype, value: (code: number) => number): Float32Array {
  const known = tables.get(dtype)
  if (known) return known
  const table = Float32Array.from({ length: 2 ** dtypeBits[dtype] }, (_, code) => value(code))
  tables.set(dtype, table)
  return table
}

/** The value of every binary16 by its bits. */
export function f16Values(): Float32Array {
  return tableOf('F16', codeValues.F16!)
}

/** Fill `out` with the numbers of a tensor that needs more than a table. */
type Filler = (bytes: Uint8Array, out: Float32Array) => void

const fillers: Readonly<Partial<Record<Dtype, Filler>>> = {
  F32: (bytes, out) => out.set(new Float32Array(bytes.buffer, bytes.byteOffset, out.length)),
  F64: (bytes, out) => {
    const wide = new Float64Array(bytes.buffer, bytes.byteOffset, out.length)
    let beyond = -1
    for (let i = 0; i < out.length; i++) {
      const value = wide[i]!
      out[i] = value
      if (beyond < 0 && !Number.isFinite(out[i]!) && Number.isFinite(value)) beyond = i
    }
    if (beyond >= 0) throw new BeyondFloat32(wide[beyond]!, beyond)
  },
  BF16: (bytes, out) => {
    const codes = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length)
    // An upper half of an f32, on either kind of machine once both are numbers.
    const bits = new Uint32Array(out.buffer, out.byteOffset, out.length)
    for (let i = 0; i < codes.length; i++) bits[i] = codes[i]! << 16
  },
  I64: (bytes, out) => fillFrom64(new BigInt64Array(bytes.buffer, bytes.byteOffset, out.length), out),
  U64: (bytes, out) => fillFrom64(new BigUint64Array(bytes.buffer, bytes.byteOffset, out.length), out),
  I32: (bytes, out) => out.set(new Int32Array(bytes.buffer, bytes.byteOffset, out.length)),
  U32: (bytes, out) => out.set(new Uint32Array(bytes.buffer, bytes.byteOffset, out.length)),
  I16: (bytes, out) => out.set(new Int16Array(bytes.buffer, bytes.byteOffset, out.length)),
  U16: (bytes, out) => out.set(new Uint16Array(bytes.buffer, bytes.byteOffset, out.length)),
  I8: (bytes, out) => out.set(new Int8Array(bytes.buffer, bytes.byteOffset, out.length)),
  U8: (bytes, out) => out.set(bytes),
}

/** A number of the tensor that is finite, but no f32 is. */
export class BeyondFloat32 extends RangeError {
  /**
   * @param value The number itself.
   * @param position Counted from 0.
   */
  constructor(
    /** The number itself, as the file has it. */
    readonly value: number,
    /** Counted from the first element that was decoded. */
    readonly position: number,
  ) {
    super(`expected numbers within single precision, found ${value} at position ${position}`)
  }
}

/**
 * Round 64-bit integers once. Through a double they would be rounded twice: its lowest bit keeps whether
 * anything below it was lost, so that the second rounding is as good as the only one.
 */
function fillFrom64(wide: BigInt64Array | BigUint64Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    const value = wide[i]!
    const near = Number(value)
    out[i] = Number.isSafeInteger(near) ? near : Number(((value >> 11n) | (value & 2047n ? 1n : 0n)) << 11n)
  }
}

/** The types that can be read as f32. */
const readable = [...Object.keys(codeValues), ...Object.keys(fillers)]

/**
 * Read a tensor's values as f32. Exact for F32, F16, BF16, F8_*, the 8- and 16-bit integers and BOOL; the
 * wider types are rounded to nearest. F32 shares the tensor's memory where its alignment allows.
 * @param tensor As a file has it: its type and its little-endian bytes.
 * @throws RangeError for C64, F6_* and F4, whose `bytes` are to be decoded by the caller; `BeyondFloat32` for
 * an F64 that no f32 comes near.
 */
export function toFloat32(tensor: RawTensor): Float32Array {
  const { dtype, bytes } = tensor
  const length = bytes.byteLength / (dtypeBits[dtype] / 8)
  return dtype === 'F32' && littleEndian && bytes.byteOffset % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset, length)
    : fillFloat32(tensor, new Float32Array(length))
}

/**
 * As `toFloat32`, into an array that is there; answers the array.
 * @param tensor As a file has it: its type and its little-endian bytes.
 * @param into One place an element; written over.
 * @throws as `toFloat32`, and RangeError unless the array has a place for each element. It is filled even
 * where an F64 is beyond f32: with infinities there.
 */
export function fillFloat32({ dtype, bytes }: RawTensor, into: Float32Array): Float32Array {
  const width = dtypeBits[dtype] / 8
  const value = codeValues[dtype]
  const fill = fillers[dtype]
  if (!value && !fill) {
    throw new RangeError(`dtype: expected one of ${readable.join(', ')}, found ${dtype}; decode its bytes`)
  }
  if (into.length !== bytes.byteLength / width)
    throw new RangeError(`into: expected ${bytes.byteLength / width} places, found ${into.length}`)
  const own = alignedBytes(bytes, width)
  fill?.(own, into)
  if (value) fillByTable(own, dtypeBits[dtype], tableOf(dtype, value), into)
  return into
}

function fillByTable(bytes: Uint8Array, bits: number, table: Float32Array, out: Float32Array): void {
  if (bits === 8) {
    for (let i = 0; i < out.length; i++) out[i] = table[bytes[i]!]!
    return
  }
  const codes = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length)
  for (let i = 0; i < out.length; i++) out[i] = table[codes[i]!]!
}
