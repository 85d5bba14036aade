// How compressed-tensors stores a matrix. Comes in: a tensor on a grid. Goes out: the scheme that its
// configuration names, and the tensors of the file.
// Source: compressed-tensors' PackedQuantizationCompressor, NVFP4PackedCompressor, MXFP4PackedCompressor.

import { layoutOf, type NumberFormat } from '@lotion/core'
import type { Quantized } from '@lotion/formats'
import { formatTitle } from '@lotion/formats/internal'
import type { ExportTensor } from '../export-model.js'
import { gridKind } from '../grid-kinds.js'
import { groupFactors, groupsFit, integerCodes, streamsOf } from '../group-factors.js'
import { bytesOf, type PackedPart, type PackedParts } from '../packed-parts.js'
import { globalScale } from './global-scale.js'

/** A matrix as compressed-tensors stores it. */
export interface PackedLayout {
  /** Name of its compressor. */
  readonly format: 'pack-quantized' | 'nvfp4-pack-quantized' | 'mxfp4-pack-quantized'
  /** What the configuration says of such weights. */
  readonly weights: Readonly<Record<string, unknown>>
  /** The tensors beside each other, by what their names end in; each is made of the weights on its grid. */
  readonly parts: PackedParts
}

/** For messages. */
const HELD =
  'integers of 1 to 8 bits (int4, int8, q4_0, q8_0, …), mxfp4 and nvfp4, in blocks along the rows, rows a whole number of blocks'

const common = { symmetric: true, dynamic: false, num_bits: 4, type: 'float' } as const

/**
 * Lay one out. @throws RangeError for a grid that it has no place for: which it holds, what would be lost.
 */
export function packedLayout({ name, shape, grid }: ExportTensor): PackedLayout {
  const { format, axis } = grid!
  const kind = gridKind(format)
  const layout = layoutOf(shape, format.block, axis)
  const [rows = 1, columns = 1] = shape
  if (kind?.kind === 'integers') {
    // A row or a tensor with one scale is what is called a channel there.
    const group = layout.size >= columns ? columns : layout.size
    const words = (columns * kind.bits) / 32
    if (groupsFit(layout, columns, group) && Number.isInteger(words)) {
      const isChannel = group === columns
      return {
        format: 'pack-quantized',
        weights: {
          ...common,
          num_bits: kind.bits,
          type: 'int',
          strategy: isChannel ? 'channel' : 'group',
          group_size: isChannel ? null : group,
        },
        parts: {
          weight_packed: {
            dtype: 'I32',
            shape: [rows, words],
            bytes: (quantized) => integerCodes(quantized, kind.bits),
          },
          weight_scale: {
            dtype: 'F32',
            shape: [rows, columns / group],
            bytes: (quantized) => bytesOf(groupFactors(quantized, group)),
          },
          weight_shape: {
            dtype: 'I64',
            shape: [2],
            bytes: () => bytesOf(BigInt64Array.of(BigInt(rows), BigInt(columns))),
          },
        },
      }
    }
  }
  if ((kind?.kind === 'mxfp4' || kind?.kind === 'nvfp4') && groupsFit(layout, columns, layout.size))
    return floatLayout(kind.kind, format, name, shape)
  throw new RangeError(
    `compressed-tensors: '${name}': expected a grid that it holds (${HELD}), found ${formatTitle(format)}; its weights would have to be rounded again, to other numbers: export to hf, which holds the numbers`,
  )
}

function floatLayout(
  kind: 'mxfp4' | 'nvfp4',
  format: NumberFormat,
  name: string,
  [rows = 1, columns = 1]: readonly number[],
): PackedLayout {
  const packing = streamsOf(format)
  const stream = (key: string) => (quantized: Quantized) => packing.pack(quantized)[key]!
  const codes: PackedPart = { dtype: 'U8', shape: [rows, columns / 2], bytes: stream('codes') }
  if (kind === 'mxfp4')
    return {
      format: 'mxfp4-pack-quantized',
      weights: { ...common, strategy: 'group', group_size: 32, scale_dtype: 'torch.uint8' },
      parts: {
        weight_packed: codes,
        weight_scale: { dtype: 'U8', shape: [rows, columns / 32], bytes: stream('scales') },
      },
    }
  return {
    format: 'nvfp4-pack-quantized',
    weights: { ...common, strategy: 'tensor_group', group_size: 16, scale_dtype: 'torch.float8_e4m3fn' },
    parts: {
      weight_packed: codes,
      weight_scale: { dtype: 'F8_E4M3', shape: [rows, columns / 16], bytes: stream('scales') },
      weight_global_scale: {
        dtype: 'F32',
        shape: [1],
        bytes: (quantized) => bytesOf(Float32Array.of(globalScale(name, quantized))),
      },
    },
  }
}
