// Options of models that are numbers. Comes in: an option's name and value. Goes out: the value, or an error
// that names the option, what was expected and found.

/** Check that an option is a whole number of at least 1. @throws RangeError naming the option. */
export function whole(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name}: expected a whole number of at least 1, found ${value}`)
  }
  return value
}

/** Check that an option is a positive finite number. @throws RangeError naming the option. */
export function positive(name: string, value: number): number {
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`${name}: expected a positive finite number, found ${value}`)
  }
  return value
}
