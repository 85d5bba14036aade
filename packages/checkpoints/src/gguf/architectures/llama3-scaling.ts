// The rope scaling of Llama 3, of which a GGUF file has only the result. Comes in: what each frequency is
// divided by. Goes out: `rope_scaling` of config.json. Source: llama.cpp's generate_extra_tensors,
// transformers' rope_type llama3.

/** As all models of Meta have it; a file that says otherwise is refused when it is read. */
const [LOW, HIGH, CONTEXT] = [1, 4, 8192]

/** Which waves are long and which are short, in parts of a context. */
export interface Llama3Waves {
  /** Waves beyond this part of the context are long. Default 1. */
  readonly low?: number
  /** Waves below this part of the context are short. Default 4. */
  readonly high?: number
  /** Tokens of the context of pretraining. Default 8192. */
  readonly context?: number
}

/** What the frequencies are divided by: 1 where a wave is short, `factor` where it is long. */
export function llama3Divisors(
  factor: number,
  theta: number,
  width: number,
  { low = LOW, high = HIGH, context = CONTEXT }: Llama3Waves = {},
): Float32Array {
  return Float32Array.from({ length: width / 2 }, (_, i) => {
    const wave = 2 * Math.PI * theta ** ((2 * i) / width)
    if (wave < context / high) return 1
    if (wave > context / low) return factor
    const smooth = (context / wave - low) / (high - low)
    return 1 / ((1 - smooth) / factor + smooth)
  })
}

/**
 * Find the factor that gives these divisors.
 * @throws RangeError if none does; single precision on the way may differ by 1e-4.
 */
export function llama3Scaling(
  divisors: Float32Array,
  theta: number,
  width: number,
): Readonly<Record<string, unknown>> {
  const factor = divisors.reduce((most, each) => Math.max(most, each), 0)
  const expected = llama3Divisors(factor, theta, width)
  const other = divisors.findIndex((each, i) => !(Math.abs(each / expected[i]! - 1) < 1e-4))
  if (divisors.length !== width / 2 || other >= 0)
    throw new RangeError(
      `rope_freqs.weight: expected the ${width / 2} divisors of Llama 3 for factor ${factor}, ` +
        `frequencies ${LOW} to ${HIGH} and a context of ${CONTEXT}, found ${divisors.length}` +
        (other >= 0 ? `, number ${other} ${divisors[other]} instead of ${expected[other]}` : ''),
    )
  return {
    rope_type: 'llama3',
    factor,
    low_freq_factor: LOW,
    high_freq_factor: HIGH,
    original_max_position_embeddings: CONTEXT,
  }
}
