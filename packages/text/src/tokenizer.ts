// What a tokenizer is.
// Comes in: text. Goes out: token ids, and back.

/** Turn text into token ids and back. */
export interface Tokenizer {
  /** Its name, for people; it is no key to anything here. */
  readonly name: string
  /** Number of ids: every id is in 0 … vocabulary − 1. */
  readonly vocabulary: number
  /** The id that ends a document, where the tokenizer has one. */
  readonly eos?: number
  /** Ids of control tokens by their text; `encode` gives none of them. Absent where there are none. */
  readonly special?: ReadonlyMap<string, number>
  /**
   * Encode text; nothing in it is treated as a control token.
   * @param text Of any length; the empty text has no ids.
   */
  encode(text: string): Int32Array
  /**
   * Decode ids. What is no valid text becomes U+FFFD.
   * @param ids Whole numbers in 0 … vocabulary − 1.
   * @throws RangeError for an id outside the vocabulary.
   */
  decode(ids: ArrayLike<number>): string
}

/** Refuse ids outside 0 … vocabulary − 1, by position. */
export function checkIds(ids: ArrayLike<number>, vocabulary: number): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!
    if (!Number.isInteger(id) || id < 0 || id >= vocabulary) {
      throw new RangeError(`ids[${i}]: expected a whole number in 0 … ${vocabulary - 1}, found ${id}`)
    }
  }
}
