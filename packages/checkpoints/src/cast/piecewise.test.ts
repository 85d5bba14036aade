import {
  castNearest,
  castSample,
  layoutOf,
  normals,
  trace,
  type BlockLayout,
  type NumberFormat,
} from '@lotion/core'
import { flatLayout, parseBlock } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import {
  builtInFormats,
  e4m3Ceil,
  int4,
  mseClip,
  nvfp4,
  packingByName,
  quantize,
  withBlock,
  withScale,
} from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { amount } from '@lotion/test-kit'
import { describe, expect, test } from 'vitest'
import { fromTyped } from '../from-typed.js'
import { toFloat32 } from '../to-float32.js'
import { acrossPieces } from './across-pieces.js'
import { tensorCasts, type Pieces } from './tensor-casts.js'
import { piecesOf } from './tensor-pieces.js'
import { memoryReader } from './weight-reader.js'
import { weightMeter } from './weight-statistics.js'

const executor = cpuExecutor()

function readerOf(weights: Float32Array) {
  return memoryReader('w', weights.length, () => Promise.resolve(weights))
}

async function joined(pieces: Pieces): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(Uint8Array.from(piece))
  return Buffer.concat(parts)
}

/** Magnitudes that grow from the first weight to the last: the maxima of the pieces differ. */
const weightsFor = ({ outer, length, inner }: BlockLayout): Float32Array =>
  normals({ seed: 1, stream: 'w' }, outer * length * inner).map((w, i) => w * (1 + i))

/** Shapes, blocks and axes whose pieces of 64 weights are rows, runs of blocks, and parts of one block. */
const layouts: readonly (readonly [string, BlockLayout])[] = [
  ['rows', layoutOf([40, 32], parseBlock(16))],
  ['rows of odd length', layoutOf([40, 19], parseBlock(16))],
  ['long rows', layoutOf([3, 1024], parseBlock(32))],
  ['long rows of odd length', layoutOf([3, 1003], parseBlock(32))],
  ['along the first axis', layoutOf([64, 6], parseBlock(16), 0)],
  ['along the middle axis', layoutOf([3, 50, 4], parseBlock(8), 1)],
  ['a scale a row', layoutOf([5, 300], parseBlock('row'))],
  ['a scale a column', layoutOf([300, 5], parseBlock('row'), 0)],
  ['a scale a tensor', layoutOf([25, 60], parseBlock('tensor'))],
  ['less than a piece', layoutOf([4, 8], parseBlock(8))],
  ['a scalar', flatLayout(1)],
]

describe('pieces', () => {
  test.each(layouts)('cover a tensor and its blocks once, in order: %s', (_, layout) => {
    const pieces = piecesOf(layout, 64)
    let [at, blocks] = [0, 0]
    const parts = new Set<number>()
    for (const { first, count, layout: own, partOf } of pieces) {
      expect(first).toBe(at)
      expect(own.outer * own.length * own.inner).toBe(count)
      at += count
      if (partOf === undefined) blocks += own.blocks
      else parts.add(partOf)
    }
    expect(at).toBe(layout.outer * layout.length * layout.inner)
    expect(blocks + parts.size).toBe(layout.blocks)
  })

  test('stay small where blocks allow it, however large the tensor is', () => {
    const most = (layout: BlockLayout): number =>
      piecesOf(layout).reduce((largest, { count }) => Math.max(largest, count), 0)
    expect(most(layoutOf([128_256, 16_384], parseBlock(32)))).toBeLessThanOrEqual(2 ** 23)
    expect(most(layoutOf([2, 2 ** 31], parseBlock(32)))).toBeLessThanOrEqual(2 ** 20)
    expect(most(layoutOf([2 ** 31], parseBlock('tensor')))).toBeLessThanOrEqual(2 ** 20)
    expect(most(layoutOf([4096, 4096, 128], parseBlock(32), 1))).toBeLessThanOrEqual(2 ** 23)
  })
})

/** In brief every format in some layouts. */
const cases = layouts
  .flatMap(([title, layout]) =>
    builtInFormats.map((format): [string, string, NumberFormat, BlockLayout] => [
      format.name,
      title,
      format,
      layout,
    ]),
  )
  .filter((_, i) => i % amount(3, 1) === 0)

