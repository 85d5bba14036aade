// Arguments of emitted programs, in the order in which their text first reads them. Comes in: a list and what
// is read. Goes out: its place.

/** The place of an argument in a program's list; one that is not there yet is added. */
export function argument<T>(list: T[], value: T): number {
  const at = list.indexOf(value)
  return at >= 0 ? at : list.push(value) - 1
}
