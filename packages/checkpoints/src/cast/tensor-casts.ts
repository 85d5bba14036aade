// Casts of single tensors. Comes in: their weights and blocks, a format, a rounding. Goes out: bytes in
// pieces, of weights or packed.
// Source: docs/design/03-formats-and-methods.md; weights and draws as those of `castTree`.

import { castNearest, castSample, type BlockLayout, type Noise, type NumberFormat } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import { dequantize, quantize, type Packing, type Quantized } from '@lotion/formats'
import { refuseClipped, topOf } from '@lotion/formats/internal'
import { fromFloat32, type FloatDtype } from '../from-float32.js'
import { keptWeights, type KeptWeights } from './kept-weights.js'
import { piecewiseRun, type PieceResult } from './piecewise-run.js'
import { PIECE_WEIGHTS, type Piece } from './tensor-pieces.js'
import { firstNotFinite, type WeightReader } from './weight-reader.js'

/** How tensors are rounded. */
export interface TensorRounding {
  readonly format: NumberFormat
  /** Default: nearest, which draws nothing. */
  readonly noise?: Noise | undefined
  /** Of the draws; the tensor's name is part of their key. */
  readonly seed: number
  /** Weights that are looked at together, about. The bytes do not depend on it. */
  readonly pieceWeights?: number
  /** Weights by name that already lie on the grid: a cast that changes one is an error. Default: none. */
  readonly recorded?: { has(name: string): boolean } | undefined
  /** Weights by name that are read from codes of this same grid: not cast again. Default: none. */
  readonly decoded?: { has(name: string): boolean } | undefined
}

/** Bytes of a tensor in the order of memory; a piece is valid until the next is asked for. */
export type Pieces = AsyncGenerator<Uint8Array>

/** Casts of tensors. */
export interface TensorCasts {
  /**
   * Cast a tensor; `rounded` is told how many of a piece's weights the type did not hold exactly.
   * @throws if a weight is not finite or beyond what the format's scales cover, its cast is not in the type,
   * or a recorded one changes.
   */
  weights(
    reader: WeightReader,
    layout: BlockLayout,
    dtype: FloatDtype,
    rounded: (weights: number) => void,
  ): Pieces
  /**
   * Cast and pack a tensor: a reader for each stream of the packing, to be called once each.
   * @throws if a weight is not finite, a scale has no code in the packing, or a recorded weight changes.
   */
  packed(packing: Packing, reader: WeightReader, layout: BlockLayout): Readonly<Record<string, () => Pieces>>
}

/** Bytes of the other streams kept while one of a large tensor is written; the rest is made again. */
const MOST_KEPT = 64 * 2 ** 20

