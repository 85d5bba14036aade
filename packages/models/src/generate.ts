// Text from a language model, token by token. Comes in: a forward step that gives logits, weights, a prompt.
// Goes out: the ids that continue it, the same for the same seed. Without a cache: `openDecoding` has one.

import { leafOf, type ForwardStep, type Tree } from '@lotion/core'
import { continuation } from './continuation.js'
import type { Sampling } from './next-token.js'

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
  const { model, forward, params, ...rest } = options
  const { context, vocabulary } = model.config
  const next = async (ids: readonly number[]): Promise<Float32Array> => {
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
    return all.subarray((seen.length - 1) * vocabulary, seen.length * vocabulary)
  }
  const ids: number[] = []
  for await (const id of continuation({ next, vocabulary, ...rest })) ids.push(id)
  return Int32Array.from(ids)
}
