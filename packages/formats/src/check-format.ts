// A format as it arrives from code without types. Comes in: what was given as one. Goes out: nothing, or an error that says what to write.

/**
 * Check that something is a number format: a record of name, bits, block, scale rule and grid.
 * @throws TypeError naming `what`, what was expected and found, and how to get a format.
 */
export function checkFormat(what: string, format: unknown): void {
  const found: Readonly<Record<string, unknown>> = Object(format)
  const method = (of: unknown, name: string): boolean => typeof Object(of)[name] === 'function'
  if (
    typeof found['name'] === 'string' &&
    Number.isFinite(found['bits']) &&
    typeof Object(found['block']).kind === 'string' &&
    method(found['scale'], 'scaled') &&
    method(found['grid'], 'around')
  )
    return
  const advice =
    typeof format === 'string'
      ? `; give the record: formatByName('${format}'), or import it from @lotion/formats`
      : '; import one from @lotion/formats, such as int4, or make one by defineFormat'
  throw new TypeError(`${what}: expected a number format, found ${shown(format)}${advice}`)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `the text '${value}'`
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object that is none' : String(value)
}
