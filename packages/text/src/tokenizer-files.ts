// A tokenizer as Hugging Face writes it down. Comes in: any tokenizer of this package. Goes out: what a
// tokenizer.json and a tokenizer_config.json say, which give the same ids. Source: PyPI tokenizers' files of
// byte-level models; GPT-2's alphabet of bytes.

import { byteAlphabet } from './bpe/byte-alphabet.js'
import { byteTokenizer } from './byte-tokenizer.js'
import type { Tokenizer } from './tokenizer.js'

/** Two parsed files that make a tokenizer. */
export interface TokenizerFiles {
  /** A tokenizer.json. */
  readonly json: Readonly<Record<string, unknown>>
  /** A tokenizer_config.json: `bos_token`, `eos_token`, `chat_template` and so on. */
  readonly config: Readonly<Record<string, unknown>>
}

/**
 * Write a tokenizer down: as it came, or bytes as a byte-level vocabulary of 256 without merges, whose ids
 * are the bytes.
 * @param tokenizer One of this package.
 * @throws RangeError for another, whose ids no files give.
 */
export function tokenizerFiles(tokenizer: Tokenizer): TokenizerFiles {
  const { files, identity, name } = tokenizer
  if (files !== undefined) return { json: record(files.json), config: record(files.config ?? {}) }
  if (identity === byteTokenizer().identity) return { json: byteJson(), config: { ...fastClass } }
  throw new RangeError(
    `tokenizer: expected bytes or one of a tokenizer.json, found '${name}', for which there are no files`,
  )
}

const record = (value: unknown): Readonly<Record<string, unknown>> => value as Record<string, unknown>

/** The class of transformers that takes a tokenizer.json as it is. */
const fastClass = { tokenizer_class: 'PreTrainedTokenizerFast', clean_up_tokenization_spaces: false } as const

function byteJson(): Readonly<Record<string, unknown>> {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(byteAlphabet.map((character, byte) => [character, byte])),
      merges: [],
    },
  }
}
