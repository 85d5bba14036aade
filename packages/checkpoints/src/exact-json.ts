// JSON that keeps numbers which are not finite. Comes in: plain data. Goes out: text; and the same data
// again.

/** JSON has no numbers that are not finite; losses of a run that diverges are such. */
const MARK = '$number'

/**
 * JSON of a value in which NaN and the infinities stand as `{ "$number": "NaN" }`.
 * @param value Plain data.
 */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? { [MARK]: String(each) } : each,
  )
}

/** What `exactJson` wrote. @throws SyntaxError as `JSON.parse`. */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_, each: unknown) =>
    typeof each === 'object' && each !== null && MARK in each ? Number(each[MARK]) : each,
  )
}
