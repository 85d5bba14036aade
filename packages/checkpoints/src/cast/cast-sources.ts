// The tensors of a cast. Comes in: an open checkpoint, a format, a rounding. Goes out: sources of the new
// file's tensors, made when they are asked for, and its metadata.
// Source: docs/design/03-formats-and-methods.md; weights as those of `castTree`, bytes as the packings of
// @lotion/formats.

import { sizeOf, type BlockAxis, type BlockLayout, type Noise, type NumberFormat } from '@lotion/core'
import { axisName, blockName } from '@lotion/core/internal'
import type { Packing } from '@lotion/formats'
import { packingsOf } from '@lotion/formats/internal'
import { nearest } from '@lotion/noise'
import { dtypeBits } from '../dtype.js'
import { writableFloats, type FloatDtype } from '../from-float32.js'
import type { SafetensorsFile } from '../safetensors-view.js'
import type { TensorSource } from '../written-tensors.js'
import { extendedMetadata } from './cast-metadata.js'
import { packingFor } from './check-cast-options.js'
import { packedWeights } from './packed-weights.js'
import { recordedGrid } from './recorded-grid.js'
import { changedTwice } from './second-cast.js'
import { tensorCasts, type Pieces } from './tensor-casts.js'
import { planWeights, type WeightChoice, type WeightPlan } from './weight-plan.js'
import { chosenReader } from './weight-reader.js'

/** What a cast does. */
export interface CastOptions extends Omit<WeightChoice, 'packing' | 'recorded' | 'formats'> {
  /** Formats that the weights may be of besides `format` and the built-in ones. Default: none. */
  readonly formats?: readonly NumberFormat[] | undefined
  /** Round weights again that the file says lie on a grid; otherwise that is refused. Default false. */
  readonly again?: boolean | undefined
  /** Default: nearest, which draws nothing. */
  readonly noise?: Noise | undefined
  /** Of the draws; the tensor's name is part of their key. Default 0. */
  readonly seed?: number | undefined
  /** What weights are written as; `same` as they were. Default F32. */
  readonly dtype?: FloatDtype | 'same' | undefined
  /** Codes and scales instead of weights: `a.weight` becomes `a.weight.codes` and so on. Default false. */
  readonly packed?: boolean | undefined
  /** The packing's scales in tiles (`nvfp4-swizzled`). Default false. */
  readonly swizzle?: boolean | undefined
  /** Stops the cast between pieces, with the signal's reason. Default: nothing does. */
  readonly signal?: AbortSignal | undefined
  /** Bytes of the new file that are done, of all there will be. */
  readonly progress?: ((done: number, all: number) => void) | undefined
}

/** What was done. */
export interface CastSummary extends WeightPlan {
  /** Tensors that were cast. */
  readonly cast: number
  /** Tensors of the file that was cast, chosen or not. */
  readonly tensors: number
  /** Weights that were cast, of all tensors. */
  readonly weights: number
  /** Weights whose cast the type did not hold exactly: it was rounded once more. */
  readonly rounded: number
  /**
   * Weights, by tensor, that a second cast of the new file would change, which is refused: its scales are not
   * always found again.
   */
  readonly changedTwice: ReadonlyMap<string, number>
}

/** The new file, still to be made. */
export interface CastSources {
  readonly sources: Readonly<Record<string, TensorSource>>
  readonly metadata: Readonly<Record<string, string>>
  /** What was done, once all sources were read; `open` opens the new file, where it has to be read again. */
  summary(open: () => Promise<SafetensorsFile>): Promise<CastSummary>
}

/**
 * Make the sources of a cast whose options were checked.
 * @throws RangeError naming the tensor, what was expected and found.
 */
