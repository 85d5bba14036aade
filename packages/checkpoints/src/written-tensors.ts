// What becomes a safetensors file, and in which order. Comes in: named tensors, in memory or still to be
// made. Goes out: sources of bytes, checked against their shapes.
// Source: the safetensors format; tensors ordered by alignment, then name.

import type { HostArray, Tree } from '@lotion/core'
import { dtypeBits, type Dtype, type RawTensor } from './dtype.js'
import { fromTyped, type NumericArray } from './from-typed.js'
import { sizeInBytes, type TensorInfo } from './safetensors-header.js'
import { shownName, shownShape } from './shown.js'

/** Bytes of a tensor at once, or in pieces. */
export type TensorBytes = Uint8Array | Promise<Uint8Array> | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** A tensor that is still to be made: its header is known, its bytes come when they are asked for. */
export interface TensorSource {
  /** Type of the elements, by its name in safetensors. */
  readonly dtype: Dtype
  /** Whole numbers from 0, one an axis; [] is a scalar. */
  readonly shape: readonly number[]
  /**
   * Little-endian bytes, exactly as many as the shape asks for, whole or in pieces; called once. A piece is
   * written before the next is asked for, so that all may share one memory.
   */
  read(): TensorBytes | Promise<TensorBytes>
}

/** A tensor in memory: a typed array with its shape, or raw bytes. */
export type WritableTensor =
  | HostArray
  | RawTensor
  | {
      /** Values in row-major order, as many as the shape asks for; their type is written as it is. */
      readonly data: NumericArray
      /** Whole numbers from 0, one an axis; [] is a scalar. */
      readonly shape: readonly number[]
    }

/** Take a tensor as it stands in a file. @throws RangeError unless its bytes are those of its shape. */
export function rawOf(name: string, tensor: WritableTensor): RawTensor {
  const { shape } = tensor
  const { dtype, bytes } = 'bytes' in tensor ? tensor : typed(name, tensor.data)
  if (!Object.hasOwn(dtypeBits, dtype)) return { dtype, shape, bytes }
  const expected = sizeInBytes(name, shape, dtype)
  if (bytes.byteLength !== expected) throw wrongLength(name, { dtype, shape }, expected, bytes.byteLength)
  return { dtype, shape, bytes }
}

function typed(name: string, data: NumericArray): ReturnType<typeof fromTyped> {
  try {
    return fromTyped(data)
  } catch (error) {
    throw new RangeError(
      `tensor ${shownName(name)}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
}

function wrongLength(
  name: string,
  { dtype, shape }: TensorInfo,
  expected: number,
  found: number,
): RangeError {
  return new RangeError(
    `tensor ${shownName(name)}: expected the ${expected} bytes of ${dtype} ${shownShape(shape)}, found ${found}`,
  )
}

/** All bytes of a tensor. @throws RangeError unless they are as many as its shape asks for. */
export async function* bytesOf(name: string, tensor: TensorSource): AsyncGenerator<Uint8Array> {
  const made = await tensor.read()
  const expected = sizeInBytes(name, tensor.shape, tensor.dtype)
  yield* exactBytes(made, expected, (found) => wrongLength(name, tensor, expected, found))
}

/** Pass bytes on. @throws what `wrong` makes of their number if it is another than expected. */
export async function* exactBytes(
  made: Awaited<TensorBytes>,
  expected: number,
  wrong: (found: number) => Error,
): AsyncGenerator<Uint8Array, void> {
  let found = 0
  for await (const piece of made instanceof Uint8Array ? [made] : made) {
    found += piece.byteLength
    if (found > expected) break
    yield piece
  }
  if (found !== expected) throw wrong(found)
}

/** The widest types first: every tensor is aligned to its own width in the file. Then by name. */
export function inFileOrder<T extends TensorInfo>(tensors: Tree<T>): readonly (readonly [string, T])[] {
  // A type that there is not is refused with the header.
  const width = ({ dtype }: T): number => dtypeBits[dtype] ?? 0
  return Object.entries(tensors).sort(([a, x], [b, y]) => width(y) - width(x) || (a < b ? -1 : 1))
}
