// What the name of a format in a file may mean. Comes in: formats of a caller. Goes out: these and the
// built-in ones, each name once.
// Source: docs/design/11-files.md; files tell formats by name, and those that are not built in by their
// numbers as well.

import type { NumberFormat, ScaleCodes } from '@lotion/core'
import { builtInFormats } from './by-name.js'
import { packingsOf } from './packing-of.js'

/**
 * Formats of a caller, then the built-in ones that are not among them. Blocks and scale rules are no part of
 * a name: files tell them apart.
 * @param formats Formats of your own; one of a built-in name must have its points and codes.
 * @throws RangeError if two of one name have other points or codes: a file of one would be read as the other.
 */
export function knownFormats(formats: readonly NumberFormat[] = []): readonly NumberFormat[] {
  const known = new Map<string, NumberFormat>()
  for (const format of [...formats, ...builtInFormats]) {
    const other = known.get(format.name)
    if (!other) known.set(format.name, format)
    else if (other !== format && formatNumbers(other) !== formatNumbers(format)) throw notItsOwn(format.name)
  }
  const names = new Set<string>()
  for (const { name } of packingsOf([...known.values()])) {
    if (names.has(name)) throw notItsOwn(name)
    names.add(name)
  }
  return [...known.values()]
}

/**
 * What weights and codes of a format stand for, as text: two formats of one text read any file alike. Blocks
 * and scale rules are no part of it.
 */
export function formatNumbers({ bits, grid, packing }: NumberFormat): string {
  const { codes, scale, tensorScale, together } = packing ?? {}
  const table = codes && [codes.bits, ...codes.table]
  return [bits, grid.points, table, scalesOf(scale), scalesOf(tensorScale), together].map(String).join('; ')
}

/** What codes of scales stand for: all codes of one byte, samples of longer ones. */
function scalesOf(codes: ScaleCodes | undefined): string {
  if (!codes) return ''
  const { name, bytes, read } = codes
  const numbers = Array.from({ length: 256 }, (_, first) => {
    const code = Uint8Array.from({ length: bytes }, (_, i) => first + 37 * i)
    try {
      return read(new DataView(code.buffer), 0)
    } catch {
      return 'none'
    }
  })
  return [name, bytes, ...numbers].join()
}

function notItsOwn(name: string): RangeError {
  return new RangeError(
    `format: expected a name that no format with other points or codes has, found '${name}'; ` +
      `files tell formats by name: give this one a name of its own`,
  )
}
