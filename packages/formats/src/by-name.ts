// Formats by name, for command lines. Comes in: a name. Goes out: a format.
// Source: the index of built-in formats.

import type { NumberFormat } from '@lotion/core'
import { fp4 } from './fp4.js'
import { int2 } from './int2.js'
import { int3 } from './int3.js'
import { int4 } from './int4.js'
import { int8 } from './int8.js'

/** Every built-in format. */
export const builtInFormats: readonly NumberFormat[] = Object.freeze([int8, int4, int3, int2, fp4])

/** Find a format by name. @throws listing the known names. */
export function formatByName(name: string, formats: readonly NumberFormat[] = builtInFormats): NumberFormat {
  const found = formats.find((format) => format.name === name)
  if (!found)
    throw new RangeError(`format: expected one of ${formats.map((f) => f.name).join(', ')}, found '${name}'`)
  return found
}
