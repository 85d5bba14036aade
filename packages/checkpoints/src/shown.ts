// Names and shapes in messages. Comes in: what a file says, of any length. Goes out: a text that fits into a
// line.

/** Longest part of a name in a message. */
const MOST_LETTERS = 120
/** Extents of a shape in a message. */
const MOST_EXTENTS = 12
/** Names in a list. */
const MOST_NAMES = 8

/** Quote a name, cut if it is long. */
export function shownName(name: string): string {
  return name.length > MOST_LETTERS
    ? `'${name.slice(0, MOST_LETTERS)}…' (${name.length} characters)`
    : `'${name}'`
}

/** Write a shape, cut if it has many extents. */
export function shownShape(shape: readonly number[]): string {
  const extents = shape.slice(0, MOST_EXTENTS).join(', ')
  return shape.length > MOST_EXTENTS ? `[${extents}, … ${shape.length - MOST_EXTENTS} more]` : `[${extents}]`
}

/** List the first of some names. */
export function shownNames(names: readonly string[]): string {
  const first = names.slice(0, MOST_NAMES).map((name) => name.slice(0, MOST_LETTERS))
  return names.length > first.length
    ? `${first.join(', ')} and ${names.length - first.length} more`
    : first.join(', ')
}
