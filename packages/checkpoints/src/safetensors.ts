// Writing safetensors files. Comes in: named tensors, in memory or still to be made. Goes out: a file written
// whole or not at all.
// Source: the safetensors format; tensors ordered by alignment, then name.

import type { HostArray, Tree } from '@lotion/core'
import { dtypeBits, type Dtype, type RawTensor } from './dtype.js'
import { fromTyped, type NumericArray } from './from-typed.js'
import { headerBytes } from './header-bytes.js'
import { dictionary, sizeInBytes, type TensorInfo } from './safetensors-header.js'
import { shownName, shownShape } from './shown.js'
import { writeAtomic } from './write-atomic.js'

/** Bytes of a tensor at once, or in pieces. */
export type TensorBytes = Uint8Array | Promise<Uint8Array> | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** A tensor that is still to be made: its header is known, its bytes come when they are asked for. */
export interface TensorSource {
  readonly dtype: Dtype
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
  | { readonly data: NumericArray; readonly shape: readonly number[] }

/** Take a tensor as a source. @throws RangeError unless its bytes are those of its shape. */
function sourceOf(name: string, tensor: WritableTensor): TensorSource {
  const { shape } = tensor
  const { dtype, bytes } = 'bytes' in tensor ? tensor : typed(name, tensor.data)
  if (!Object.hasOwn(dtypeBits, dtype)) return { dtype, shape, read: () => bytes }
  const expected = sizeInBytes(name, shape, dtype)
  if (bytes.byteLength !== expected) throw wrongLength(name, { dtype, shape }, expected, bytes.byteLength)
  return { dtype, shape, read: () => bytes }
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
async function* bytesOf(name: string, tensor: TensorSource): AsyncGenerator<Uint8Array> {
  const made = await tensor.read()
  const expected = sizeInBytes(name, tensor.shape, tensor.dtype)
  let found = 0
  for await (const piece of made instanceof Uint8Array ? [made] : made) {
    found += piece.byteLength
    if (found > expected) break
    yield piece
  }
  if (found !== expected) throw wrongLength(name, tensor, expected, found)
}

/**
 * Write named tensors atomically: typed arrays as the type whose values they hold (`Float32Array` is F32,
 * `Uint32Array` U32 …), raw tensors as they are. The same input gives the same bytes. What the reader would
 * refuse is refused here, before anything is written.
 * @throws RangeError if a tensor's size does not fit its shape, a name is reserved, a name or metadata is no
 * text; Error saying what to do if the disk is full or the folder missing or not writable.
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from '@lotion/checkpoints'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'lotion-')), 'model.safetensors')
 * const weight = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] }
 * await writeSafetensors(path, { 'a.weight': weight }, { seed: '1' })
 * console.log((await readSafetensors(path)).metadata) // seed: '1'
 * ```
 */
export async function writeSafetensors(
  path: string,
  tensors: Tree<WritableTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const sources = Object.entries(tensors).map(([name, tensor]) => [name, sourceOf(name, tensor)] as const)
  await streamSafetensors(path, dictionary(sources), metadata)
}

/**
 * Write named tensors atomically, one at a time: each is read when its turn in the file comes, widest types
 * first, then by name, and not held after. The same tensors give the same bytes as `writeSafetensors`.
 * @throws as `writeSafetensors`; what a tensor's `read` throws ends the writing and leaves no file.
 */
export async function streamSafetensors(
  path: string,
  tensors: Tree<TensorSource>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const sorted = inFileOrder(tensors)
  const { bytes } = headerBytes(sorted, metadata)
  await writeAtomic(
    path,
    (async function* () {
      yield bytes
      for (const [name, tensor] of sorted) yield* bytesOf(name, tensor)
    })(),
  )
}

/** The widest types first: every tensor is aligned to its own width in the file. Then by name. */
function inFileOrder<T extends TensorInfo>(tensors: Tree<T>): readonly (readonly [string, T])[] {
  // A type that there is not is refused with the header.
  const width = ({ dtype }: T): number => dtypeBits[dtype] ?? 0
  return Object.entries(tensors).sort(([a, x], [b, y]) => width(y) - width(x) || (a < b ? -1 : 1))
}
