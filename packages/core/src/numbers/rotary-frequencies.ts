// How fast rotary positions turn. Comes in: the width of a head, a base, a rule for contexts longer than
// those of pretraining. Goes out: radians a position, one for each pair of features.
// Source: Su et al., arXiv 2104.09864; `linear`, arXiv 2306.15595; `llama3`, the reference code of Llama 3.1.
// Both rules as transformers has them.

/** A rule for longer contexts; `RopeScaling` of @lotion/models tells its members. */
export type FrequencyRule =
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3'
      readonly factor: number
      readonly lowFrequencyFactor: number
      readonly highFrequencyFactor: number
      readonly originalContext: number
    }

/**
 * Compute base^(−2i/D), i = 0 … D/2 − 1, slowed down by a rule; null leaves them.
 * @param width Of a head, D.
 */
export function rotaryFrequencies(width: number, base: number, rule: FrequencyRule | null = null): number[] {
  const frequencies = Array.from({ length: width / 2 }, (_, i) => base ** ((-2 * i) / width))
  if (rule === null) return frequencies
  const { factor } = rule
  if (rule.type === 'linear') return frequencies.map((frequency) => frequency / factor)
  const { lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = rule
  return frequencies.map((frequency) => {
    const turns = (originalContext * frequency) / (2 * Math.PI)
    const kept = Math.min(Math.max((turns - low) / (high - low), 0), 1)
    return kept * frequency + ((1 - kept) * frequency) / factor
  })
}
