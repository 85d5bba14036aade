// The tokenizer.json of a byte-level BPE. Comes in: a vocabulary, merges, how text is split. Goes out: the
// parsed file with every member that a reader asks for. Source: PyPI tokenizers.

import type { BpeJson } from './train-bpe.js'

/** What makes one such tokenizer another. */
export interface ByteLevelParts {
  /** Token → id, in the characters that stand for bytes. */
  readonly vocab: Iterable<readonly [token: string, id: number]>
  /** Pairs of tokens, the first merged first. */
  readonly merges: readonly (readonly [string, string])[]
  /** What splits text into words, and makes bytes of them. */
  readonly pre_tokenizer: Readonly<Record<string, unknown>>
  /** Control tokens, the first ids. Default: none. */
  readonly special?: readonly string[]
  /** A word that is a token is taken whole. Default false. */
  readonly ignore_merges?: boolean
}

/** The member that makes bytes of text, and text of bytes; `use_regex` splits it as GPT-2 does. */
export const byteLevel = (use_regex: boolean): Readonly<Record<string, unknown>> => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex,
})

/** Write one down. */
export function byteLevelJson({
  vocab,
  merges,
  pre_tokenizer,
  special = [],
  ignore_merges = false,
}: ByteLevelParts): BpeJson {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer,
    post_processor: null,
    decoder: byteLevel(pre_tokenizer['use_regex'] === true),
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges,
      vocab: Object.fromEntries(vocab),
      merges,
    },
  }
}
