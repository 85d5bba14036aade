// A byte-pair encoding of one's own text. Comes in: texts. Goes out: a tokenizer.json.
// The same as PyPI tokenizers' BpeTrainer makes of the same texts. No package of npm that is kept up trains
// one, hence this one.

import { byteAlphabet } from './byte-alphabet.js'
import { byteLevel, byteLevelJson } from './byte-level-json.js'
import { learnMerges } from './learn-merges.js'
import { GPT2, splitPattern } from './split-pattern.js'

/** What is learnt. */
export interface TrainBpeOptions {
  /** Number of ids: at least 256 bytes and the control tokens. Fewer come out where the text is too short. */
  readonly vocabulary: number
  /** Control tokens, the first ids. Default `<|endoftext|>` alone. */
  readonly special?: readonly string[]
}

/** A tokenizer.json, as Hugging Face reads it. */
export interface BpeJson {
  readonly [member: string]: unknown
  /** The vocabulary, token → id, and the merges in order. */
  readonly model: {
    readonly [member: string]: unknown
    /** Ids by token. */
    readonly vocab: Readonly<Record<string, number>>
    /** Pairs of tokens, the first merged first. */
    readonly merges: readonly (readonly [string, string])[]
  }
}

const wordPattern = splitPattern(GPT2)

/**
 * Learn a byte-level BPE. The same texts give the same tokenizer: of pairs that are equally frequent the one
 * with the smaller ids is merged first.
 * @param texts In any order; a text in pieces is cut between words only where a piece ends at one.
 * @param options How many ids, and which of them are control tokens.
 * @returns The object to write as tokenizer.json, or to hand to `tokenizerFromJson`.
 * @throws RangeError if `vocabulary` leaves no room for bytes and control tokens, or there is no text.
 * @example
 * ```ts
 * import { trainBpe } from '@lotion/text'
 *
 * const { model } = await trainBpe(['low lower lowest'], { vocabulary: 260 })
 * console.log(model.merges) // [['l', 'o'], ['lo', 'w'], ['Ġ', 'low']]
 * ```
 */
export async function trainBpe(
  texts: Iterable<string> | AsyncIterable<string>,
  { vocabulary, special = ['<|endoftext|>'] }: TrainBpeOptions,
): Promise<BpeJson> {
  const least = 256 + special.length
  if (!Number.isInteger(vocabulary) || vocabulary < least)
    throw new RangeError(
      `vocabulary: expected a whole number of at least ${least} (256 bytes, control tokens: ${special.length}), found ${vocabulary}`,
    )
  // Characters in the order of their codes, as the reference numbers them.
  const tokens = [...special, ...byteAlphabet.toSorted()]
  if (new Set(tokens).size < tokens.length)
    throw new RangeError(
      `special: expected texts of more than one character, each once, found ${special.join(', ')}`,
    )
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const idOfByte = byteAlphabet.map((character) => ids.get(character)!)
  const utf8 = new TextEncoder()
  const words = Array.from(await countWords(texts), ([word, count]) => ({
    ids: Array.from(utf8.encode(word), (byte) => idOfByte[byte]!),
    count,
  }))
  if (words.length === 0) throw new RangeError('texts: expected text to learn from, found none')
  const merges: (readonly [string, string])[] = []
  learnMerges(
    words,
    () => tokens.length < vocabulary,
    (left, right) => {
      const pair = [tokens[left]!, tokens[right]!] as const
      merges.push(pair)
      const merged = pair.join('')
      const id = ids.get(merged) ?? tokens.push(merged) - 1
      ids.set(merged, id)
      return id
    },
  )
  return byteLevelJson({ vocab: ids, merges, special, pre_tokenizer: byteLevel(true) })
}

async function countWords(texts: Iterable<string> | AsyncIterable<string>): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for await (const text of texts)
    for (const [word] of text.toWellFormed().matchAll(wordPattern))
      counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
