// Bytes of a quantized parameter, codes and scales apart. Comes in: codes and scales. Goes out: named byte
// arrays, and back.
// Source: OCP MX v1.0 (elements and scales), NVFP4 (low nibble first); the order of bits is little-endian
// throughout.

import type { BlockLayout, ElementCodes, StoredCodes } from '@lotion/core'
import { eachBlock, weightsOf } from '@lotion/core/internal'
import { packBits, unpackBits } from './bit-streams.js'
import type { Quantized } from './quantize.js'

/** A layout of bytes for the weights of one format. */
export interface Packing {
  /** What `packingByName` finds it by, such as `q4_0`; stands in error messages. */
  readonly name: string
  /** Names of the byte arrays. */
  readonly streams: readonly string[]
  /**
   * Bytes of each stream.
   * @param layout Blocks over the parameter.
   * @throws if the layout does not suit the packing.
   */
  lengths(layout: BlockLayout): Readonly<Record<string, number>>
  /**
   * @param quantized Grid points and scales of one parameter.
   * @throws if a value or scale has no code, or the layout does not suit the packing.
   */
  pack(quantized: Quantized): Readonly<Record<string, Uint8Array<ArrayBuffer>>>
  /**
   * @param streams Bytes by the names in `streams`.
   * @param layout Blocks over the parameter, as they were when it was packed.
   * @throws if a stream is missing or has another length than the layout asks for, or holds a code without a
   * value.
   */
  unpack(streams: Readonly<Record<string, Uint8Array>>, layout: BlockLayout): Quantized
}

/** What stands where in the streams `codes`, `scales` and, if there are two levels, `tensorScale`. */
export interface StreamOptions extends Omit<StoredCodes, 'together'> {
  /** Where a block's scale stands, counted in scales, and how many places there are. Default: in order. */
  readonly placement?: (layout: BlockLayout) => ScalePlacement
}

/** Where scales stand. */
export interface ScalePlacement {
  /** How many places there are, unused ones included. */
  readonly places: number
  /**
   * The place of a block's scale, from 0.
   * @param block Number of the block, from 0, in the order of the layout.
   */
  at(block: number): number
}

/**
 * Pack codes as a stream of bits, lowest bits first: two 4-bit codes a byte with the first in the low nibble,
 * four 6-bit codes in three bytes. The order is that of blocks, then of the weights in a block: memory order
 * for blocks along the last axis.
 */
export function streamPacking(
  name: string,
  { codes, scale, tensorScale, placement }: StreamOptions,
): Packing {
  const place = placement ?? (({ blocks }: BlockLayout) => ({ places: blocks, at: (block: number) => block }))
  const lengths = (layout: BlockLayout): Record<string, number> => ({
    codes: Math.ceil((codes.bits * weightsOf(layout)) / 8),
    ...(scale ? { scales: scale.bytes * place(layout).places } : {}),
    ...(tensorScale ? { tensorScale: tensorScale.bytes } : {}),
  })
  return Object.freeze({
    name,
    streams: ['codes', ...(scale ? ['scales'] : []), ...(tensorScale ? ['tensorScale'] : [])],
    lengths,
    pack: ({ layout, values, scales, tensorScale: tensor }) => {
      const out = Object.fromEntries(
        Object.entries(lengths(layout)).map(([stream, length]) => [stream, new Uint8Array(length)]),
      )
      const encode = codes.encoder(singles(values))
      packBits(codes.bits, out['codes']!, weightsOf(layout), (to) =>
        eachRun(layout, (base, count, stride, at) => encode(base, stride, count, to, at)),
      )
      if (scale) {
        const [view, { at }] = [viewOf(out['scales']!), place(layout)]
        for (let b = 0; b < layout.blocks; b++) scale.write(view, at(b) * scale.bytes, scales[b]!)
      }
      tensorScale?.write(viewOf(out['tensorScale']!), 0, tensor)
      return out
    },
    unpack: (streams, layout) => {
      for (const [stream, length] of Object.entries(lengths(layout)))
        expectBytes(name, streams, stream, length)
      const found = unpackBits(codes.bits, streams['codes']!, weightsOf(layout))
      const values = new Float32Array(weightsOf(layout))
      eachRun(layout, (base, count, stride, at) => decodeMany(codes, found, at, values, base, stride, count))
      const scales = new Float32Array(scale ? layout.blocks : 0)
      if (scale) {
        const [view, { at }] = [viewOf(streams['scales']!), place(layout)]
        for (let b = 0; b < scales.length; b++) scales[b] = scale.read(view, at(b) * scale.bytes)
      }
      return {
        layout,
        values,
        scales,
        tensorScale: tensorScale ? tensorScale.read(viewOf(streams['tensorScale']!), 0) : 1,
      }
    },
  } satisfies Packing)
}

/**
 * Visit weights in the order of blocks: the first weight, how many, their distance, and how many came before.
 * Blocks along the last axis are one run.
 */
function eachRun(
  layout: BlockLayout,
  visit: (base: number, count: number, stride: number, at: number) => void,
): void {
  if (layout.inner === 1) {
    visit(0, weightsOf(layout), 1, 0)
    return
  }
  let at = 0
  eachBlock(layout, (_, base, count, stride) => {
    visit(base, count, stride, at)
    at += count
  })
}

/** Values as f32, as a cast leaves them. @throws if a value is not an f32 number, which no grid point is. */
export function singles(values: ArrayLike<number>): Float32Array {
  if (values instanceof Float32Array) return values
  const all = Float32Array.from(values)
  const off = all.findIndex((value, i) => value !== values[i])
  if (off >= 0) throw new RangeError(`value: expected a grid point, an f32 number, found ${values[off]}`)
  return all
}

/** See bytes as numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * Decode `count` codes from `from` on, into values from `to` on, `stride` apart.
 * @throws if a code stands for no number.
 */
export function decodeMany(
  { table }: ElementCodes,
  codes: Uint8Array,
  from: number,
  values: Float32Array,
  to: number,
  stride: number,
  count: number,
): void {
  for (let k = 0, i = to; k < count; k++, i += stride) {
    const value = table[codes[from + k]!]!
    if (Number.isNaN(value))
      throw new RangeError(`codes: expected codes of finite numbers, found ${codes[from + k]}`)
    values[i] = value
  }
}

/** @throws unless the stream is there and as long as expected. */
export function expectBytes(
  name: string,
  streams: Readonly<Record<string, Uint8Array>>,
  stream: string,
  length: number,
): void {
  const found = streams[stream]?.length
  if (found !== length)
    throw new RangeError(`${name}: ${stream}: expected ${length} bytes, found ${found ?? 'no such stream'}`)
}
