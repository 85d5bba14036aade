// The element types of safetensors: their names and how wide they are.
// Comes in: nothing. Goes out: widths, the record of a raw tensor. Source: the safetensors format.

/** Width in bits of every element type that a safetensors file may name. */
export const dtypeBits = Object.freeze({
  /** IEEE 754 binary64. */
  F64: 64,
  /** Signed integers. */
  I64: 64,
  /** Unsigned integers. */
  U64: 64,
  /** Complex numbers of two binary32. */
  C64: 64,
  /** IEEE 754 binary32. */
  F32: 32,
  /** Signed integers. */
  I32: 32,
  /** Unsigned integers. */
  U32: 32,
  /** IEEE 754 binary16. */
  F16: 16,
  /** bfloat16: the upper half of a binary32. */
  BF16: 16,
  /** Signed integers. */
  I16: 16,
  /** Unsigned integers. */
  U16: 16,
  /** OCP FP8 of 4 exponent bits, without infinities. */
  F8_E4M3: 8,
  /** OCP FP8 of 5 exponent bits, with infinities. */
  F8_E5M2: 8,
  /** Powers of two, 2^-127 to 2^127: scales of the MX formats. */
  F8_E8M0: 8,
  /** FP8 of 4 exponent bits and bias 8; NaN where −0 would be. */
  F8_E4M3FNUZ: 8,
  /** FP8 of 5 exponent bits and bias 16; NaN where −0 would be. */
  F8_E5M2FNUZ: 8,
  /** Signed integers. */
  I8: 8,
  /** Unsigned integers. */
  U8: 8,
  /** A byte each: 0 is false. */
  BOOL: 8,
  /** OCP FP6 of 2 exponent bits, packed. */
  F6_E2M3: 6,
  /** OCP FP6 of 3 exponent bits, packed. */
  F6_E3M2: 6,
  /** OCP FP4, packed: two to a byte. */
  F4: 4,
} as const)

/** Name an element type. */
export type Dtype = keyof typeof dtypeBits

/** A tensor as it stands in a file: little-endian bytes, last axis fastest. */
export interface RawTensor {
  /** Type of the elements, by its name in safetensors. */
  readonly dtype: Dtype
  /** Whole numbers from 0, one an axis; [] is a scalar. */
  readonly shape: readonly number[]
  /** As many as shape and type ask for; types below 8 bits are packed without gaps. */
  readonly bytes: Uint8Array
}
