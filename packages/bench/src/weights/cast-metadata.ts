// What a cast file tells of itself. Comes in: the metadata of the file that is cast, the cast. Goes out: both.
// Source: the safetensors format (metadata is text by name); ours is JSON under two names.

import { blockName, type Noise, type NumberFormat } from '@lotion/core'
import type { SafetensorsFile } from '@lotion/checkpoints'
import { z } from 'zod'

/** The casts a file went through, in order: `[{ format, scale, block, axis, … }]`. */
const CASTS = 'lotion.cast'
/** How to read packed tensors: `{ 'a.weight': { packing, shape, block, axis } }`. */
const PACKED = 'lotion.packed'

/** What the record of a cast is made from. */
export interface RecordedCast {
  readonly format: NumberFormat
  readonly axis: number
  readonly noise?: Noise | undefined
  readonly seed: number
  readonly only?: RegExp | undefined
  /** Of packed weights. */
  readonly packing?: string | undefined
}

/** Keep all metadata and add this cast. @throws if the file's own records of casts are no JSON. */
export function extendedMetadata(
  { path, metadata, tensors }: Pick<SafetensorsFile, 'path' | 'metadata' | 'tensors'>,
  { format, axis, noise, seed, only, packing }: RecordedCast,
  chosen: readonly string[],
): Readonly<Record<string, string>> {
  const earlier = <T>(key: string, schema: z.ZodType<T>): T => {
    try {
      return schema.parse(metadata[key] === undefined ? undefined : JSON.parse(metadata[key]))
    } catch (error) {
      throw new Error(
        `${path}: metadata '${key}': expected the record of an earlier cast, found '${metadata[key]}'`,
        {
          cause: error,
        },
      )
    }
  }
  const block = blockName(format.block)
  const cast = {
    format: format.name,
    scale: format.scale.name,
    block,
    axis,
    noise: noise?.name ?? 'nearest',
    ...(noise ? { seed } : {}),
    ...(only ? { only: only.source } : {}),
  }
  const layouts = chosen.map((name) => [name, { packing, shape: tensors[name]!.shape, block, axis }] as const)
  return {
    ...metadata,
    [CASTS]: JSON.stringify([...earlier(CASTS, z.array(z.unknown()).default([])), cast]),
    ...(packing !== undefined
      ? {
          [PACKED]: JSON.stringify({
            ...earlier(PACKED, z.record(z.string(), z.unknown()).default({})),
            ...Object.fromEntries(layouts),
          }),
        }
      : {}),
  }
}
