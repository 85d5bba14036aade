// How many threads an engine or executor may be asked for. Comes in: an option. Goes out: the same, or an
// error by name.
// Source: docs/design/06-traced-engine.md; more threads than any machine has processors cost seconds to
// start, and thousands never do.

/** Most threads of one engine or executor. */
export const MOST_THREADS = 256

/**
 * Check a number of threads; `option` names it in the error.
 * @throws RangeError if it is not a whole number from 1 to `MOST_THREADS`.
 */
export function threadCount(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= MOST_THREADS) return value
  throw new RangeError(`${option}: expected a whole number from 1 to ${MOST_THREADS}, found ${String(value)}`)
}
