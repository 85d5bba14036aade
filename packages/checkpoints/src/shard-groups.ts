// Which tensors stand in which shard. Comes in: tensors in order, the most bytes of a file. Goes out: one
// list a shard.

import type { Tree } from '@lotion/core'
import { sizeInBytes, type TensorInfo } from './safetensors-header.js'

/**
 * Fill one shard after the other; a tensor that is larger has one of its own. @throws RangeError for no size.
 */
export function shardGroups<T extends TensorInfo>(
  tensors: Tree<T>,
  shardBytes: number,
): readonly (readonly (readonly [string, T])[])[] {
  if (!Number.isSafeInteger(shardBytes) || shardBytes < 1)
    throw new RangeError(`shardBytes: expected a whole number of at least 1, found ${shardBytes}`)
  const shards: [string, T][][] = []
  let room = 0
  for (const [name, source] of Object.entries(tensors)) {
    const bytes = sizeInBytes(name, source.shape, source.dtype)
    if (shards.length === 0 || (bytes > room && shards.at(-1)!.length > 0)) {
      shards.push([])
      room = shardBytes
    }
    shards.at(-1)!.push([name, source])
    room -= bytes
  }
  // A checkpoint without a tensor is one file that says so.
  return shards.length > 0 ? shards : [[]]
}
