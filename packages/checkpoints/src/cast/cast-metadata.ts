// What a cast file tells of itself. Comes in: the metadata of the file that is cast, the cast. Goes out:
// both.
// Source: the safetensors format (metadata is text by name); ours is JSON under three names, and a word
// under a fourth.

import type { BlockAxis, Noise, NumberFormat } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { knownFormats } from '@lotion/formats'
import { z } from 'zod'
import type { SafetensorsFile } from '../safetensors-view.js'
import { recordedNumbers } from './format-numbers.js'

/** The casts a file went through, in order: `[{ format, scale, block, axis, … }]`. */
const CASTS = 'lotion.cast'
/** How to read packed tensors: `{ 'a.weight': { packing, shape, block, axis, numbers? } }`. */
const PACKED = 'lotion.packed'
/** The grid that weights lie on: `{ 'a.weight': { format, scale, block, axis, numbers? } }`. */
const GRIDS = 'lotion.grid'
/** Which weights of a run a file holds: `trained`, as they were taken, their `cast`, or the `last` ones. */
export const WHICH_WEIGHTS = 'lotion.weights'

const axisSchema = z.union([z.int(), z.tuple([z.int(), z.int()])])
const packedSchema = z.object({
  packing: z.string(),
  shape: z.array(z.int().min(0)),
  block: z.string(),
  axis: axisSchema,
  numbers: z.string().optional(),
})
const gridSchema = z.object({
  /** Name of the number format. */
  format: z.string(),
  /** Name of its scale rule. */
  scale: z.string(),
  /** `tensor`, `row`, or the number of weights in a block. */
  block: z.string(),
  /** What the blocks run along: an axis, or the first and the last of several. */
  axis: axisSchema,
  /** Hash of what the format's codes stand for; absent where the format is built in. */
  numbers: z.string().optional(),
})

/** How to read a tensor that was packed. */
export type PackedRecord = z.infer<typeof packedSchema>
/** The grid that the weights of a tensor were cast to, by names. */
export type GridRecord = z.infer<typeof gridSchema>

type Metadata = Readonly<Record<string, string>>

/** Read how packed tensors are to be read. @throws if that is no record of ours. */
export function packedRecords(metadata: Metadata): readonly (readonly [string, PackedRecord])[] {
  return Object.entries(recorded(metadata, PACKED, z.record(z.string(), packedSchema)) ?? {})
}

/** Read the grids that weights lie on. @throws if that is no record of ours. */
export function gridRecords(metadata: Metadata): ReadonlyMap<string, GridRecord> {
  return new Map(Object.entries(recorded(metadata, GRIDS, z.record(z.string(), gridSchema)) ?? {}))
}

/**
 * Write down the grids of some weights.
 * @param grids By the names of the weights.
 */
export function gridMetadata(grids: ReadonlyMap<string, GridRecord>): Metadata {
  return { [GRIDS]: JSON.stringify(Object.fromEntries(grids)) }
}

/**
 * Say a grid by its names.
 * @param format A built-in one, or one of another name, with its scale rule and blocks.
 * @param axis What its blocks run along in this weight.
 * @throws RangeError for another format under the name of a built-in one.
 */
export function gridRecord(format: NumberFormat, axis: BlockAxis): GridRecord {
  const { name, scale, block } = format
  knownFormats([format])
  const written = typeof axis === 'number' ? axis : ([...axis] as [number, number])
  const names = { format: name, scale: scale.name, block: blockName(block), axis: written }
  return { ...names, ...recordedNumbers(format) }
}

/** What the record of a cast is made from. */
export interface RecordedCast {
  readonly format: NumberFormat
  readonly noise?: Noise | undefined
  readonly seed: number
  readonly only?: RegExp | undefined
  /** If it was asked for. */
  readonly axis?: BlockAxis | undefined
  /** Of packed weights. */
  readonly packing?: string | undefined
  /** What weights are written as, if that was asked for. */
  readonly dtype?: string | undefined
  /** Weights that may have been rounded again when they were written: they are on no recorded grid. */
  readonly offGrid?: ReadonlySet<string> | undefined
}

/** Weights that were cast, and what their blocks run along. */
export type CastWeights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly axis: BlockAxis }>

/** Keep all metadata and add this cast. @throws if the file's own records of casts are no JSON. */
export function extendedMetadata(
  { path, metadata }: Pick<SafetensorsFile, 'path' | 'metadata'>,
  { format, noise, seed, only, axis, packing, dtype, offGrid }: RecordedCast,
  chosen: CastWeights,
): Metadata {
  const cast = {
    format: format.name,
    scale: format.scale.name,
    block: blockName(format.block),
    ...(axis === undefined ? {} : { axis }),
    noise: noise?.name ?? 'nearest',
    ...(noise ? { seed } : {}),
    ...(only ? { only: only.source } : {}),
    ...(dtype === undefined ? {} : { dtype }),
  }
  try {
    const casts = recorded(metadata, CASTS, z.array(z.unknown())) ?? []
    const grids = new Map(gridRecords(metadata))
    const packed = new Map(packedRecords(metadata))
    for (const [name, { shape, axis: along }] of chosen) {
      const grid = gridRecord(format, along)
      const { format: _format, scale: _scale, ...blocks } = grid
      if (offGrid?.has(name)) grids.delete(name)
      else grids.set(name, grid)
      packed.delete(name)
      if (packing !== undefined) packed.set(name, { packing, shape: [...shape], ...blocks })
    }
    const { [PACKED]: _, ...rest } = metadata
    return {
      // Loaders take a file without metadata for PyTorch's, but refuse metadata that do not say so.
      format: 'pt',
      ...rest,
      // Whatever it was of a run: what comes out is not what was trained.
      ...(Object.hasOwn(rest, WHICH_WEIGHTS) ? { [WHICH_WEIGHTS]: 'cast' } : {}),
      [CASTS]: JSON.stringify([...casts, cast]),
      ...gridMetadata(grids),
      ...(packed.size > 0 ? { [PACKED]: JSON.stringify(Object.fromEntries(packed)) } : {}),
    }
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function recorded<T>(metadata: Metadata, key: string, schema: z.ZodType<T>): T | undefined {
  if (!Object.hasOwn(metadata, key)) return undefined
  try {
    return schema.parse(JSON.parse(metadata[key]!))
  } catch (error) {
    throw new Error(`metadata '${key}': expected the record of an earlier cast, found '${metadata[key]}'`, {
      cause: error,
    })
  }
}
