// The grid that a file says its weights lie on, and what a caller asks for. Comes in: metadata, names of a
// grid. Goes out: the file's grid and the axes of its blocks, nothing if it has none, or what contradicts.
// Source: docs/design/11-files.md.

import type { BlockAxis, NumberFormat } from '@lotion/core'
import { axisName, parseBlock } from '@lotion/core/internal'
import { scaleByName, withBlock, withScale } from '@lotion/formats'
import { formatTitle } from '@lotion/formats/internal'
import type { SafetensorsFile } from '../safetensors-view.js'
import { checkFormats } from './check-cast-options.js'
import { gridRecords, packedRecords, type GridRecord } from './cast-metadata.js'
import { refuseOtherNumbers } from './format-numbers.js'
import { packedWeights } from './packed-weights.js'

/** A grid by its names, as far as it is asked for, and the weights that it is asked for. */
export interface GridWish {
  /** Name of the number format. Default: that of the file. */
  readonly format?: string | undefined
  /** Name of the scale rule. Default: that of the file. */
  readonly scale?: string | undefined
  /** `tensor`, `row`, or the number of weights in a block. Default: that of the file. */
  readonly block?: string | undefined
  /** What blocks run along, for all weights. Default: what the file says of each. */
  readonly axis?: BlockAxis | undefined
  /** Names of the weights. Default: all. */
  readonly only?: RegExp | undefined
  /** Round a second time: the file's record does not count. Default false. */
  readonly again?: boolean | undefined
  /** Formats that the file may be of besides the built-in ones. Default: none. */
  readonly formats?: readonly NumberFormat[] | undefined
}

/** The grid of a file. */
export interface RecordedGrid {
  /** With the scale rule and the blocks that the file names. */
  readonly format: NumberFormat
  /** Weights that lie on it, and what their blocks run along. */
  readonly recorded: ReadonlyMap<string, BlockAxis>
}

/**
 * Read the grid that weights of a file lie on; nothing if it has no record of one, or `again` is set.
 * @param file Its header is enough.
 * @param wish What must agree with the file. Default: nothing is asked for.
 * @throws RangeError if what is asked for contradicts the file, its weights lie on several grids, or its
 * format or scale rule is not known, or not the one that it was written with.
 */
export function recordedGrid(
  file: Pick<SafetensorsFile, 'path' | 'metadata' | 'tensors'>,
  wish: GridWish = {},
): RecordedGrid | undefined {
  if (wish.again) return undefined
  const known = checkFormats(wish.formats ?? [])
  const packed = packedWeights(file, wish.formats)
  const wasPacked = new Map(packedRecords(file.metadata))
  const concerned = (name: string): boolean => {
    const { only } = wish
    return (
      (wasPacked.has(name) ? packed.has(name) : Object.hasOwn(file.tensors, name)) &&
      (only === undefined || name.search(only) >= 0)
    )
  }
  // Records of weights that are still there, as floats or packed, and that the caller asks about.
  const records = [...gridRecords(file.metadata)].filter(([name]) => concerned(name))
  const [first] = records
  if (!first) return undefined
  const [name, grid] = first
  const other = records.find(
    ([, { format, scale, block }]) => format !== grid.format || scale !== grid.scale || block !== grid.block,
  )
  if (other) {
    throw new RangeError(
      `${file.path}: '${name}' was cast to ${titleOf(grid, known)}, '${other[0]}' to ${titleOf(other[1], known)}; choose those of one grid with option 'only', or cast all anew with option 'again'`,
    )
  }
  for (const [weight, record] of records) refuseContradiction(file.path, weight, record, wish, known)
  const format = formatOfRecord(`${file.path}: '${name}'`, grid, known)
  for (const [weight, record] of records) refuseOtherNumbers(`${file.path}: '${weight}'`, record, format)
  return {
    format,
    recorded: new Map(records.map(([weight, { axis }]) => [weight, axis])),
  }
}

/** The format of a record, with its scale rule and blocks. @throws RangeError if one of them is not known. */
export function formatOfRecord(
  what: string,
  { format, scale, block }: GridRecord,
  known: readonly NumberFormat[],
): NumberFormat {
  const unknown = (part: string): RangeError =>
    new RangeError(
      `${what}: expected a known format and scale rule, found ${part}, which is not built in; ` +
        `give the format that has it with option 'formats'`,
    )
  const found = known.find(({ name }) => name === format)
  if (!found) throw unknown(`format '${format}'`)
  const named = withBlock(found, parseBlock(block))
  if (scale === named.scale.name) return named
  try {
    return withScale(named, scaleByName(scale))
  } catch {
    throw unknown(`scale rule '${scale}'`)
  }
}

function refuseContradiction(
  path: string,
  name: string,
  record: GridRecord,
  wish: GridWish,
  known: readonly NumberFormat[],
): void {
  const asked = { ...wish, axis: wish.axis === undefined ? undefined : axisName(wish.axis) }
  const has = { ...record, axis: axisName(record.axis) }
  for (const option of ['format', 'scale', 'block', 'axis'] as const) {
    if (asked[option] === undefined || asked[option] === has[option]) continue
    throw new RangeError(
      `${path}: '${name}' was cast to ${titleOf(record, known)}, and option '${option}' ${asked[option]} asks for another grid than its ` +
        `${option} ${has[option]}; leave option '${option}' out to keep the grid, or add option 'again' to round these weights a second time`,
    )
  }
}

function titleOf({ format, scale, block, axis }: GridRecord, known: readonly NumberFormat[]): string {
  const found = known.find(({ name }) => name === format)
  const title = found ? formatTitle(withBlock(found, parseBlock(block))) : `${format}, block ${block}`
  return `${title}, scale ${scale}, along ${axisName(axis)}`
}
