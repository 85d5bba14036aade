// A value that was not expected, as an error says it. Comes in: anything. Goes out: a few words.

/**
 * Say what was found: a text is told apart from what it looks like, and an object or a function is named by
 * what it is.
 */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return `the text '${value}'`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return `[${value.map(String).join(', ')}]`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
