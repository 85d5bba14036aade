// What formats are called: as words choose them, and for people. Comes in: a format. Goes out: text.
// Source: docs/design/03-formats-and-methods.md, "Scale rules".

import type { NumberFormat } from '@lotion/core'
import { builtInFormats } from './by-name.js'
import { isStandard } from './format.js'

/**
 * The word of a format: its name, and its scale rule where that is not the built-in format's own, such as
 * `int4:mse-clip`. Formats of your own have their name alone.
 */
export function formatWord({ name, scale }: NumberFormat): string {
  const own = builtInFormats.find((format) => format.name === name)
  return own === undefined || own.scale.name === scale.name ? name : `${name}:${scale.name}`
}

/**
 * A name for people: format and block, e.g. `int4, block 32` or `int4:mse-clip, one scale a tensor`; a
 * standard with other blocks than its own is called so: `mxfp4 with blocks of 16`.
 */
export const formatTitle = (format: NumberFormat): string => titleOf(formatWord(format), format)

/** A name for people that says the scale rule in any case: `int8, one scale a row, scale absmax-f16`. */
export const titleWithScale = (format: NumberFormat): string =>
  `${titleOf(format.name, format)}, scale ${format.scale.name}`

function titleOf(name: string, format: NumberFormat): string {
  const { block } = format
  const own = isStandard(format)
  if (block.kind === 'size')
    return own ? `${name}, block ${block.size}` : `${name} with blocks of ${block.size}`
  return `${name}${own ? ',' : ' with'} one scale a ${block.kind === 'tensor' ? 'tensor' : 'row'}`
}
