// Casts a checkpoint in memory. Comes in: an open file, a format, a rounding. Goes out: the bytes of another.
// Source: docs/design/11-files.md.

import { openSafetensorsBytes, streamedBytes } from '../safetensors-bytes.js'
import type { SafetensorsFile } from '../safetensors-view.js'
import { castSources, type CastOptions, type CastSummary } from './cast-sources.js'
import { checkCastOptions } from './check-cast-options.js'

/** A file that was cast, and what was done. */
export interface CastBytes {
  /** The whole new file, as it would stand on disk. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** What was cast, kept and rounded on the way. */
  readonly summary: CastSummary
}

/**
 * Cast a checkpoint to a number format, tensor by tensor, into the bytes of a new file: those that `castFile`
 * writes.
 * @param file The checkpoint; it stays open.
 * @param options As of `castFile`, without paths and shards.
 * @throws as `castFile`; RangeError if no array is as large as the new file.
 * @example
 * ```ts
 * import { castBytes, openSafetensorsBytes, safetensorsBytes } from '@lotion/checkpoints/bytes'
 * import { nvfp4 } from '@lotion/formats'
 * const data = Float32Array.from({ length: 512 }, (_, i) => Math.sin(i))
 * const file = await openSafetensorsBytes(safetensorsBytes({ 'mlp.weight': { data, shape: [8, 64] } }))
 * const { bytes, summary } = await castBytes(file, { format: nvfp4, packed: true })
 * console.log(bytes.length, summary.weights)
 * ```
 */
export async function castBytes(file: SafetensorsFile, options: CastOptions): Promise<CastBytes> {
  checkCastOptions(options)
  const { sources, metadata, summary } = castSources(file, options)
  const bytes = await streamedBytes(sources, metadata)
  return { bytes, summary: await summary(() => openSafetensorsBytes(bytes)) }
}
