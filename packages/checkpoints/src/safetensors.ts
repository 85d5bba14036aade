// Writing safetensors files. Comes in: named tensors, in memory or still to be made. Goes out: a file written
// whole or not at all. Source: the safetensors format.

import type { Tree } from '@lotion/core'
import { fileOf } from './checkpoint-files.js'
import { dictionary } from './safetensors-header.js'
import { writeAtomic } from './write-atomic.js'
import { rawOf, type TensorSource, type WritableTensor } from './written-tensors.js'

/**
 * Write named tensors atomically: typed arrays as the type whose values they hold (`Float32Array` is F32,
 * `Uint32Array` U32 …), raw tensors as they are. The same input gives the same bytes. What the reader would
 * refuse is refused here, before anything is written.
 * @param path Of the file; one that is there is replaced.
 * @param tensors By the names that the file gives them.
 * @param metadata Texts by name. Default: none.
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
  const sources = Object.entries(tensors).map(([name, tensor]) => {
    const raw = rawOf(name, tensor)
    return [name, { ...raw, read: () => raw.bytes }] as const
  })
  await streamSafetensors(path, dictionary(sources), metadata)
}

/**
 * Write named tensors atomically, one at a time: each is read when its turn in the file comes, widest types
 * first, then by name, and not held after. The same tensors give the same bytes as `writeSafetensors`.
 * @param path Of the file; one that is there is replaced.
 * @param tensors By the names that the file gives them; the type and shape of each are known before it is
 * read.
 * @param metadata Texts by name. Default: none.
 * @throws as `writeSafetensors`; what a tensor's `read` throws ends the writing and leaves no file.
 */
export async function streamSafetensors(
  path: string,
  tensors: Tree<TensorSource>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeAtomic(path, fileOf(path, tensors, metadata).pieces())
}
