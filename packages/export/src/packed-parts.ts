// A weight that stands in a file as several tensors. Comes in: the weight, its parts. Goes out: tensors by
// name; its codes and scales are found once while the parts are asked for one after the other.

import { fromTyped, safetensorsFiles, type NumericArray, type TensorSource } from '@lotion/checkpoints/bytes'
import type { Quantized } from '@lotion/formats'
import type { ExportModel, ExportTensor } from './export-model.js'
import type { ExportFile, FloatType } from './export-target.js'
import { gridRecords } from './grid-records.js'
import { floatTensor } from './hf/float-tensors.js'

/** One of the tensors. */
export interface PackedPart extends Pick<TensorSource, 'dtype' | 'shape'> {
  /** Its bytes. */
  bytes(quantized: Quantized): Uint8Array
}

/** The tensors of a weight, by what their names end in. */
export type PackedParts = Readonly<Record<string, PackedPart>>

/** A layer by the name of its weights. */
export const moduleOf = (weight: string): string => weight.replace(/\.weight$/, '')

/**
 * The safetensors files of a model: weights with a layout as their parts, all others as numbers.
 * @param layouts By the names of the weights.
 * @param options Type of the numbers, and what metadata say that wrote the file.
 */
export function packedFiles(
  { tensors }: ExportModel,
  layouts: ReadonlyMap<string, { readonly parts: PackedParts }>,
  { dtype, format }: { readonly dtype: FloatType; readonly format: string },
): readonly ExportFile[] {
  const partsOf = packedTensors()
  const sources = tensors.flatMap((tensor) => {
    const layout = layouts.get(tensor.name)
    return layout === undefined
      ? [[tensor.name, floatTensor(tensor, dtype)] as const]
      : partsOf(tensor, layout.parts)
  })
  return safetensorsFiles(Object.fromEntries(sources), { format, ...gridRecords(tensors) })
}

/** Make tensors of parts. Of all weights only that whose parts were asked for last is kept. */
function packedTensors(): (
  tensor: ExportTensor,
  parts: PackedParts,
) => readonly (readonly [name: string, source: TensorSource])[] {
  let last: { readonly name: string; readonly made: Promise<Quantized> } | undefined
  return (tensor, parts) => {
    const { name } = tensor
    return Object.entries(parts).map(([part, { dtype, shape, bytes }]) => [
      `${moduleOf(name)}.${part}`,
      {
        dtype,
        shape,
        read: async () => {
          if (last?.name !== name) last = { name, made: tensor.quantized() }
          return bytes(await last.made)
        },
      },
    ])
  }
}

/** The bytes of numbers, little-endian. */
export const bytesOf = (values: NumericArray): Uint8Array => fromTyped(values).bytes