export function castSources(file: SafetensorsFile, options: CastOptions): CastSources {
  const { format, packed = false, swizzle = false, seed = 0, signal } = options
  // Nearest rounding draws nothing: it is no noise here.
  const noise = options.noise === nearest ? undefined : options.noise
  const formats = [format, ...(options.formats ?? [])]
  const packing = packed ? packingFor(format, swizzle) : undefined
  const wish = { format: format.name, scale: format.scale.name, block: blockName(format.block), formats }
  const { recorded } = recordedGrid(file, { ...options, ...wish }) ?? {
    recorded: new Map<string, BlockAxis>(),
  }
  const plan = planWeights(file, { ...options, formats, recorded, packing })
  const { chosen, kept } = plan
  const casts = tensorCasts({
    format,
    noise,
    seed,
    recorded,
    decoded: decodedFrom(file, format, recorded, formats),
  })
  let rounded = 0
  const tensors = new Map<string, TensorSource>()
  for (const name of kept.keys()) {
    const { dtype, shape } = file.tensors[name]!
    tensors.set(name, { dtype, shape, read: () => file.pieces(name) })
  }
  for (const [name, weight] of chosen) {
    const { shape, layout } = weight
    const reader = chosenReader(file, name, weight)
    const dtype = writtenAs(options.dtype ?? 'F32', weight.dtype)
    const read = () => casts.weights(reader, layout, dtype, (count) => (rounded += count))
    const made = packing
      ? packedSources(packing, name, layout, () => casts.packed(packing, reader, layout))
      : { [name]: { dtype, shape, read } }
    for (const [key, source] of Object.entries(made)) {
      if (tensors.has(key))
        throw new RangeError(
          `'${key}': expected no tensor of this name beside the packed '${name}', found one`,
        )
      tensors.set(key, source)
    }
  }
  const sources = Object.fromEntries(watched(tensors, options))
  const narrow = [...chosen].filter(([name]) => ['F16', 'BF16'].includes(tensors.get(name)?.dtype ?? ''))
  const offGrid = new Set(narrow.map(([name]) => name))
  const metadata = extendedMetadata(
    file,
    { ...options, noise, seed, packing: packing?.name, offGrid },
    chosen,
  )
  return {
    sources,
    metadata,
    async summary(open) {
      const weights = [...chosen.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
      const noisy = noise !== undefined
      const changed = packed
        ? new Map<string, number>()
        : await changedTwice({ open, chosen, format, noisy, recorded, signal })
      const all = Object.keys(file.tensors).length
      return { ...plan, cast: chosen.size, tensors: all, weights, rounded, changedTwice: changed }
    },
  }
}

/** Weights stored as codes of the grid that is asked for: their values need no cast. */
function decodedFrom(
  file: SafetensorsFile,
  format: NumberFormat,
  recorded: ReadonlyMap<string, BlockAxis>,
  formats: readonly NumberFormat[],
): ReadonlySet<string> {
  const block = blockName(format.block)
  const own = packingsOf([format]).map(({ name }) => name)
  const same = [...packedWeights(file, formats)].filter(
    ([name, { record }]) =>
      recorded.has(name) &&
      own.includes(record.packing) &&
      record.block === block &&
      axisName(record.axis) === axisName(recorded.get(name)!),
  )
  return new Set(same.map(([name]) => name))
}

/** The type that the cast of a tensor is written as. */
function writtenAs(asked: FloatDtype | 'same', stored: string): FloatDtype {
  if (asked !== 'same') return asked
  return writableFloats.find((dtype) => dtype === stored) ?? 'F32'
}

/** Check for an interruption before each piece and tell what is done after it. */
function watched(
  tensors: ReadonlyMap<string, TensorSource>,
  { signal, progress }: CastOptions,
): readonly (readonly [string, TensorSource])[] {
  const bytesIn = ({ dtype, shape }: TensorSource): number => (sizeOf(shape) * dtypeBits[dtype]) / 8
  const all = [...tensors.values()].reduce((sum, source) => sum + bytesIn(source), 0)
  let done = 0
  return [...tensors].map(([name, source]) => [
    name,
    {
      ...source,
      read: async function* () {
        signal?.throwIfAborted()
        const made = await source.read()
        for await (const piece of made instanceof Uint8Array ? [made] : made) {
          yield piece
          signal?.throwIfAborted()
          done += piece.byteLength
          progress?.(done, all)
        }
      },
    },
  ])
}

/** The byte streams of a tensor; what they share is made when the first of them is asked for. */
function packedSources(
  packing: Packing,
  name: string,
  layout: BlockLayout,
  pack: () => Readonly<Record<string, () => Pieces>>,
): Readonly<Record<string, TensorSource>> {
  let packed: ReturnType<typeof pack> | undefined
  return Object.fromEntries(
    Object.entries(lengthsOf(packing, name, layout)).map(([stream, length]) => [
      `${name}.${stream}`,
      {
        dtype: 'U8',
        shape: [length],
        read: () => (packed ??= pack())[stream]!(),
      } satisfies TensorSource,
    ]),
  )
}

function lengthsOf(packing: Packing, name: string, layout: BlockLayout): Readonly<Record<string, number>> {
  try {
    return packing.lengths(layout)
  } catch (error) {
    throw new RangeError(`'${name}': ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
