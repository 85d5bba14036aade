// How MLX stores a matrix. Comes in: a tensor on a grid. Goes out: what its configuration says, the tensors
// of the file. Source: mlx.core.quantize (affine, mxfp4): words of 32 bits, the first code in the lowest
// bits; affine: weight = scale · code + bias.

import { layoutOf } from '@lotion/core'
import type { Quantized } from '@lotion/formats'
import { formatTitle } from '@lotion/formats/internal'
import type { ExportTensor } from '../export-model.js'
import { gridKind } from '../grid-kinds.js'
import { groupFactors, groupsFit, integerCodes, streamsOf } from '../group-factors.js'
import { bytesOf, type PackedParts } from '../packed-parts.js'

/** What MLX's configuration says of a matrix. */
export interface MlxScheme {
  readonly group_size: number
  readonly bits: number
  readonly mode: 'affine' | 'mxfp4'
}

/** A matrix as MLX stores it. */
export interface MlxLayout {
  readonly scheme: MlxScheme
  /** The tensors beside each other, by what their names end in. */
  readonly parts: PackedParts
  /** Weights that MLX would decode to other numbers, in f32. */
  changed(quantized: Quantized): number
}

/** For messages. */
const HELD =
  'integers of 2, 4 or 8 bits whose blocks are a multiple of 32 (q4_0, q8_0; int4 and others where its sum is exact), and mxfp4'

/** Groups that MLX has, the largest first: fewer scales. */
const groups = [128, 64, 32]

/** Of the words that codes stand in. */
const WORD_BITS = 32

/**
 * Lay one out. @throws RangeError for a grid that it has no place for: which it holds, what would be lost.
 */
export function mlxLayout({ name, shape, grid }: ExportTensor): MlxLayout {
  const { format, axis } = grid!
  const kind = gridKind(format)
  const layout = layoutOf(shape, format.block, axis)
  const [rows = 1, columns = 1] = shape
  const words = (bits: number): readonly number[] => [rows, (columns * bits) / WORD_BITS]
  if (kind?.kind === 'mxfp4' && groupsFit(layout, columns, layout.size)) {
    const packing = streamsOf(format)
    return {
      scheme: { group_size: 32, bits: 4, mode: 'mxfp4' },
      changed: () => 0,
      parts: {
        weight: { dtype: 'U32', shape: words(4), bytes: (quantized) => packing.pack(quantized)['codes']! },
        scales: {
          dtype: 'U8',
          shape: [rows, columns / 32],
          bytes: (quantized) => packing.pack(quantized)['scales']!,
        },
      },
    }
  }
  const group = groups.find((size) => groupsFit(layout, columns, size))
  if (kind?.kind === 'integers' && [2, 4, 8].includes(kind.bits) && group !== undefined) {
    const { bits } = kind
    const zero = 2 ** (bits - 1)
    const factors = (sign: 1 | -1) => (quantized: Quantized) => {
      const scales = groupFactors(quantized, group)
      return bytesOf(sign === 1 ? scales : scales.map((scale) => -zero * scale))
    }
    return {
      scheme: { group_size: group, bits, mode: 'affine' },
      changed: (quantized) => changedBySum(quantized, group, zero),
      parts: {
        weight: { dtype: 'U32', shape: words(bits), bytes: (quantized) => integerCodes(quantized, bits) },
        scales: { dtype: 'F32', shape: [rows, columns / group], bytes: factors(1) },
        biases: { dtype: 'F32', shape: [rows, columns / group], bytes: factors(-1) },
      },
    }
  }
  throw new RangeError(
    `mlx: '${name}': expected a grid that it holds (${HELD}), found ${formatTitle(format)}; its weights would have to be rounded again, to other numbers: export to hf, which holds the numbers`,
  )
}

/**
 * Weights for which scale · (code + zero) − zero · scale is another number than scale · code: each of the two
 * operations may round. Where they are fused none does.
 */
function changedBySum(quantized: Quantized, group: number, zero: number): number {
  const { values } = quantized
  const scales = groupFactors(quantized, group)
  let changed = 0
  for (let i = 0; i < values.length; i++) {
    const scale = scales[Math.floor(i / group)]!
    const sum = Math.fround(Math.fround(scale * (values[i]! + zero)) - Math.fround(zero * scale))
    if (sum !== Math.fround(scale * values[i]!)) changed++
  }
  return changed
}
