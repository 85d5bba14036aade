// What grids are to the layouts of others. Comes in: a number format. Goes out: integers of some bits, MXFP4
// or NVFP4, or none of these.

import { blockOf, type NumberFormat } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { e2m1, signMagnitude } from '@lotion/formats'
import { canStore } from '@lotion/formats/internal'

/** A kind of grid. */
export type GridKind =
  | {
      /** Codes −2^(bits − 1) … 2^(bits − 1) − 1, at most. */
      readonly kind: 'integers'
      /** Of a code, 1 to 8. */
      readonly bits: number
    }
  | {
      /** E2M1 in blocks of 32 with a power of two; in blocks of 16 with an E4M3 number and one a tensor. */
      readonly kind: 'mxfp4' | 'nvfp4'
      /** Of a code. */
      readonly bits: 4
    }

const e2m1Table = signMagnitude(e2m1).table

/** Tell what a format's grid is; undefined if it is of no kind that layouts have. */
export function gridKind(format: NumberFormat): GridKind | undefined {
  const { packing, scale, block } = format
  if (!packing) return undefined
  const { bits, table } = packing.codes
  const half = 2 ** (bits - 1)
  if (
    table.every((value) => Number.isNaN(value) || (Number.isInteger(value) && value >= -half && value < half))
  )
    return { kind: 'integers', bits }
  const isE2m1 = bits === 4 && table.every((value, code) => value === e2m1Table[code])
  if (!isE2m1 || !canStore(format, scale)) return undefined
  const named = blockName(block)
  if (packing.scale?.name === 'e8m0' && named === blockName(blockOf(32))) return { kind: 'mxfp4', bits: 4 }
  if (packing.scale?.name === 'e4m3' && packing.tensorScale && named === blockName(blockOf(16)))
    return { kind: 'nvfp4', bits: 4 }
  return undefined
}
