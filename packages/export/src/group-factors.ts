// Scales for groups of a row. Comes in: grid points and scales in the blocks of a cast. Goes out: one number
// a group, as layouts have them that know no other blocks.

import type { BlockLayout, NumberFormat } from '@lotion/core'
import { offsetBinary, packingOf, type Packing, type Quantized } from '@lotion/formats'

/** Whether every group of so many neighbours lies inside one block. */
export function groupsFit({ inner, length, size }: BlockLayout, columns: number, group: number): boolean {
  const isWhole = columns % group === 0 && length % group === 0
  return inner === 1 && isWhole && (size >= length || size % group === 0)
}

/**
 * The factor of each group, in the order of the weights: a block's scale times the tensor's, in f32. Blocks
 * of several groups have theirs several times: a row's, a tensor's.
 */
export function groupFactors({ layout, scales, tensorScale }: Quantized, group: number): Float32Array {
  const { outer, length, size } = layout
  const [groups, blocks] = [length / group, Math.ceil(length / size)]
  const factors = new Float32Array(outer * groups)
  for (let line = 0, at = 0; line < outer; line++)
    for (let i = 0; i < groups; i++, at++)
      factors[at] = (scales[line * blocks + Math.floor((i * group) / size)] ?? 1) * tensorScale
  return factors
}

/**
 * Integers as code + 2^(bits − 1), lowest bits first: what both compressed-tensors (in I32) and MLX (in U32)
 * have in their words.
 */
export function integerCodes(quantized: Quantized, bits: number): Uint8Array {
  return packingOf({ name: `int${bits}`, packing: { codes: offsetBinary(bits, 2 ** (bits - 1)) } }).pack(
    quantized,
  )['codes']!
}

/** Codes and scales in streams of their own, also of a format that GGUF has together. */
export function streamsOf({ name, packing }: NumberFormat): Packing {
  const { together: _, ...apart } = packing!
  return packingOf({ name, packing: apart })
}
