// The bytes of formats. Comes in: a format with its codes, or a packing's name. Goes out: a packing.
// Source: the records of the formats.

import type { NumberFormat, ScaleRule, StoredCodes } from '@lotion/core'
import { builtInFormats } from './by-name.js'
import { ggufPacking } from './gguf-packing.js'
import { streamPacking, type Packing } from './packing.js'
import { swizzledScales } from './swizzled-scales.js'

/**
 * How a format is stored; `swizzled` puts the scales of blocks where Blackwell's tensor cores read them,
 * under the name `…-swizzled`.
 * @param format Its `packing` says what codes and scales are stored as.
 * @param options `swizzled: true` for the order of the tensor cores, which formats with two levels of scales
 * have.
 * @throws TypeError if the format's record has no packing; RangeError if it is to be swizzled and has no two
 * levels of scales.
 */
export function packingOf(
  format: Pick<NumberFormat, 'name' | 'packing'>,
  { swizzled = false } = {},
): Packing {
  const { name } = format
  const stored = storedCodes(format)
  if (swizzled && !canSwizzle(format))
    throw new RangeError(
      `${name}: swizzled: expected a format with two levels of scales, such as nvfp4, found one without; leave it out`,
    )
  if (stored.together && stored.scale) return ggufPacking(name, stored.codes, stored.scale)
  return swizzled
    ? streamPacking(`${name}-swizzled`, { ...stored, placement: swizzledScales })
    : streamPacking(name, stored)
}

/** Tell whether a format has two levels of scales, which the order of the tensor cores was made for. */
export function canSwizzle({ packing }: Pick<NumberFormat, 'packing'>): boolean {
  return packing?.tensorScale !== undefined && !packing.together
}

/** All packings of formats, each under its format's name and, with tiles, `…-swizzled`; some have none. */
export function packingsOf(formats: readonly NumberFormat[]): readonly Packing[] {
  return formats.flatMap((format) => [
    ...(format.packing ? [packingOf(format)] : []),
    ...(canSwizzle(format) ? [packingOf(format, { swizzled: true })] : []),
  ])
}

/** The packing of every built-in format, under the format's name, and `nvfp4-swizzled`. */
export const builtInPackings: readonly Packing[] = Object.freeze(packingsOf(builtInFormats))

/**
 * Find a packing by name.
 * @param name A built-in format that has a packing, or such a name and `-swizzled`.
 * @throws RangeError listing the known names.
 * @example
 * ```ts
 * import { packingByName } from '@lotion/formats'
 *
 * console.log(packingByName('q4_0').name)
 * ```
 */
export function packingByName(name: string): Packing {
  const found = builtInPackings.find((packing) => packing.name === name)
  if (!found)
    throw new RangeError(
      `packing: expected one of ${builtInPackings.map((p) => p.name).join(', ')}, found '${name}'`,
    )
  return found
}

/**
 * Tell whether the packing of a format has room for the scales of a rule: its own number type, or any single
 * number where that is f32.
 */
export function canStore({ packing }: Pick<NumberFormat, 'packing'>, rule: ScaleRule): boolean {
  const own = packing?.scale?.name
  if (own === undefined || rule.stored === undefined) return false
  const levels = rule.tensorBits === undefined ? 1 : 2
  if ((packing?.tensorScale === undefined ? 1 : 2) !== levels) return false
  return own === rule.stored || (own === 'f32' && levels === 1)
}

function storedCodes({ name, packing }: Pick<NumberFormat, 'name' | 'packing'>): StoredCodes {
  if (packing) return packing
  throw new TypeError(
    `${name}: packing: expected the codes of its points and scales, found none; give \`packing\` to defineFormat`,
  )
}
