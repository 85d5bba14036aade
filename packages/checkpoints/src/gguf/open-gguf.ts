// Reading GGUF files of llama.cpp. Comes in: a path. Goes out: metadata, tensors in f32, decoded one by one.
// Source: the GGUF specification.

import { sourceOf } from '../open-safetensors.js'
import { viewGguf, type GgufFile } from './gguf-view.js'

/**
 * Open a GGUF file of version 2 or 3 and check its header; tensors are decoded one at a time or in parts, so
 * a file may be larger than memory. Decoded are F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K,
 * Q4_K, Q5_K, Q6_K and MXFP4, bit for bit as PyPI's `gguf` does; tensors of other types are told and refused.
 * @param path Of a file. A folder, a pipe or a device is refused.
 * @throws Error naming the path, what was expected and what was found. Nothing stays open then.
 * @example
 * ```ts
 * import { openGguf } from '@lotion/checkpoints'
 * import { mkdtemp, writeFile } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'lotion-')), 'empty.gguf')
 * await writeFile(path, Buffer.from(`4747554603${'00'.repeat(19)}`, 'hex')) // a file without tensors
 * const file = await openGguf(path)
 * console.log(file.version, file.metadata)
 * for (const [name, { type, shape }] of Object.entries(file.tensors))
 *   console.log(name, type, shape, await file.read(name))
 * await file.close()
 * ```
 */
export async function openGguf(path: string): Promise<GgufFile> {
  return viewGguf(path, await sourceOf(path))
}
