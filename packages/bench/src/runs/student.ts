// Student's t distribution. Comes in: a probability and degrees of freedom. Goes out: its quantile.
// Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4: closed forms for
// whole degrees of freedom.

/** P(|T| < t) for a whole number of degrees of freedom. */
function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}

/** Halvings of an interval of numbers: more change no bit. */
const HALVINGS = 200

/**
 * The number that |t| stays below with probability `inside`: .95 for an interval of 95 %.
 * @throws RangeError unless 0 < inside < 1 and `freedom` is a whole number from 1.
 */
export function studentQuantile(inside: number, freedom: number): number {
  if (!(inside > 0 && inside < 1))
    throw new RangeError(`inside: expected a number between 0 and 1, found ${inside}`)
  if (!(Number.isInteger(freedom) && freedom >= 1))
    throw new RangeError(`freedom: expected a whole number from 1, found ${freedom}`)
  let [low, high] = [0, 1]
  while (within(high, freedom) < inside) high *= 2
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2
    if (within(middle, freedom) < inside) low = middle
    else high = middle
  }
  return (low + high) / 2
}
