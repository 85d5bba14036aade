// Codes and scales of a weight that was cast, however a file holds it. Comes in: an open file, a name; the
// weights before the cast, where they are known. Goes out: grid points and scales whose products are the
// file's numbers, every one of them.
// Source: docs/design/19-export.md.

import { layoutOf, type BlockAxis, type BlockLayout, type NumberFormat, type Shape } from '@lotion/core'
import { eachBlock, parseBlock } from '@lotion/core/internal'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { knownFormats, quantize, type Quantized } from '@lotion/formats'
import { formatTitle } from '@lotion/formats/internal'
import type { SafetensorsFile } from '../safetensors-view.js'
import { gridRecords } from './cast-metadata.js'
import { refuseOtherNumbers } from './format-numbers.js'
import { packedWeights } from './packed-weights.js'
import { readWeight } from './read-weight.js'
import { formatOfRecord } from './recorded-grid.js'

type Tensors = Pick<SafetensorsFile, 'path' | 'tensors' | 'metadata' | 'tensor'>

/** The grid that one weight of a file lies on. */
export interface WeightGrid {
  /** With the scale rule and the blocks that the file names. */
  readonly format: NumberFormat
  /** What its blocks run along. */
  readonly axis: BlockAxis
}

/** How codes and scales are found. */
export interface ReadQuantizedOptions {
  /** Formats that weights may be of besides the built-in ones. Default: none. */
  readonly formats?: readonly NumberFormat[] | undefined
  /** The file that was cast: its weights tell scales that those of the cast do not. Default: not known. */
  readonly source?: Tensors | undefined
}

/**
 * Read the grids of a file's weights, each its own; weights that are on none are left out.
 * @param file Its metadata name them.
 * @param formats Formats that weights may be of besides the built-in ones. Default: none.
 * @throws RangeError naming a format or a scale rule that is not known, or has other numbers than recorded.
 */
export function weightGrids(
  file: Pick<Tensors, 'path' | 'metadata' | 'tensors'>,
  formats?: readonly NumberFormat[],
): ReadonlyMap<string, WeightGrid> {
  const known = knownFormats(formats)
  const packed = packedWeights(file, formats)
  const grids = new Map<string, WeightGrid>()
  for (const [name, record] of gridRecords(file.metadata)) {
    if (!packed.has(name) && !Object.hasOwn(file.tensors, name)) continue
    const what = `${file.path}: '${name}'`
    const format = formatOfRecord(what, record, known)
    refuseOtherNumbers(what, record, format)
    grids.set(name, Object.freeze({ format, axis: record.axis }))
  }
  return grids
}

/**
 * Read a weight as codes and scales. Packed weights are unpacked; of others the cast is repeated, from the
 * weights before it where they are known, else from itself, and must give the file's numbers again.
 * @param file Open; only what belongs to the weight is read.
 * @param name Of a weight that the file has a grid for.
 * @param options Formats of one's own; the file that was cast.
 * @throws RangeError if the weight is on no grid, or no scales make the numbers of the file.
 */
export async function readQuantized(
  file: Tensors,
  name: string,
  { formats, source }: ReadQuantizedOptions = {},
): Promise<Quantized> {
  const grid = weightGrids(file, formats).get(name)
  if (!grid)
    throw new RangeError(
      `${file.path}: '${name}': expected a weight that lies on a grid, found no record of one`,
    )
  const packed = packedWeights(file, formats).get(name)
  if (packed) {
    const streams: Record<string, Uint8Array> = {}
    const { packing, record } = packed
    for (const stream of packing.streams) streams[stream] = (await file.tensor(`${name}.${stream}`)).bytes
    const layout = layoutOf(record.shape, parseBlock(record.block), record.axis)
    return positiveZeros(packing.unpack(streams, layout))
  }
  const { data, shape } = await readWeight(file, name, { formats })
  return quantizedOf(`${file.path}: '${name}'`, data, shape, grid, async () =>
    source === undefined ? undefined : (await readWeight(source, name, { formats })).data,
  )
}

