// Casts of single tensors of a file. Comes in: a file, a format, a rounding. Goes out: bytes, of weights or packed.
// Source: docs/design/03-formats-and-methods.md; weights and draws as those of `castTree`.

import { fromTyped, toFloat32, type SafetensorsFile } from '@lotion/checkpoints'
import { blockName, type Noise, type NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { castNearest, castSample, quantize, refuseClipped, type Packing } from '@lotion/formats'
import { refuseNotFinite, type ChosenWeight } from './weight-plan.js'

/** How tensors are rounded. */
export interface TensorRounding {
  readonly format: NumberFormat
  /** Default: nearest, which draws nothing. */
  readonly noise?: Noise | undefined
  /** Of the draws; the tensor's name is part of their key. */
  readonly seed: number
}

/** Casts of the tensors of one file. */
export interface TensorCasts {
  /** Read and cast a tensor: f32, little-endian. @throws if a weight is not finite, or beyond what the format's scales cover. */
  weights(name: string, weight: ChosenWeight): Promise<Uint8Array>
  /** Read, cast and pack a tensor. @throws if a weight is not finite, or a scale has no code in the packing. */
  packed(packing: Packing, name: string, weight: ChosenWeight): Promise<Readonly<Record<string, Uint8Array>>>
}

/** Make the casts of a file's tensors; formulas are compiled once for all of them. */
export function tensorCasts(file: SafetensorsFile, { format, noise, seed }: TensorRounding): TensorCasts {
  const executor = cpuExecutor()
  const cast = noise ? castSample(format, noise) : castNearest(format)
  const split = noise ? quantize(format, noise) : quantize(format)
  const inputsOf = async (
    name: string,
    { quantized }: ChosenWeight,
  ): Promise<Readonly<Record<string, Float32Array>>> => {
    const w = quantized?.known ? await quantized.known.read(file) : toFloat32(await file.tensor(name))
    refuseNotFinite(name, w)
    refuseClipped(name, format, w)
    return noise ? { w, u: executor.uniforms({ seed, stream: `cast ${name}`, step: 0 }, w.length) } : { w }
  }
  return Object.freeze({
    weights: async (name, weight) => {
      const { layout } = weight
      const [out] = executor.lanes([{ fn: cast, inputs: await inputsOf(name, weight), layout }])
      return fromTyped(out!['w']!).bytes
    },
    packed: async (packing, name, weight) => {
      const { layout } = weight
      const [out] = executor.lanes([{ fn: split, inputs: await inputsOf(name, weight), layout }])
      const { value, scale, tensorScale } = out!
      try {
        return packing.pack({ layout, values: value!, scales: scale!, tensorScale: tensorScale![0]! })
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new Error(
          `'${name}' cannot be packed as ${format.name} with blocks of ${blockName(format.block)}: ${reason}`,
          { cause: error },
        )
      }
    },
  } satisfies TensorCasts)
}
