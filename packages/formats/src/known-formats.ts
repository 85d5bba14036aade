// What the name of a format in a file may mean. Comes in: formats of a caller. Goes out: these and the
// built-in ones, each name once.
// Source: docs/design/11-files.md; files tell formats by name alone.

import type { NumberFormat } from '@lotion/core'
import { builtInFormats } from './by-name.js'
import { packingsOf } from './packing-of.js'

/**
 * Formats of a caller, then the built-in ones that are not among them. Blocks and scale rules are no part of
 * a name: files tell them apart.
 * @throws RangeError if two of one name have other points or codes: a file of one would be read as the other.
 */
export function knownFormats(formats: readonly NumberFormat[] = []): readonly NumberFormat[] {
  const known = new Map<string, NumberFormat>()
  for (const format of [...formats, ...builtInFormats]) {
    const other = known.get(format.name)
    if (!other) known.set(format.name, format)
    else if (other !== format && numbersOf(other) !== numbersOf(format)) throw notItsOwn(format.name)
  }
  const names = new Set<string>()
  for (const { name } of packingsOf([...known.values()])) {
    if (names.has(name)) throw notItsOwn(name)
    names.add(name)
  }
  return [...known.values()]
}

/** What weights and codes of a format stand for, as text. */
function numbersOf({ bits, grid, packing }: NumberFormat): string {
  const { codes, scale, tensorScale, together } = packing ?? {}
  const table = codes && [codes.bits, ...codes.table]
  return [bits, grid.points, table, scale?.name, tensorScale?.name, together].map(String).join('; ')
}

function notItsOwn(name: string): RangeError {
  return new RangeError(
    `format: expected a name that no format with other points or codes has, found '${name}'; ` +
      `files tell formats by name: give this one a name of its own`,
  )
}
