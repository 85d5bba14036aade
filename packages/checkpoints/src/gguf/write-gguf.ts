// Writing GGUF files. Comes in: named tensors that are still to be made, metadata. Goes out: a file written
// whole or not at all. Source: the GGUF specification, version 3.

import type { Tree } from '@lotion/core'
import { writeAtomic } from '../write-atomic.js'
import { ggufContent, type GgufMetadata, type GgufTensorSource } from './gguf-content.js'

/**
 * Write a GGUF file of version 3 atomically, a tensor at a time, so that it may be larger than memory. Blocks
 * are written as they come: nothing is quantized. What the reader here or ggml's would refuse is refused
 * before anything is written.
 * @param path Of the file; one that is there is replaced.
 * @param tensors By llama.cpp's names, in the order in which they are written.
 * @param metadata By key; `general.alignment` is kept to, 32 bytes without it.
 * @throws RangeError or Error naming the tensor or the key, what was expected and what was found; Error
 * saying what to do if the disk is full or the folder missing or not writable.
 * @example
 * ```ts
 * import { openGguf, writeGguf } from '@lotion/checkpoints'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'lotion-')), 'model.gguf')
 * const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer)
 * await writeGguf(
 *   path,
 *   { 'output_norm.weight': { type: 'F32', shape: [3], read: () => bytes } },
 *   { 'general.architecture': 'llama', 'llama.block_count': { type: 'uint32', value: 1 } },
 * )
 * const file = await openGguf(path)
 * console.log(file.metadata, await file.read('output_norm.weight'))
 * await file.close()
 * ```
 */
export async function writeGguf(
  path: string,
  tensors: Tree<GgufTensorSource>,
  metadata: GgufMetadata = {},
): Promise<void> {
  await writeAtomic(path, ggufContent(tensors, metadata).pieces())
}
