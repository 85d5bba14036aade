// Text from a language model, token by token. Comes in: a forward step that gives logits, weights, a prompt.
// Goes out: the ids that continue it, the same for the same seed.

import { leafOf, uniforms, type ForwardStep, type Tree } from '@lotion/core'

/** How the next token is chosen. */
export interface Sampling {
  /** Divides the logits; 0 takes the likeliest token. */
  readonly temperature: number
  /** How many of the likeliest tokens may be drawn. Default all. */
  readonly topK?: number
}

/** What `generate` needs. */
export interface Generation extends Sampling {
  /** A model with a fixed window, e.g. `llama(…)`. */
  readonly model: {
    /** What of the model's settings is read here. */
    readonly config: {
      /** Tokens that the model sees at once; longer text is cut at its beginning. */
      readonly context: number
      /** Number of token ids, the last extent of the logits. */
      readonly vocabulary: number
    }
  }
  /** Gives `{ logits: [1, context, vocabulary] }` for `{ x: int32 [1, context] }`. */
  readonly forward: ForwardStep<Float32Array>
  /** Weights by name, as `forward` takes them; they are not changed. */
  readonly params: Tree<Float32Array>
  /** At least one token id. Only the last `context` of prompt and continuation are seen. */
  readonly prompt: ArrayLike<number>
  /** How many tokens to add. */
  readonly length: number
  /** Of the draws: the same seed, weights and prompt give the same ids. */
  readonly seed: number
}

function checkSampling({ temperature, topK }: Sampling): void {
  if (!Number.isFinite(temperature) || temperature < 0) {
    throw new RangeError(`temperature: expected a finite number of at least 0, found ${temperature}`)
  }
  if (topK !== undefined && (!Number.isInteger(topK) || topK < 1)) {
    throw new RangeError(`topK: expected a whole number of at least 1, found ${topK}`)
  }
}

/**
 * Choose a token by inverting the cumulative distribution of softmax(logits / temperature), restricted to the
 * `topK` likeliest, at u in [0, 1). Equal logits count in order of their ids.
 * @param logits One score an id; −∞ is never chosen.
 * @param sampling Temperature, at least 0 (0 takes the likeliest), and `topK`, at least 1.
 * @param u The draw, in [0, 1).
 * @throws RangeError if `sampling` is out of range, a logit is NaN or ∞, or none is finite.
 */
export function nextToken(logits: ArrayLike<number>, sampling: Sampling, u: number): number {
  checkSampling(sampling)
  const bad = Array.from(logits).findIndex((logit) => Number.isNaN(logit) || logit === Infinity)
  if (bad >= 0) throw new RangeError(`logits[${bad}]: expected a number below Infinity, found ${logits[bad]}`)
  const order = Array.from({ length: logits.length }, (_, id) => id).sort(
    (a, b) => logits[b]! - logits[a]! || a - b,
  )
  const top = order[0]
  if (top === undefined || logits[top] === -Infinity) {
    throw new RangeError('logits: expected at least one finite value, found none')
  }
  if (sampling.temperature === 0) return top
  const kept = order.slice(0, sampling.topK)
  const weights = kept.map((id) => Math.exp((logits[id]! - logits[top]!) / sampling.temperature))
  let left = u * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [i, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return kept[i]!
  }
  // u is just below 1 and the sum was rounded: the last token that can be drawn at all.
  return kept[weights.findLastIndex((weight) => weight > 0)]!
}

/**
 * Continue a prompt. Token i is drawn with the uniform of key (seed, 'generate', step i).
 * @param options The model and its weights, the prompt, how many tokens to add and how they are drawn.
 * @throws RangeError if the prompt is empty or holds an id outside the vocabulary, or an option is out of
 * range.
 * @example
 * ```ts
 * import { generate, llama } from '@lotion/models'
 * import { byteTokenizer } from '@lotion/text'
 * import { eagerEngine } from '@lotion/tfjs'
 *
 * const tokenizer = byteTokenizer()
 * const model = llama({ vocabulary: tokenizer.vocabulary, dimension: 32, layers: 1, heads: 4, context: 16 })
 * const engine = eagerEngine()
 * const params = engine.allocate(model.shapes)
 * for (const [name, weights] of Object.entries(model.init(1))) params[name]!.set(weights)
 * const forward = engine.forward((p, batch) => ({ logits: model.logits(p, batch) }))
 * const prompt = tokenizer.encode('Fellow')
 * const ids = await generate({ model, forward, params, prompt, length: 4, temperature: 0.8, seed: 1 })
 * console.log(tokenizer.decode(ids))
 * ```
 */
export async function generate(options: Generation): Promise<Int32Array> {
  const { model, forward, params, prompt, length, seed, ...sampling } = options
  const { context, vocabulary } = model.config
  checkSampling(sampling)
  if (prompt.length === 0) throw new RangeError('prompt: expected at least one token id, found none')
  if (!Number.isInteger(length) || length < 0) {
    throw new RangeError(`length: expected a whole number of at least 0, found ${length}`)
  }
  for (let i = 0; i < prompt.length; i++) {
    const id = prompt[i]!
    if (!Number.isInteger(id) || id < 0 || id >= vocabulary) {
      throw new RangeError(`prompt[${i}]: expected a token id in 0 … ${vocabulary - 1}, found ${id}`)
    }
  }
  const ids = Array.from(prompt)
  for (let i = 0; i < length; i++) {
    const seen = ids.slice(-context)
    // The shape is fixed; what stands right of the last token cannot be seen by it.
    const data = new Int32Array(context)
    data.set(seen)
    const outputs = await forward.run(params, { x: { data, shape: [1, context] } })
    const all = leafOf(outputs, 'logits', 'outputs of the forward step')
    if (all.length !== context * vocabulary) {
      throw new RangeError(
        `logits: expected context · vocabulary = ${context * vocabulary} values, found ${all.length}`,
      )
    }
    const last = all.subarray((seen.length - 1) * vocabulary, seen.length * vocabulary)
    const [u] = uniforms({ seed, stream: 'generate', step: i }, 1)
    ids.push(nextToken(last, sampling, u!))
  }
  return Int32Array.from(ids.slice(prompt.length))
}
