// A GGUF file read as a checkpoint is. Comes in: an open GGUF file. Goes out: its tensors in f32, under the
// names and in the order of rows that the file has.

import { sizeOf } from '@lotion/core'
import type { RawTensor } from '../dtype.js'
import { fileBytes } from '../little-endian.js'
import type { Checkpoint } from '../open-checkpoint.js'
import { dictionary, type TensorInfo } from '../safetensors-header.js'
import type { GgufFile } from './gguf-view.js'
import { typesByName } from './gguf-types.js'

/** Weights of one of the pieces that a tensor is passed through in. */
const PIECE_WEIGHTS = 2 ** 20

/** Texts of metadata: of arrays, which are the tokenizer's, nothing. */
function textsOf({ metadata }: GgufFile): Readonly<Record<string, string>> {
  return dictionary(
    Object.entries(metadata).flatMap(([key, value]) =>
      typeof value === 'object' ? [] : [[key, String(value)] as const],
    ),
  )
}

/** What is decoded is told as f32; what is not, as bytes that nobody can read. */
function infoOf({ type, shape }: { readonly type: string; readonly shape: readonly number[] }): TensorInfo {
  return { dtype: typesByName.get(type)?.decode ? 'F32' : 'U8', shape, stored: type }
}

/** Read a GGUF file as a checkpoint. */
export function ggufCheckpoint(file: GgufFile): Checkpoint {
  const raw = (data: Float32Array, shape: readonly number[]): RawTensor => ({
    dtype: 'F32',
    shape,
    bytes: fileBytes(data),
  })
  return Object.freeze<Checkpoint>({
    path: file.path,
    files: [file.path],
    sharded: false,
    metadata: textsOf(file),
    tensors: dictionary(Object.entries(file.tensors).map(([name, info]) => [name, infoOf(info)] as const)),
    tensor: async (name) => raw(await file.read(name), file.tensors[name]!.shape),
    async part(name, first, count, into) {
      const { bytes, ...rest } = raw(await file.part(name, first, new Float32Array(count)), [count])
      if (!into) return { ...rest, bytes }
      if (into.length < bytes.length)
        throw new RangeError(`into: expected at least ${bytes.length} bytes, found ${into.length}`)
      into.set(bytes)
      return { ...rest, bytes: into.subarray(0, bytes.length) }
    },
    async *pieces(name) {
      const info = Object.hasOwn(file.tensors, name) ? file.tensors[name] : undefined
      const count = info ? sizeOf(info.shape) : 1
      const piece = new Float32Array(Math.min(PIECE_WEIGHTS, count))
      for (let first = 0; first < count; first += piece.length)
        yield fileBytes(
          await file.part(name, first, piece.subarray(0, Math.min(piece.length, count - first))),
        )
    },
    close: () => file.close(),
  })
}
