// The choice of the next token. Comes in: a score an id, how to choose, a draw. Goes out: an id.
// Source: top-k sampling, Fan et al., arXiv 1805.04833; top-p (nucleus), Holtzman et al., arXiv 1904.09751.

/** How the next token is chosen. */
export interface Sampling {
  /** Divides the logits; 0 takes the likeliest token. */
  readonly temperature: number
  /** How many of the likeliest tokens may be drawn. Default all. */
  readonly topK?: number
  /**
   * Of those, the fewest of the likeliest whose probabilities together are at least this share, above 0, may
   * be drawn. Default 1, all.
   */
  readonly topP?: number
}

/** Refuse what is out of range. @throws RangeError naming the member. */
export function checkSampling({ temperature, topK, topP }: Sampling): void {
  if (!Number.isFinite(temperature) || temperature < 0) {
    throw new RangeError(`temperature: expected a finite number of at least 0, found ${temperature}`)
  }
  if (topK !== undefined && (!Number.isInteger(topK) || topK < 1)) {
    throw new RangeError(`topK: expected a whole number of at least 1, found ${topK}`)
  }
  if (topP !== undefined && !(topP > 0 && topP <= 1)) {
    throw new RangeError(`topP: expected a number above 0 and at most 1, found ${topP}`)
  }
}

/** Above so many, sorting all is as fast as keeping the best of those seen. */
const MOST_KEPT = 256

/**
 * Choose a token by inverting the cumulative distribution of softmax(logits / temperature), restricted to the
 * `topK` likeliest and of these to the share `topP`, at u in [0, 1). Equal logits count in order of their
 * ids.
 * @param logits One score an id; −∞ is never chosen.
 * @param sampling Temperature, at least 0 (0 takes the likeliest), `topK`, at least 1, and `topP`, above 0.
 * @param u The draw, in [0, 1).
 * @throws RangeError if `sampling` is out of range, a logit is NaN or ∞, or none is finite.
 */
export function nextToken(logits: ArrayLike<number>, sampling: Sampling, u: number): number {
  checkSampling(sampling)
  const { temperature, topK = logits.length, topP = 1 } = sampling
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!
    if (Number.isNaN(logit) || logit === Infinity)
      throw new RangeError(`logits[${id}]: expected a number below Infinity, found ${logit}`)
  }
  const kept = likeliest(logits, temperature === 0 ? 1 : topK)
  const top = kept[0]
  if (top === undefined || logits[top] === -Infinity) {
    throw new RangeError('logits: expected at least one finite value, found none')
  }
  if (temperature === 0) return top
  const weights = kept.map((id) => Math.exp((logits[id]! - logits[top]!) / temperature))
  let total = weights.reduce((sum, weight) => sum + weight, 0)
  if (topP < 1) {
    let [sum, count] = [0, 0]
    while (sum < topP * total && count < weights.length) sum += weights[count++]!
    weights.length = count
    total = sum
  }
  let left = u * total
  for (const [i, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return kept[i]!
  }
  // u is just below 1 and the sum was rounded: the last token that can be drawn at all.
  return kept[weights.findLastIndex((weight) => weight > 0)]!
}

/** Ids of the largest logits, the largest first, equal ones in order of their ids. */
function likeliest(logits: ArrayLike<number>, count: number): number[] {
  if (count > MOST_KEPT) {
    const order = Array.from({ length: logits.length }, (_, id) => id)
    return order.sort((a, b) => logits[b]! - logits[a]! || a - b).slice(0, count)
  }
  const kept: number[] = []
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!
    if (kept.length === count && !(logit > logits[kept[count - 1]!]!)) continue
    let at = kept.length
    while (at > 0 && logits[kept[at - 1]!]! < logit) at--
    kept.splice(at, 0, id)
    if (kept.length > count) kept.pop()
  }
  return kept
}
