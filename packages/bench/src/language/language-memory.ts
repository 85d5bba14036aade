// What a comparison of language models holds at least, compared with the memory there is before anything is
// made. Comes in: settings. Goes out: an error in words, instead of a process that the system ends.
// Source: docs/design/04-bench.md.

import { bytesText, hostMemory, type HostMemory } from '@lotion/core/internal'
import type { Llama } from '@lotion/models'
import type { ModelExtents } from './open-language.js'

/** Copies of the weights while training: initial, trained, cast; gradients; AdamW's two moments. */
const WEIGHT_COPIES = 6

/** What decides about memory. */
export interface LanguageExtents extends ModelExtents {
  /** Sequences a step. */
  readonly batch: number
}

/**
 * Bytes of weights, gradients and state, and of what the backward pass of a step reads: logits, and in each
 * layer queries, keys and values, attention probabilities, and both factors of the feed-forward product.
 */
export function languageBytes(
  { parameterCount, config }: Pick<Llama, 'parameterCount' | 'config'>,
  { batch, context, dimension, layers, heads, hidden }: LanguageExtents,
): { readonly weights: number; readonly activations: number } {
  const layer = 3 * dimension + heads * context + 2 * hidden
  return {
    weights: 4 * WEIGHT_COPIES * parameterCount,
    activations: 4 * batch * context * (config.vocabulary + layers * layer),
  }
}

/**
 * Refuse a comparison that cannot fit in so many processes at once.
 * @throws RangeError with the bytes needed and those there are.
 */
export function refuseLanguageTooLarge(
  model: Pick<Llama, 'parameterCount' | 'config'>,
  extents: LanguageExtents,
  { processes = 1, memory = hostMemory }: { readonly processes?: number; readonly memory?: HostMemory } = {},
): void {
  const { weights, activations } = languageBytes(model, extents)
  const limit = memory.limit()
  const needed = processes * (weights + activations)
  if (needed <= limit) return
  const smaller =
    weights > activations ? '--dimension or --layers' : '--batch, --context or the size of the model'
  const [where, fewer] = processes > 1 ? [` in ${processes} processes`, '--workers, '] : ['', '']
  throw new RangeError(
    `model: expected one that trains${where} in the ${bytesText(limit)} of memory that this process has, found one that needs ` +
      `${bytesText(needed)} at least (weights, gradients and state ${bytesText(processes * weights)}, ` +
      `activations of a step ${bytesText(processes * activations)}); lower ${fewer}${smaller}`,
  )
}
