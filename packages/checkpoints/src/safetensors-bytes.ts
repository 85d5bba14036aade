// Safetensors in memory, for runtimes without files. Comes in: bytes or a Blob; named tensors. Goes out: raw
// tensors; the bytes of a file, those that the writer of files writes. Source: the safetensors format.

import type { Tree } from '@lotion/core'
import type { RawTensor } from './dtype.js'
import { headerBytes } from './header-bytes.js'
import { dictionary, headerLength, LENGTH_BYTES, parseHeader } from './safetensors-header.js'
import { named, viewSafetensors, type Safetensors, type SafetensorsFile } from './safetensors-view.js'
import { bytesOf, inFileOrder, rawOf, type TensorSource, type WritableTensor } from './written-tensors.js'

/** How a file in memory is called in errors. */
const NAME = 'the bytes'

/** Bytes of a file, in memory. */
export type FileBytes = Uint8Array | ArrayBuffer

function arrayOver(bytes: FileBytes): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)
}

/**
 * Read a whole file that is in memory. The tensors share its bytes. `name` is what errors call it.
 * @param bytes The whole file, to its last byte.
 * @param name For messages. Default: that it is a file in memory.
 * @throws Error naming the file, what was expected and what was found, as `readSafetensors` does.
 * @example
 * ```ts
 * import { parseSafetensors, safetensorsBytes, toFloat32 } from '@lotion/checkpoints/bytes'
 * const bytes = safetensorsBytes({ w: { data: Float32Array.of(1, 2), shape: [2] } })
 * console.log(toFloat32(parseSafetensors(bytes).tensors['w']!))
 * ```
 */
export function parseSafetensors(bytes: FileBytes, name: string = NAME): Safetensors {
  const all = arrayOver(bytes)
  try {
    const dataAt = LENGTH_BYTES + headerLength(all.subarray(0, LENGTH_BYTES), all.length)
    const data = all.subarray(dataAt)
    const { metadata, tensors, ranges } = parseHeader(all.subarray(LENGTH_BYTES, dataAt), data.length)
    const raw = [...ranges].map(
      ([key, { begin, end }]) =>
        [key, { ...tensors[key]!, bytes: data.subarray(begin, end) }] satisfies [string, RawTensor],
    )
    return { metadata, tensors: dictionary(raw) }
  } catch (error) {
    throw named(name, error)
  }
}

/**
 * Open a file in memory, or a Blob (a file that a user chose in a browser), whose tensors are read when asked
 * for, so that it may be larger than memory. `name` is what errors call it.
 * @param source The whole file, to its last byte.
 * @param name For messages. Default: that it is a file in memory.
 * @throws Error naming the file, what was expected and what was found, as `openSafetensors` does.
 * @example
 * ```ts
 * import { openSafetensorsBytes, safetensorsBytes, toFloat32 } from '@lotion/checkpoints/bytes'
 * const chosen = new Blob([safetensorsBytes({ w: { data: Float32Array.of(1, 2), shape: [2] } })])
 * const file = await openSafetensorsBytes(chosen)
 * console.log(toFloat32(await file.tensor('w')))
 * ```
 */
export function openSafetensorsBytes(
  source: FileBytes | Blob,
  name: string = NAME,
): Promise<SafetensorsFile> {
  const blob = source instanceof Blob ? source : undefined
  const all = source instanceof Blob ? undefined : arrayOver(source)
  return viewSafetensors(name, {
    size: blob?.size ?? all?.length ?? 0,
    async read(position, bytes) {
      const end = position + bytes.length
      const found =
        all?.subarray(position, end) ?? new Uint8Array((await blob?.slice(position, end).arrayBuffer()) ?? [])
      if (found.length < bytes.length)
        throw new Error(
          `expected ${bytes.length} bytes at ${position}, found ${found.length}; the file was cut short`,
        )
      bytes.set(found)
      return bytes
    },
    close: () => Promise.resolve(),
  })
}

/** Make room for a file. @throws RangeError if no array is so large. */
function begun(
  tensors: readonly (readonly [string, TensorSource | RawTensor])[],
  metadata: Readonly<Record<string, string>>,
) {
  const { bytes: header, dataLength } = headerBytes(tensors, metadata)
  const length = header.length + dataLength
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = new Uint8Array(length)
  } catch (error) {
    throw new RangeError(`expected tensors that fit into one array, found ${length} bytes; write a file`, {
      cause: error,
    })
  }
  bytes.set(header)
  return { bytes, at: header.length }
}

/**
 * Write named tensors as the bytes of a file, the same that `writeSafetensors` writes.
 * @param tensors By the names that the file gives them.
 * @param metadata Texts by name. Default: none.
 * @throws RangeError as `writeSafetensors`, or if no array is as large as the file.
 * @example
 * ```ts
 * import { safetensorsBytes } from '@lotion/checkpoints/bytes'
 * const bytes = safetensorsBytes({ 'a.weight': { data: new Float32Array(6), shape: [2, 3] } }, { seed: '1' })
 * console.log(new Blob([bytes]).size) // in a browser, what URL.createObjectURL makes a link of
 * ```
 */
export function safetensorsBytes(
  tensors: Tree<WritableTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const raw = Object.entries(tensors).map(([name, tensor]) => [name, rawOf(name, tensor)] as const)
  const sorted = inFileOrder(dictionary(raw))
  const file = begun(sorted, metadata)
  for (const [, tensor] of sorted) {
    file.bytes.set(tensor.bytes, file.at)
    file.at += tensor.bytes.length
  }
  return file.bytes
}

/** As `safetensorsBytes`, of tensors that are still to be made: each is read when its turn comes. */
export async function streamedBytes(
  tensors: Tree<TensorSource>,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const sorted = inFileOrder(tensors)
  const file = begun(sorted, metadata)
  for (const [name, tensor] of sorted)
    for await (const piece of bytesOf(name, tensor)) {
      file.bytes.set(piece, file.at)
      file.at += piece.length
    }
  return file.bytes
}