/** Make casts; formulas are compiled once for all of them. */
export function tensorCasts({
  format,
  noise,
  seed,
  pieceWeights,
  recorded,
  decoded,
}: TensorRounding): TensorCasts {
  const executor = cpuExecutor()
  const options = {
    draws: noise && ((name: string) => ({ seed, stream: `cast ${name}`, step: 0 })),
    pieceWeights,
  }
  const cast = piecewiseRun(executor, noise ? castSample(format, noise) : castNearest(format), options)
  const split = piecewiseRun(executor, noise ? quantize(format, noise) : quantize(format), options)
  const top = topOf(format)

  /** What watches weights that are to stay; a tensor's first pass is enough, all later ones make the same. */
  const watch = ({ name, count }: WeightReader): KeptWeights | undefined =>
    recorded?.has(name) ? keptWeights(name, count, format) : undefined

  const pack = (
    packing: Packing,
    { name }: WeightReader,
    { piece, outputs, weights }: PieceResult,
    kept: KeptWeights | undefined,
  ) => {
    const { value, scale, tensorScale } = outputs
    refuseInfinite(name, piece, weights, value!, scale!, tensorScale![0]!)
    const quantized: Quantized = {
      layout: piece.layout,
      values: value!,
      scales: scale!,
      tensorScale: tensorScale![0]!,
    }
    kept?.look(weights, dequantize(quantized))
    try {
      return packing.pack(quantized)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(
        `'${name}' cannot be packed as ${format.name} with blocks of ${blockName(format.block)}: ${reason}`,
        { cause: error },
      )
    }
  }

  /** Pieces whose bytes, one after the other, are the tensor's; the whole tensor if there are none. */
  const packable = (packing: Packing, reader: WeightReader, layout: BlockLayout): readonly Piece[] => {
    const pieces = split.pieces(reader, layout)
    const takes = takenFrom(pieces)
    const lengths = packing.lengths(layout)
    const lengthOf = (stream: string): number =>
      pieces.reduce(
        (sum, piece, i) => sum + (takes(stream, i) ? packing.lengths(piece.layout)[stream]! : 0),
        0,
      )
    const wholeBytes = pieces.slice(0, -1).every(({ count }) => (count * format.bits) % 8 === 0)
    return wholeBytes && packing.streams.every((stream) => lengthOf(stream) === lengths[stream])
      ? pieces
      : split.whole(reader, layout)
  }

  /** What is packed stands for value · scale: that has to be finite as the cast itself. */
  const refuseInfinite = (
    name: string,
    { first }: Piece,
    weights: Float32Array,
    values: Float32Array,
    scales: Float32Array,
    tensorScale: number,
  ): void => {
    const largest = scales.reduce((most, scale) => Math.max(most, Math.abs(scale)), 0)
    if (Number.isFinite(Math.fround(Math.fround(largest * tensorScale) * top))) return
    const factor = Math.fround(largest * tensorScale)
    const at = values.findIndex((value) => !Number.isFinite(Math.fround(value * factor)))
    if (at >= 0) throw tooLarge(name, weights[at]!, first + at)
  }

  const tooLarge = (name: string, weight: number, position: number): RangeError =>
    new RangeError(
      `'${name}': expected weights whose cast to ${format.name} is finite in single precision, found ${weight} at position ${position}`,
    )

  return Object.freeze({
    async *weights(reader, layout, dtype, rounded) {
      const written = ({ name }: WeightReader, piece: Omit<Piece, 'layout'>, made: Float32Array) => {
        try {
          const { bytes, rounded: count } = fromFloat32(made, dtype)
          rounded(count)
          return bytes
        } catch (error) {
          throw error instanceof RangeError
            ? new RangeError(`'${name}': ${error.message} of ${piece.count} from ${piece.first} on`, {
                cause: error,
              })
            : error
        }
      }
      if (decoded?.has(reader.name)) {
        const most = Math.min(pieceWeights ?? PIECE_WEIGHTS, reader.count)
        for (let first = 0; first < reader.count; first += most) {
          const count = Math.min(most, reader.count - first)
          yield written(reader, { first, count }, await reader.read(first, new Float32Array(count)))
        }
        return
      }
      const stay = watch(reader)
      for await (const { piece, weights, outputs } of cast.over(reader, layout)) {
        refuseClipped(reader.name, format, weights)
        const bad = firstNotFinite(outputs['w']!)
        if (bad >= 0) throw tooLarge(reader.name, weights[bad]!, piece.first + bad)
        stay?.look(weights, outputs['w']!)
        yield written(reader, piece, outputs['w']!)
      }
      stay?.done()
    },
    packed: (packing, reader, layout) => {
      const lengths = packing.lengths(layout)
      const pieces = packable(packing, reader, layout)
      const takes = takenFrom(pieces)
      const kept = new Map<string, Uint8Array[]>()
      let stay = watch(reader)
      const read = async function* (stream: string): Pieces {
        const known = kept.get(stream)
        if (known) {
          kept.delete(stream)
          yield* known
          return
        }
        const others = packing.streams.filter((other) => other !== stream)
        const keep = others.reduce((sum, other) => sum + lengths[other]!, 0) <= MOST_KEPT && kept.size === 0
        if (keep) for (const other of others) kept.set(other, [])
        const watching = stay
        stay = undefined
        let i = 0
        for await (const result of split.over(reader, layout, pieces)) {
          refuseClipped(reader.name, format, result.weights)
          const bytes = pack(packing, reader, result, watching)
          if (keep) for (const other of others) if (takes(other, i)) kept.get(other)!.push(bytes[other]!)
          if (takes(stream, i)) yield bytes[stream]!
          i++
        }
        watching?.done()
      }
      return Object.fromEntries(packing.streams.map((stream) => [stream, () => read(stream)]))
    },
  } satisfies TensorCasts)
}

/**
 * Which streams a piece adds to: a tensor has one scale of its own, and a block that is cut into pieces one
 * as well.
 */
function takenFrom(pieces: readonly Piece[]): (stream: string, piece: number) => boolean {
  return (stream, i) =>
    stream === 'codes' ||
    i === 0 ||
    (stream !== 'tensorScale' &&
      (pieces[i]!.partOf === undefined || pieces[i]!.partOf !== pieces[i - 1]!.partOf))
}