describe('a cast in pieces', () => {
  test.each(cases)('%s, %s: the bits of the cast of the whole tensor', async (_, __, format, layout) => {
    const w = weightsFor(layout)
    const u = executor.uniforms({ seed: 7, stream: 'cast w', step: 0 }, w.length)
    for (const noise of [undefined, randomizedRounding]) {
      const fn = noise ? castSample(format, noise) : castNearest(format)
      const [whole] = executor.lanes([{ fn, inputs: noise ? { w, u } : { w }, layout }])
      const casts = tensorCasts({ format, noise, seed: 7, pieceWeights: 64 })
      const bytes = await joined(casts.weights(readerOf(w), layout, 'F32', () => undefined))
      expect(bytes.equals(fromTyped(whole!['w']!).bytes)).toBe(true)
    }
  })

  test.each(cases)('%s, %s: the streams of the packed tensor', async (name, _, format, layout) => {
    const packing = packingByName(name)
    const w = weightsFor(layout)
    const [whole] = executor.lanes([{ fn: quantize(format), inputs: { w }, layout }])
    const { value, scale, tensorScale } = whole!
    const packed = (() => {
      try {
        return packing.pack({
          layout,
          values: value!,
          scales: scale!,
          tensorScale: tensorScale![0]!,
        })
      } catch {
        // Blocks that the packing does not have, or a scale without a code.
        return undefined
      }
    })()
    if (!packed) return
    const streams = tensorCasts({ format, seed: 0, pieceWeights: 64 }).packed(packing, readerOf(w), layout)
    for (const [stream, bytes] of Object.entries(packed))
      expect([stream, (await joined(streams[stream]!())).equals(bytes)]).toEqual([stream, true])
  })

  test('tiles of scales are those of the whole tensor', async () => {
    const packing = packingByName('nvfp4-swizzled')
    const layout = layoutOf([300, 64], parseBlock(16))
    const w = weightsFor(layout)
    const [whole] = executor.lanes([{ fn: quantize(nvfp4), inputs: { w }, layout }])
    const { value, scale, tensorScale } = whole!
    const packed = packing.pack({ layout, values: value!, scales: scale!, tensorScale: tensorScale![0]! })
    const streams = tensorCasts({ format: nvfp4, seed: 0, pieceWeights: 2048 }).packed(
      packing,
      readerOf(w),
      layout,
    )
    for (const [stream, bytes] of Object.entries(packed))
      expect([stream, (await joined(streams[stream]!())).equals(bytes)]).toEqual([stream, true])
  })

  test('statistics add up to those of the whole tensor', async () => {
    for (const [, layout] of layouts) {
      const w = weightsFor(layout)
      const whole = await weightMeter(executor, nvfp4)(readerOf(w), layout)
      const pieces = await weightMeter(executor, nvfp4, 64)(readerOf(w), layout)
      // Sums of the same numbers in the same order, in f64.
      expect(pieces).toEqual(whole)
    }
  })

  test('what sums over a block is not cut there; what cannot be held is refused with what to do', async () => {
    const clip = withScale(int4, mseClip())
    expect(acrossPieces(castNearest(clip), 'tensor')).toBeDefined()
    expect(acrossPieces(castNearest(clip), 'tensor and block')).toBeUndefined()
    const [format, layout] = [withBlock(clip, parseBlock('tensor')), flatLayout(200)]
    const w = weightsFor(layout)
    const [whole] = executor.lanes([{ fn: castNearest(format), inputs: { w }, layout }])
    const casts = tensorCasts({ format, seed: 0, pieceWeights: 64 })
    const bytes = await joined(casts.weights(readerOf(w), layout, 'F32', () => undefined))
    expect(bytes.equals(fromTyped(whole!['w']!).bytes)).toBe(true)
    const huge = memoryReader('w', 2 ** 31, () => Promise.reject(new Error('never read')))
    const refused = tensorCasts({ format, seed: 0 })
      .weights(huge, flatLayout(2 ** 31), 'F32', () => undefined)
      .next()
    await expect(refused).rejects.toThrow(
      /'w': expected at most 268435456 weights .*found 2147483648.*choose smaller blocks/,
    )
  })

  test('only maxima of what is known are taken together', () => {
    const maxima = (format: NumberFormat, reach: 'tensor' | 'tensor and block') =>
      acrossPieces(castNearest(format), reach)!.maxima.map(({ outputs }) => outputs.length)
    expect(maxima(int4, 'tensor')).toEqual([])
    expect(maxima(int4, 'tensor and block')).toEqual([1])
    expect(maxima(withScale(int4, e4m3Ceil), 'tensor')).toEqual([1])
    const sampled = acrossPieces(castSample(nvfp4, randomizedRounding), 'tensor')!
    expect(sampled.maxima.map(({ inputs }) => inputs)).toEqual([['w']])
    expect(trace(sampled.run).nodes.some((node) => node.kind === 'reduce' && node.how === 'tensorMax')).toBe(
      false,
    )
  })
})

describe('weights that are written', () => {
  const cast = async (values: readonly number[], dtype: 'F16' | 'BF16', format = int4) => {
    let rounded = 0
    const w = Float32Array.from(values)
    const casts = tensorCasts({ format, seed: 0, pieceWeights: 32 })
    const bytes = await joined(
      casts.weights(readerOf(w), layoutOf([w.length], parseBlock(32)), dtype, (count) => (rounded += count)),
    )
    return { rounded, values: [...toFloat32({ dtype, shape: [w.length], bytes })] }
  }

  test('in 16 bits are the nearest, and those that are not exact are counted', async () => {
    // Scale 1: the grid points 7, 3 and −2 are exact. Scale 1.1 / 7 is no bfloat16.
    expect(await cast([7, 3.2, -2], 'BF16')).toEqual({ rounded: 0, values: [7, 3, -2] })
    const { rounded, values } = await cast([1.1, 0.3, 0], 'BF16')
    expect(rounded).toBe(2)
    expect(values).toEqual([1.1015625, 0.314453125, 0])
  })

  test('are refused by name and place where they would become infinite', async () => {
    await expect(cast([1, 7e4, 2], 'F16')).rejects.toThrow(
      /'w': expected values that are finite in F16, found .* at position 1/,
    )
    const top = Math.fround(3.4028234e38)
    const casts = tensorCasts({
      format: withBlock(
        builtInFormats.find(({ name }) => name === 'mxfp4')!,
        parseBlock(32),
      ),
      seed: 0,
    })
    const w = Float32Array.of(1, -top)
    const layout = layoutOf([2], parseBlock(32))
    const outcome = await joined(casts.weights(readerOf(w), layout, 'F32', () => undefined)).then(
      (bytes) => toFloat32({ dtype: 'F32', shape: [2], bytes }),
      (error: unknown) => error,
    )
    // Refused, as what would be clipped or what would be infinite, or in the end finite: the format decides
    // which.
    if (outcome instanceof Error)
      expect(outcome.message).toMatch(
        /'w': .*(found -3.40\d+e\+38 at position 1|mxfp4 .* covers, found 1 beyond it)/,
      )
    else expect(outcome).toSatisfy((values: Float32Array) => values.every(Number.isFinite))
  })
})
