// A text that goes on token by token, whatever computes the scores. Comes in: a prompt, a function from ids
// to logits, how to choose. Goes out: ids as they are chosen, the same for the same seed.

import { uniforms } from '@lotion/core'
import { checkSampling, nextToken, type Sampling } from './next-token.js'

/** What goes on, and how. */
export interface Continuation extends Sampling {
  /**
   * Give the logits of the id that follows.
   * @param ids All that was said, at least one; longer than the model sees at once too.
   */
  readonly next: (ids: readonly number[]) => Promise<ArrayLike<number>>
  /** Number of token ids. */
  readonly vocabulary: number
  /** At least one token id. */
  readonly prompt: ArrayLike<number>
  /** How many tokens to add at most. */
  readonly length: number
  /** Of the draws: the same seed, logits and prompt give the same ids. */
  readonly seed: number
  /** Ids that end the text; they are not given. Default none. */
  readonly stop?: readonly number[]
  /** Ends the text between two tokens, by its reason. */
  readonly signal?: AbortSignal
}

/**
 * Go on with a prompt. Token i is drawn with the uniform of key (seed, 'generate', step i).
 * @throws RangeError if the prompt is empty or holds an id outside the vocabulary, or an option is out of
 * range; at the first id.
 */
export async function* continuation(options: Continuation): AsyncGenerator<number, void, undefined> {
  const { next, vocabulary, prompt, length, seed, stop = [], signal, ...sampling } = options
  checkSampling(sampling)
  if (prompt.length === 0) throw new RangeError('prompt: expected at least one token id, found none')
  if (!Number.isInteger(length) || length < 0) {
    throw new RangeError(`length: expected a whole number of at least 0, found ${length}`)
  }
  const ids = Array.from(prompt)
  for (const [i, id] of ids.entries()) {
    if (!Number.isInteger(id) || id < 0 || id >= vocabulary) {
      throw new RangeError(`prompt[${i}]: expected a token id in 0 … ${vocabulary - 1}, found ${id}`)
    }
  }
  for (let i = 0; i < length; i++) {
    signal?.throwIfAborted()
    const logits = await next(ids)
    const [u] = uniforms({ seed, stream: 'generate', step: i }, 1)
    const id = nextToken(logits, sampling, u!)
    if (stop.includes(id)) return
    ids.push(id)
    yield id
  }
}
