// Casts a checkpoint. Comes in: the path of a safetensors file, a format, a rounding. Goes out: another such file.
// Source: docs/design/03-formats-and-methods.md; weights as those of `castTree`, bytes as the packings of @lotion/formats.

import { dtypeBits, openSafetensors, streamSafetensors, type TensorSource } from '@lotion/checkpoints'
import { sizeOf, type BlockLayout, type Noise } from '@lotion/core'
import { packingByName, type Packing } from '@lotion/formats'
import { extendedMetadata } from './cast-metadata.js'
import { tensorCasts } from './tensor-casts.js'
import { planWeights, type WeightChoice, type WeightPlan } from './weight-plan.js'

/** What is cast, and how. */
export interface CastFileOptions extends Omit<WeightChoice, 'packing'> {
  readonly from: string
  readonly to: string
  /** Default: nearest, which draws nothing. */
  readonly noise?: Noise | undefined
  /** Of the draws; the tensor's name is part of their key. */
  readonly seed: number
  /** Codes and scales instead of weights in f32: `a.weight` becomes `a.weight.codes` and so on. */
  readonly packed: boolean
  /** The packing's scales in tiles (`nvfp4-swizzled`). Default false. */
  readonly swizzle?: boolean
  readonly signal?: AbortSignal
  /** Bytes of `to` that are done, of all there will be. */
  readonly progress?: (done: number, all: number) => void
}

/** What was done. */
export interface CastSummary extends WeightPlan {
  readonly cast: number
  readonly tensors: number
  readonly weights: number
}

/**
 * Cast a file, tensor by tensor: no more than the largest one and its cast are in memory. Other tensors pass through.
 * @throws naming the tensor, what was expected and found; then `to` is as it was.
 */
export async function castFile(options: CastFileOptions): Promise<CastSummary> {
  const { from, to, format, packed, swizzle } = options
  const file = await openSafetensors(from)
  try {
    const packing = packed ? packingByName(swizzle ? `${format.name}-swizzled` : format.name) : undefined
    const plan = planWeights(file, { ...options, packing })
    const { chosen, kept } = plan
    const casts = tensorCasts(file, options)
    const tensors = new Map<string, TensorSource>()
    for (const name of kept.keys()) {
      const { dtype, shape } = file.tensors[name]!
      tensors.set(name, { dtype, shape, read: async () => (await file.tensor(name)).bytes })
    }
    for (const [name, weight] of chosen) {
      const { shape, layout } = weight
      const made = packing
        ? packedSources(packing, name, layout, () => casts.packed(packing, name, weight))
        : { [name]: { dtype: 'F32', shape, read: () => casts.weights(name, weight) } as const }
      for (const [key, source] of Object.entries(made)) {
        if (tensors.has(key))
          throw new RangeError(
            `'${key}': expected no tensor of this name beside the packed '${name}', found one`,
          )
        tensors.set(key, source)
      }
    }
    await streamSafetensors(
      to,
      Object.fromEntries(watched(tensors, options)),
      extendedMetadata(file, { ...options, packing: packing?.name }, chosen),
    )
    const weights = [...chosen.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    return { ...plan, cast: chosen.size, tensors: Object.keys(file.tensors).length, weights }
  } finally {
    await file.close()
  }
}

/** Check for an interruption before each tensor and tell what is done after it. */
function watched(
  tensors: ReadonlyMap<string, TensorSource>,
  { signal, progress }: CastFileOptions,
): readonly (readonly [string, TensorSource])[] {
  const bytesIn = ({ dtype, shape }: TensorSource): number => (sizeOf(shape) * dtypeBits[dtype]) / 8
  const all = [...tensors.values()].reduce((sum, source) => sum + bytesIn(source), 0)
  let done = 0
  return [...tensors].map(([name, source]) => [
    name,
    {
      ...source,
      read: async () => {
        signal?.throwIfAborted()
        const bytes = await source.read()
        done += bytesIn(source)
        progress?.(done, all)
        return bytes
      },
    },
  ])
}

/** The byte streams of a tensor, packed when the first of them is asked for and forgotten with the last. */
function packedSources(
  packing: Packing,
  name: string,
  layout: BlockLayout,
  pack: () => Promise<Readonly<Record<string, Uint8Array>>>,
): Readonly<Record<string, TensorSource>> {
  const lengths = Object.entries(lengthsOf(packing, name, layout))
  let packed: Promise<Readonly<Record<string, Uint8Array>>> | undefined
  const left = new Set(packing.streams)
  return Object.fromEntries(
    lengths.map(([stream, length]) => [
      `${name}.${stream}`,
      {
        dtype: 'U8',
        shape: [length],
        read: async () => {
          packed ??= pack()
          const bytes = (await packed)[stream]!
          left.delete(stream)
          if (left.size === 0) packed = undefined
          return bytes
        },
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
