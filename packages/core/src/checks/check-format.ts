// A format as it arrives from code without types. Comes in: what was given as one. Goes out: nothing, or an
// error that says what to write.

import type { NumberFormat } from '../plugins.js'
import { isFormat } from './is-plugin.js'
import { shownValue } from './shown-value.js'

/**
 * Check that something is a number format: a record of name, bits, block, scale rule and grid.
 * @throws TypeError naming `what`, what was expected and found, and how to get a format.
 */
export function checkFormat(what: string, format: unknown): asserts format is NumberFormat {
  if (isFormat(format)) return
  const advice =
    typeof format === 'string'
      ? `; give the record: formatByName('${format}'), or import it from @lotion/formats`
      : '; import one from @lotion/formats, such as int4, or make one by defineFormat'
  const found = typeof format === 'object' && format !== null ? 'an object that is none' : shownValue(format)
  throw new TypeError(`${what}: expected a number format, found ${found}${advice}`)
}
