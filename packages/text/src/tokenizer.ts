// What a tokenizer is.
// Comes in: text. Goes out: token ids, and back.

/** Turn text into token ids and back. */
export interface Tokenizer {
  /** Its name, for people; it is no key to anything here. */
  readonly name: string
  /** Number of ids: every id is in 0 … vocabulary − 1. */
  readonly vocabulary: number
  /**
   * What its ids depend on, as a short text: two tokenizers with the same one give the same ids. Stored
   * tokens are kept under it.
   */
  readonly identity?: string
  /**
   * What `tokenizerFromJson` made it of, where it did: a parsed tokenizer.json and tokenizer_config.json,
   * which make it again.
   */
  readonly files?: Readonly<Record<'json' | 'config', unknown>>
  /** The id that begins a document, where the tokenizer wants one. */
  readonly bos?: number
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
  /**
   * Encode a conversation by the chat template, where the tokenizer has one.
   * @param messages In order; roles and further fields are what the template knows.
   * @param options Whether the ids end where an answer of the assistant begins.
   */
  chatTokens?(messages: readonly ChatMessage[], options?: ChatOptions): ChatTokens
}

/** One turn of a conversation. */
export interface ChatMessage {
  /** Who speaks: `system`, `user`, `assistant`, or what else the template knows. */
  readonly role: string
  /** What is said. */
  readonly content: string
  /** Whatever else the template reads. */
  readonly [field: string]: unknown
}

/** How a conversation is encoded. */
export interface ChatOptions {
  /** End with what precedes an answer of the assistant: a prompt. Default false: a finished conversation. */
  readonly prompt?: boolean
}

/** A conversation as ids. */
export interface ChatTokens {
  /** Of the whole conversation, control tokens of the template among them. */
  readonly ids: Int32Array
  /**
   * For each id 1 where the assistant wrote it, the token that ends a turn among them; else 0. Found when it
   * is read.
   * @throws RangeError where the template writes a turn otherwise once others follow: it cannot be told then.
   */
  readonly assistant: Uint8Array
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
