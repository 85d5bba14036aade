// Weights that `castFile` packed. Comes in: a file's header, known formats. Goes out: each that is still
// there, with its packing.
// Source: the records of `castFile`, which tell packings by name.

import type { NumberFormat } from '@lotion/core'
import { knownFormats, type Packing } from '@lotion/formats'
import { packingsOf } from '@lotion/formats/internal'
import type { SafetensorsFile } from '../safetensors-view.js'
import { packedRecords, type PackedRecord } from './cast-metadata.js'
import { refuseOtherNumbers } from './format-numbers.js'

/** A weight that stands in a file as streams of bytes. */
export interface PackedWeight {
  /** File and weight, for messages. */
  readonly what: string
  readonly record: PackedRecord
  readonly packing: Packing
  /** The tensors that it is made of. */
  readonly parts: readonly string[]
}

/** What a header tells. */
export type PackedHeader = Pick<SafetensorsFile, 'path' | 'tensors' | 'metadata'>

/**
 * Find the packed weights of a file; `formats` are those it may be of besides the built-in ones. A record
 * whose streams are gone is of a file that another tool wrote anew, and is left out.
 * @throws RangeError naming the packing if none of the formats has it, or has it with the numbers recorded.
 */
export function packedWeights(
  { path, tensors, metadata }: PackedHeader,
  formats?: readonly NumberFormat[],
): ReadonlyMap<string, PackedWeight> {
  const packings = new Map(
    knownFormats(formats).flatMap((format) =>
      packingsOf([format]).map((packing) => [packing.name, { packing, format }] as const),
    ),
  )
  const beneath = new Set(Object.keys(tensors).map((part) => part.replace(/\.[^.]*$/, '')))
  const found = new Map<string, PackedWeight>()
  for (const [name, record] of packedRecords(metadata)) {
    if (!beneath.has(name)) continue
    const what = `${path}: '${name}'`
    const known = packings.get(record.packing)
    if (!known) {
      throw new RangeError(
        `${what}: expected the packing of a known format, found '${record.packing}', which is not built in; ` +
          `give the format that has it with option 'formats'`,
      )
    }
    const { packing, format } = known
    refuseOtherNumbers(what, record, format)
    const parts = packing.streams.map((stream) => `${name}.${stream}`)
    if (parts.every((part) => Object.hasOwn(tensors, part))) found.set(name, { what, record, packing, parts })
  }
  return found
}
