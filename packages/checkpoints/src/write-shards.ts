// A checkpoint in shards. Comes in: tensors, a folder, the most bytes of a file. Goes out: files, and last
// the index that makes them one.
// Source: the sharded checkpoints of Hugging Face's transformers.

import { mkdir, readdir, rmdir, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Tree } from '@lotion/core'
import { streamSafetensors } from './safetensors.js'
import type { TensorSource } from './written-tensors.js'
import { dictionary, sizeInBytes } from './safetensors-header.js'
import { shardGroups } from './shard-groups.js'
import { INDEX_NAME, indexText, shardName } from './shard-index.js'
import { writeAtomic } from './write-atomic.js'

const shardPattern = /^model-\d{5}-of-\d{5}\.safetensors$/

/**
 * Stands in the folder while shards are written: what a run left that was killed may be removed, shards of
 * others never.
 */
const UNFINISHED = '.lotion-unfinished-shards'

/**
 * Write tensors in shards of at most `shardBytes`, in their order; a tensor that is larger has a shard of its
 * own. Each file is written whole or not at all, and the index last: until then there is no checkpoint in the
 * folder. A failure removes what it wrote. The folder is made if it is missing, and goes with a failure.
 * @param folder Where the shards and the index go.
 * @param tensors By the names that the shards give them.
 * @param metadata Texts by name, the same in every shard.
 * @param shardBytes Bytes of tensors, a whole number of at least 1.
 * @throws RangeError if `shardBytes` is no such number or the folder holds a checkpoint already; else as
 * `streamSafetensors`.
 */
export async function writeShards(
  folder: string,
  tensors: Tree<TensorSource>,
  metadata: Readonly<Record<string, string>>,
  shardBytes: number,
): Promise<void> {
  const shards = shardGroups(tensors, shardBytes)
  const made = await mkdir(folder, { recursive: true })
  const there = await readdir(folder)
  const ours = there.includes(UNFINISHED)
  const taken = there.find(
    (name) => name === INDEX_NAME || name === 'model.safetensors' || (!ours && shardPattern.test(name)),
  )
  if (taken !== undefined)
    throw new RangeError(
      `cannot write ${folder}: expected a folder without a checkpoint, found ${taken}: choose another, or remove it first`,
    )
  const files = new Map<string, string>()
  const written: string[] = []
  let total = 0
  try {
    await writeAtomic(join(folder, UNFINISHED), 'shards without an index are being written here\n')
    for (const name of there.filter((found) => shardPattern.test(found))) await unlink(join(folder, name))
    for (const [i, shard] of shards.entries()) {
      const name = shardName(i + 1, shards.length)
      await streamSafetensors(join(folder, name), dictionary(shard), metadata)
      written.push(name)
      for (const [tensor, { shape, dtype }] of shard) {
        files.set(tensor, name)
        total += sizeInBytes(tensor, shape, dtype)
      }
    }
    await writeAtomic(join(folder, INDEX_NAME), indexText(files, total))
  } catch (error) {
    for (const name of [...written, UNFINISHED]) await unlink(join(folder, name)).catch(() => undefined)
    await removeMade(folder, made)
    throw error
  }
  await unlink(join(folder, UNFINISHED)).catch(() => undefined)
}

/** Remove the folders that were made, from the innermost to `made`, as far as they are empty. */
async function removeMade(folder: string, made: string | undefined): Promise<void> {
  if (made === undefined) return
  const outermost = resolve(made)
  for (let at = resolve(folder); at.startsWith(outermost); at = dirname(at)) {
    try {
      await rmdir(at)
    } catch {
      return
    }
  }
}
