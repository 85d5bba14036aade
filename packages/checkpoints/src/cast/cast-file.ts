// Casts a checkpoint. Comes in: the path of a checkpoint, in shards or not, a format, a rounding. Goes out:
// another. Source: docs/design/11-files.md.

import { openCheckpoint } from '../open-checkpoint.js'
import { streamSafetensors } from '../safetensors.js'
import { writeShards } from '../write-shards.js'
import { castSources, type CastOptions, type CastSummary } from './cast-sources.js'
import { checkCastFileOptions } from './check-cast-options.js'
import { checkOutput } from './check-output.js'

/**
 * Most bytes of a shard where the input is in shards and nothing else is asked for: as many as Hugging Face's
 * tools wrote for long.
 */
const SHARD_BYTES = 5e9

/** What is cast, from where to where, and how. */
export interface CastFileOptions extends CastOptions {
  /** The file to read, or the index or folder of one in shards. */
  readonly from: string
  /** The file to write; in shards, the folder. */
  readonly to: string
  /** Write a folder with an index and shards of at most so many bytes. Default: sharded if the input is. */
  readonly shardBytes?: number | undefined
}

/**
 * Cast a checkpoint to a number format, tensor by tensor and piece by piece: memory does not depend on their
 * size. Weights are chosen as in training, see `planWeights`; other tensors pass through. The new file's
 * metadata say what was done: `lotion.cast`, `lotion.grid`, `lotion.packed`.
 * @throws CastOptionError naming an option that cannot be honoured, RangeError the tensor, with what was
 * expected and found; then `to` is as it was.
 * @example
 * ```ts
 * import { castFile, writeSafetensors } from '@lotion/checkpoints'
 * import { int4 } from '@lotion/formats'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'lotion-')), 'model.safetensors')
 * const weight = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] }
 * await writeSafetensors(path, { 'a.weight': weight }, { seed: '1' })
 *
 * const { chosen } = await castFile({ from: path, to: `${path}.int4`, format: int4 })
 * console.log([...chosen.keys()])
 * ```
 */
export async function castFile(options: CastFileOptions): Promise<CastSummary> {
  checkCastFileOptions(options)
  const { from, to } = options
  const file = await openCheckpoint(from)
  try {
    const shardBytes = options.shardBytes ?? (file.sharded ? SHARD_BYTES : undefined)
    await checkOutput(file, options, shardBytes !== undefined)
    const { sources, metadata, summary } = castSources(file, options)
    if (shardBytes === undefined) await streamSafetensors(to, sources, metadata)
    else await writeShards(to, sources, metadata, shardBytes)
    return await summary(() => openCheckpoint(to))
  } finally {
    await file.close()
  }
}
