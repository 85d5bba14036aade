// Typed arrays as tensors of a file. Comes in: a typed array. Goes out: the type whose values they are, and
// bytes.
// Source: the safetensors format; the names of ECMAScript's typed arrays.

import type { Dtype } from './dtype.js'
import { fileBytes } from './little-endian.js'

/** Arrays that are written value by value as they are. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | BigInt64Array
  | BigUint64Array

const dtypeOf: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ['Float64Array', 'F64'],
  ['Float32Array', 'F32'],
  ['Float16Array', 'F16'],
  ['BigInt64Array', 'I64'],
  ['BigUint64Array', 'U64'],
  ['Int32Array', 'I32'],
  ['Uint32Array', 'U32'],
  ['Int16Array', 'I16'],
  ['Uint16Array', 'U16'],
  ['Int8Array', 'I8'],
  ['Uint8Array', 'U8'],
  ['Uint8ClampedArray', 'U8'],
])

/**
 * Name the type of a typed array and give its bytes in little-endian order.
 * @param data Any typed array that safetensors has a type for, `Float16Array` too; a plain array is refused.
 * @throws RangeError for anything else: nothing is converted on the way.
 */
export function fromTyped(data: NumericArray): {
  /** Of the values, as safetensors calls it. */
  readonly dtype: Dtype
  /** Little-endian; the memory of `data` itself on machines of that order. */
  readonly bytes: Uint8Array
} {
  const kind: unknown = ArrayBuffer.isView(data) ? data[Symbol.toStringTag] : undefined
  const dtype = typeof kind === 'string' ? dtypeOf.get(kind) : undefined
  if (dtype === undefined) {
    throw new RangeError(
      `data: expected a typed array of ${[...dtypeOf.keys()].join(', ')}, found ${typeof kind === 'string' ? kind : Array.isArray(data) ? 'an array' : typeof data}`,
    )
  }
  return { dtype, bytes: fileBytes(data) }
}
