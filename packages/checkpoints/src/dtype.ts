// The element types of safetensors: their names and how wide they are.
// Comes in: nothing. Goes out: widths, the record of a raw tensor. Source: the safetensors format.

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
