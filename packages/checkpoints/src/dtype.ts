// The element types of safetensors: how wide they are and what their bytes mean.
// Comes in: a type's name, little-endian bytes. Goes out: widths, values as f32.
// Source: the safetensors format; OCP "8-bit floating point specification" and "microscaling formats" for F8_*.

import { endianness } from 'node:os'

/** Width in bits of every element type that a safetensors file may name. */
export const dtypeBits = Object.freeze({
  F64: 64,
  I64: 64,
  U64: 64,
  C64: 64,
  F32: 32,
  I32: 32,
  U32: 32,
  F16: 16,
  BF16: 16,
  I16: 16,
  U16: 16,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I8: 8,
  U8: 8,
  BOOL: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
} as const)

/** Name an element type. */
export type Dtype = keyof typeof dtypeBits

/** A tensor as it stands in a file: little-endian bytes, last axis fastest. */
export interface RawTensor {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

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

type Element = (view: DataView, at: number) => number

const elements: Readonly<Partial<Record<Dtype, Element>>> = {
  F64: (view, at) => view.getFloat64(at, true),
  F32: (view, at) => view.getFloat32(at, true),
  F16: (view, at) => float(view.getUint16(at, true), 5, 10, 15, 'ieee'),
  BF16: (view, at) => float(view.getUint16(at, true), 8, 7, 127, 'ieee'),
  F8_E4M3: (view, at) => float(view.getUint8(at), 4, 3, 7, 'finite'),
  F8_E5M2: (view, at) => float(view.getUint8(at), 5, 2, 15, 'ieee'),
  F8_E8M0: (view, at) => (view.getUint8(at) === 255 ? NaN : 2 ** (view.getUint8(at) - 127)),
  F8_E4M3FNUZ: (view, at) => float(view.getUint8(at), 4, 3, 8, 'unsigned-zero'),
  F8_E5M2FNUZ: (view, at) => float(view.getUint8(at), 5, 2, 16, 'unsigned-zero'),
  I64: (view, at) => Number(view.getBigInt64(at, true)),
  U64: (view, at) => Number(view.getBigUint64(at, true)),
  I32: (view, at) => view.getInt32(at, true),
  U32: (view, at) => view.getUint32(at, true),
  I16: (view, at) => view.getInt16(at, true),
  U16: (view, at) => view.getUint16(at, true),
  I8: (view, at) => view.getInt8(at),
  U8: (view, at) => view.getUint8(at),
  BOOL: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
}

const littleEndian = endianness() === 'LE'

/**
 * Read a tensor's values as f32. Exact for F32, F16, BF16, F8_*, the 8- and 16-bit integers and BOOL; the wider types
 * are rounded to nearest. F32 shares the tensor's memory where its alignment allows.
 * @throws RangeError for C64, F6_* and F4, whose `bytes` are to be decoded by the caller.
 */
export function toFloat32({ dtype, bytes }: RawTensor): Float32Array {
  if (dtype === 'F32' && littleEndian && bytes.byteOffset % 4 === 0) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  }
  const element = elements[dtype]
  if (element === undefined) {
    throw new RangeError(
      `dtype: expected one of ${Object.keys(elements).join(', ')}, found ${dtype}; decode its bytes`,
    )
  }
  const width = dtypeBits[dtype] / 8
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.byteLength / width }, (_, i) => element(view, i * width))
}

/** Name the type of a typed array and give its bytes in little-endian order. */
export function fromTyped(data: Float32Array | Int32Array): {
  readonly dtype: Dtype
  readonly bytes: Uint8Array
} {
  const dtype = data instanceof Float32Array ? 'F32' : 'I32'
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { dtype, bytes: littleEndian ? bytes : Buffer.from(bytes).swap32() }
}
