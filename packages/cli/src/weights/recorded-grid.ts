// The grid that a file says its weights lie on, and what a command asks for. Comes in: metadata and options. Goes out: one format
// and the axes of the file's own blocks, or what contradicts. Source: docs/design/04-bench.md.

import { axisName, parseBlock, type BlockAxis, type NumberFormat } from '@lotion/core'
import type { SafetensorsFile } from '@lotion/checkpoints'
import { formatByName, formatTitle, scaleByName, withBlock, withScale } from '@lotion/formats'
import { gridRecords, packedRecords, type GridRecord } from './cast-metadata.js'
import { streamsOf } from './quantized-weights.js'
import { formatOf, type WeightValues } from './weight-options.js'

/** What weights are cast to. */
export interface WantedGrid {
  readonly format: NumberFormat
  /** Weights that the file says lie on this grid already, and what their blocks run along. */
  readonly recorded: ReadonlyMap<string, BlockAxis>
}

/**
 * Take the grid from the file where it has one, from the options elsewhere; `again` takes it from the options alone.
 * @throws if an option contradicts the file, or the file has several grids.
 */
export function wantedGrid(
  file: Pick<SafetensorsFile, 'path' | 'metadata' | 'tensors'>,
  values: WeightValues,
): WantedGrid {
  const packed = new Map(packedRecords(file.metadata))
  const concerned = (name: string): boolean => {
    const record = packed.get(name)
    const parts = record ? streamsOf(name, record) : [name]
    const { only } = values
    return (
      parts.every((part) => Object.hasOwn(file.tensors, part)) &&
      (only === undefined || name.search(only) >= 0)
    )
  }
  // Records of weights that are still there, as floats or packed, and that the command is about.
  const records = values.again ? [] : [...gridRecords(file.metadata)].filter(([name]) => concerned(name))
  const [first] = records
  if (!first) return { format: formatOf(values), recorded: new Map() }
  const [name, grid] = first
  const other = records.find(
    ([, { format, scale, block }]) => format !== grid.format || scale !== grid.scale || block !== grid.block,
  )
  if (other) {
    throw new RangeError(
      `${file.path}: '${name}' was cast to ${titleOf(grid)}, '${other[0]}' to ${titleOf(other[1])}; choose those of one grid with --only, or cast all anew with --again`,
    )
  }
  for (const [weight, record] of records) refuseContradiction(file.path, weight, record, values)
  return {
    format: formatOfRecord(grid),
    recorded: new Map(records.map(([weight, { axis }]) => [weight, axis])),
  }
}

function refuseContradiction(path: string, name: string, record: GridRecord, values: WeightValues): void {
  const asked = {
    format: values.format,
    scale: values.scale,
    block: values.block,
    axis: values.axis === undefined ? undefined : axisName(values.axis),
  }
  const has = { ...record, axis: axisName(record.axis) }
  for (const option of ['format', 'scale', 'block', 'axis'] as const) {
    if (asked[option] === undefined || asked[option] === has[option]) continue
    throw new RangeError(
      `${path}: '${name}' was cast to ${titleOf(record)}, and --${option} ${asked[option]} asks for another grid than its ` +
        `${option} ${has[option]}; leave --${option} out to keep the grid, or add --again to round these weights a second time`,
    )
  }
}

function formatOfRecord({ format, scale, block }: GridRecord): NumberFormat {
  const named = withBlock(formatByName(format), parseBlock(block))
  return scale === named.scale.name ? named : withScale(named, scaleByName(scale))
}

function titleOf(record: GridRecord): string {
  return `${formatTitle(formatOfRecord(record))}, scale ${record.scale}, along ${axisName(record.axis)}`
}
