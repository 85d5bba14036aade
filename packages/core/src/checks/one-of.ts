// An option that is one of a few values. Comes in: an option as it arrives, from code or from JSON. Goes out:
// the same, or an error by name.

/**
 * Check that an option is one of its values, such as `[true, false, 'small']`; `option` names it in the
 * error.
 * @throws RangeError naming the option, its values and what was found.
 */
export function oneOf<T extends string | number | boolean>(
  option: string,
  value: unknown,
  values: readonly T[],
): T {
  const found = values.find((known) => known === value)
  if (found !== undefined) return found
  const said = values.map(shown)
  const list = said.length > 1 ? `${said.slice(0, -1).join(', ')} or ${said.at(-1)}` : said.join('')
  throw new RangeError(`${option}: expected ${list}, found ${shown(value)}`)
}

/** A text is told apart from a value that looks like it. */
const shown = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value))
