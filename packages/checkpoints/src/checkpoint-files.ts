// The files of a checkpoint, their bytes made when they are asked for, for whoever writes or sends them.
// Comes in: tensors that are still to be made. Goes out: a file, or shards and their index.
// Source: the safetensors format; the sharded checkpoints of Hugging Face's transformers.

import type { Tree } from '@lotion/core'
import { headerBytes } from './header-bytes.js'
import { dictionary, sizeInBytes } from './safetensors-header.js'
import { shardGroups } from './shard-groups.js'
import { INDEX_NAME, indexText, shardName } from './shard-index.js'
import { bytesOf, inFileOrder, type TensorSource } from './written-tensors.js'

/** A file that is still to be made. */
export interface CheckpointFile {
  /** Its name in the folder of the checkpoint. */
  readonly name: string
  /** Bytes that there will be. */
  readonly size: number
  /** The bytes in order; a piece is valid until the next is asked for. */
  pieces(): AsyncIterable<Uint8Array>
}

/** The largest shard, in bytes of tensors, where nothing else is said: that of transformers 4. */
const SHARD_BYTES = 5e9

/**
 * Lay tensors out as the files that loaders look for: `model.safetensors`, or shards and their index where
 * one file would be larger than a shard. The bytes are those of `streamSafetensors` and `writeShards`.
 * @param tensors By the names that the files give them; each is read when its turn in its file comes.
 * @param metadata Texts by name, the same in every file. Default: none.
 * @param shardBytes Most bytes of tensors a file, a whole number of at least 1. Default: 5e9.
 * @throws RangeError as `writeSafetensors`, before any bytes are made.
 * @example
 * ```ts
 * import { safetensorsFiles } from '@lotion/checkpoints/bytes'
 *
 * const w = { dtype: 'F32', shape: [2], read: () => new Uint8Array(8) } as const
 * const [file] = safetensorsFiles({ w }, { format: 'pt' })
 * for await (const piece of file!.pieces()) console.log(file!.name, piece.length)
 * ```
 */
export function safetensorsFiles(
  tensors: Tree<TensorSource>,
  metadata: Readonly<Record<string, string>> = {},
  shardBytes: number = SHARD_BYTES,
): readonly CheckpointFile[] {
  const shards = shardGroups(tensors, shardBytes)
  if (shards.length === 1) return [fileOf('model.safetensors', tensors, metadata)]
  const files = new Map<string, string>()
  let total = 0
  const made = shards.map((shard, i) => {
    const name = shardName(i + 1, shards.length)
    for (const [tensor, { shape, dtype }] of shard) {
      files.set(tensor, name)
      total += sizeInBytes(tensor, shape, dtype)
    }
    return fileOf(name, dictionary(shard), metadata)
  })
  const index = new TextEncoder().encode(indexText(files, total))
  // Last, as nothing is a checkpoint before it is there.
  return [...made, { name: INDEX_NAME, size: index.length, pieces: () => inOnePiece(index) }]
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** One safetensors file of these tensors. */
export function fileOf(
  name: string,
  tensors: Tree<TensorSource>,
  metadata: Readonly<Record<string, string>>,
): CheckpointFile {
  const sorted = inFileOrder(tensors)
  const { bytes, dataLength } = headerBytes(sorted, metadata)
  return {
    name,
    size: bytes.length + dataLength,
    async *pieces() {
      yield bytes
      for (const [tensor, source] of sorted) yield* bytesOf(tensor, source)
    },
  }
}
