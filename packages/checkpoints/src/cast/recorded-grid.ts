// The grid that a file says its weights lie on, and what a caller asks for. Comes in: metadata, names of a
// grid. Goes out: the file's grid and the axes of its blocks, nothing if it has none, or what contradicts.
// Source: docs/design/11-files.md.

import { axisName, parseBlock, type BlockAxis, type NumberFormat } from '@lotion/core'
import { builtInFormats, formatByName, formatTitle, scaleByName, withBlock, withScale } from '@lotion/formats'
import type { SafetensorsFile } from '../open-safetensors.js'
import { gridRecords, packedRecords, type GridRecord } from './cast-metadata.js'
import { streamsOf } from './quantized-weights.js'

/** A grid by its names, as far as it is asked for, and the weights that it is asked for. */
export interface GridWish {
  readonly format?: string | undefined
  readonly scale?: string | undefined
  readonly block?: string | undefined
  readonly axis?: BlockAxis | undefined
  /** Names of the weights. Default: all. */
  readonly only?: RegExp | undefined
  /** Round a second time: the file's record does not count. Default false. */
  readonly again?: boolean | undefined
}

/** The grid of a file. */
export interface RecordedGrid {
  readonly grid: GridRecord
  /** Weights that lie on it, and what their blocks run along. */
  readonly recorded: ReadonlyMap<string, BlockAxis>
}

/**
 * Read the grid that weights of a file lie on; nothing if it has no record of one, or `again` is set.
 * @throws RangeError if what is asked for contradicts the file, or its weights lie on several grids.
 */
export function recordedGrid(
  file: Pick<SafetensorsFile, 'path' | 'metadata' | 'tensors'>,
  wish: GridWish = {},
): RecordedGrid | undefined {
  if (wish.again) return undefined
  const packed = new Map(packedRecords(file.metadata))
  const concerned = (name: string): boolean => {
    const record = packed.get(name)
    const parts = record ? streamsOf(name, record) : [name]
    const { only } = wish
    return (
      parts.every((part) => Object.hasOwn(file.tensors, part)) &&
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
      `${file.path}: '${name}' was cast to ${titleOf(grid)}, '${other[0]}' to ${titleOf(other[1])}; choose those of one grid with option 'only', or cast all anew with option 'again'`,
    )
  }
  for (const [weight, record] of records) refuseContradiction(file.path, weight, record, wish)
  return { grid, recorded: new Map(records.map(([weight, { axis }]) => [weight, axis])) }
}

/**
 * The format of a record, with its scale rule and blocks; of a format that is not built in, give the record
 * of it among `formats`.
 * @throws RangeError if the format's name is none of them, or the rule's none that is built in.
 */
export function recordedFormat(
  { format, scale, block }: GridRecord,
  formats: readonly NumberFormat[] = builtInFormats,
): NumberFormat {
  const named = withBlock(formatByName(format, formats), parseBlock(block))
  return scale === named.scale.name ? named : withScale(named, scaleByName(scale))
}

function refuseContradiction(path: string, name: string, record: GridRecord, wish: GridWish): void {
  const asked = { ...wish, axis: wish.axis === undefined ? undefined : axisName(wish.axis) }
  const has = { ...record, axis: axisName(record.axis) }
  for (const option of ['format', 'scale', 'block', 'axis'] as const) {
    if (asked[option] === undefined || asked[option] === has[option]) continue
    throw new RangeError(
      `${path}: '${name}' was cast to ${titleOf(record)}, and option '${option}' ${asked[option]} asks for another grid than its ` +
        `${option} ${has[option]}; leave option '${option}' out to keep the grid, or add option 'again' to round these weights a second time`,
    )
  }
}

function titleOf(record: GridRecord): string {
  const { format, scale, block, axis } = record
  const known = builtInFormats.some(({ name }) => name === format)
  const title = known ? formatTitle(recordedFormat(record)) : `${format}, block ${block}`
  return `${title}, scale ${scale}, along ${axisName(axis)}`
}
