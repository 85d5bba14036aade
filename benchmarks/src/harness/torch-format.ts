// A format in the words of python/lotion.py. Comes in: a format, the shapes that it is laid over. Goes out:
// the arguments of its class `Lotion`, or none for what is not written there.

import type { NumberFormat, Shape } from '@lotion/core'
import { topOf } from '@lotion/formats/internal'

/** What the Python side is written for. */
export const TORCH_FORMATS =
  'written for integers and E2M1 with absmax scales, integers with f16 ones, E2M1 with those of MX; whole blocks'

const scalesOf: Readonly<Record<'integer' | 'e2m1', readonly string[]>> = {
  integer: ['absmax', 'absmax-f16'],
  e2m1: ['absmax', 'e8m0-ceil'],
}

/** Describe a format whose blocks run along the last axis; undefined for one that is not written there. */
export function torchFormat(
  { format, scaleGradient }: { readonly format: NumberFormat; readonly scaleGradient: boolean },
  shapes: readonly Shape[],
): object | undefined {
  const { grid, scale, block } = format
  const top = topOf(format)
  const integers = grid.points.length === 2 * top + 1 && grid.points.every((point, i) => point === i - top)
  if (!integers && grid.name !== 'e2m1') return undefined
  const kind = integers ? 'integer' : 'e2m1'
  if (!scalesOf[kind].includes(scale.name)) return undefined
  // One length serves all: rows and tensors as blocks only where all are equally long.
  const rows = shapes.map((shape) =>
    block.kind === 'tensor' ? shape.reduce((a, b) => a * b, 1) : shape.at(-1)!,
  )
  const size = block.kind === 'size' ? block.size : rows[0]!
  if (!rows.every((length) => (block.kind === 'size' ? length % size === 0 : length === size)))
    return undefined
  return { grid: kind, scale: scale.name, top, block: size, through_scale: scaleGradient }
}