/**
 * Split weights that lie on a grid into points and scales.
 * @param what File and weight, for messages.
 * @param weights As they were cast.
 * @param shape Theirs.
 * @param grid Theirs.
 * @param before Reads the weights before the cast, where they are known.
 * @throws RangeError if no scales make these weights.
 */
export async function quantizedOf(
  what: string,
  weights: Float32Array,
  shape: Shape,
  { format, axis }: WeightGrid,
  before: () => Promise<Float32Array | undefined> = async () => undefined,
): Promise<Quantized> {
  const layout = layoutOf(shape, format.block, axis)
  const executor = cpuExecutor()
  try {
    const known = await before()
    const found = [known, weights]
      .filter((each) => each !== undefined)
      .map((from) => split(executor, from, layout, format))
      .map((quantized) => nearbyScales(quantized, weights))
    const fewest = found.reduce((best, each) => (each.changed < best.changed ? each : best))
    if (fewest.changed === 0) return positiveZeros(fewest.quantized)
    throw new RangeError(
      `${what}: expected weights that are points of ${formatTitle(format)} times a scale, found ${fewest.changed} of ${weights.length} that no scale of its rule makes; ` +
        'name the run, which has the weights before the cast, or a file that was cast with --packed',
    )
  } finally {
    executor.close()
  }
}

/** The nearest cast of weights, as points and scales. */
export function nearestOf(weights: Float32Array, shape: Shape, { format, axis }: WeightGrid): Quantized {
  const executor = cpuExecutor()
  try {
    return positiveZeros(split(executor, weights, layoutOf(shape, format.block, axis), format))
  } finally {
    executor.close()
  }
}

function split(executor: CpuExecutor, w: Float32Array, layout: BlockLayout, format: NumberFormat): Quantized {
  const [out] = executor.lanes([{ fn: quantize(format), inputs: { w }, layout }])
  const { value, scale, tensorScale } = out!
  return { layout, values: value!, scales: scale!, tensorScale: tensorScale![0]! }
}

/** How far a scale in f32 can be from one that is found again, in units of its last place. */
const NEARBY = 4

/**
 * Where a scale that is found again is off in its last bits, as a maximum that was divided and multiplied may
 * be, take the one nearby that makes the weights.
 */
function nearbyScales(
  quantized: Quantized,
  weights: Float32Array,
): { readonly quantized: Quantized; readonly changed: number } {
  const { layout, values, tensorScale } = quantized
  const scales = Float32Array.from(quantized.scales)
  let changed = 0
  eachBlock(layout, (block, base, count, stride) => {
    const misses = (scale: number): number => {
      const factor = Math.fround(scale * tensorScale)
      let off = 0
      for (let k = 0, i = base; k < count; k++, i += stride)
        if (Math.fround(values[i]! * factor) !== weights[i]) off++
      return off
    }
    const first = misses(scales[block]!)
    if (first === 0) return
    const near = tensorScale === 1 ? neighbours(scales[block]!) : []
    const exact = near.find((scale) => misses(scale) === 0)
    if (exact === undefined) changed += first
    else scales[block] = exact
  })
  return { quantized: { ...quantized, scales }, changed }
}

/** Singles around a positive one, nearest first. */
function neighbours(scale: number): readonly number[] {
  const single = Float32Array.of(scale)
  const bits = new Uint32Array(single.buffer)
  const from = bits[0]!
  return Array.from({ length: 2 * NEARBY }, (_, i) => {
    bits[0] = from + (i % 2 === 0 ? 1 : -1) * (1 + (i >> 1))
    return single[0]!
  })
}

/** −0 is the number 0, and several layouts have no other code for it. */
function positiveZeros(quantized: Quantized): Quantized {
  return { ...quantized, values: Float32Array.from(quantized.values, (value) => value + 0) }
}
