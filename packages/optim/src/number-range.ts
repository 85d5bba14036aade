// The numbers that options take, checked at the edge. Comes in: an option's name and value. Goes out: the
// value, or an error.
// Source: CONTRIBUTING.md (errors name the parameter, what was expected and what was found).

/** A set of numbers, and how to say it. */
export interface NumberRange {
  /** What error messages say is expected: `a finite number above 0`. */
  readonly wording: string
  /**
   * Tell whether a number belongs to the set.
   * @param value Any number, NaN and the infinities too.
   */
  holds(value: number): boolean
}

/** Above 0. */
export const positive: NumberRange = Object.freeze({
  wording: 'a finite number above 0',
  holds: (value: number) => value > 0 && value < Infinity,
})

/** At least 0. */
export const nonNegative: NumberRange = Object.freeze({
  wording: 'a finite number of at least 0',
  holds: (value: number) => value >= 0 && value < Infinity,
})

/** Any number but NaN and the infinities. */
export const finite: NumberRange = Object.freeze({ wording: 'a finite number', holds: Number.isFinite })

/** A part of a whole that is never all of it. */
export const fraction: NumberRange = Object.freeze({
  wording: 'a number in [0, 1)',
  holds: (value: number) => value >= 0 && value < 1,
})

/** What is counted. */
export const positiveWhole: NumberRange = Object.freeze({
  wording: 'a positive whole number',
  holds: (value: number) => Number.isSafeInteger(value) && value > 0,
})

/**
 * Pass a number on if it lies in the range.
 * @throws naming the option, what it takes and what it was given.
 */
export function numberIn(range: NumberRange, option: string, value: number, advice = ''): number {
  if (typeof value === 'number' && range.holds(value)) return value
  throw new RangeError(
    `${option}: expected ${range.wording}, found ${String(value)}${advice && `; ${advice}`}`,
  )
}
