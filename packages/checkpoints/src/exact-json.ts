// JSON that keeps numbers which are not finite, and the sign of 0. Comes in: plain data. Goes out: text; and
// the same data again.

/** JSON has no numbers that are not finite, as are losses of a run that diverges, and writes −0 as 0. */
const MARK = '$number'

/**
 * JSON of a value in which NaN, the infinities and −0 stand as `{ "$number": "NaN" }`.
 * @param value Plain data.
 */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && (!Number.isFinite(each) || Object.is(each, -0))
      ? { [MARK]: Object.is(each, -0) ? '-0' : String(each) }
      : each,
  )
}

/** What `exactJson` wrote. @throws SyntaxError as `JSON.parse`. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_, each: unknown) =>
    typeof each === 'object' && each !== null && MARK in each ? Number(each[MARK]) : each,
  )
}
