// A tokenizer as Hugging Face writes it down. Comes in: any tokenizer of this package. Goes out: what a
// tokenizer.json and a tokenizer_config.json say, which give the same ids. Source: PyPI tokenizers' files of
// byte-level models; GPT-2's alphabet of bytes.

import { byteAlphabet } from './bpe/byte-alphabet.js'
import { byteLevel, byteLevelJson } from './bpe/byte-level-json.js'
import { bpeEncodings, encodingJson, isBpeEncoding } from './bpe/encoding-tables.js'
import { byteTokenizer } from './byte-tokenizer.js'
import { tokenText, withTemplate } from './json/added-ends.js'
import { preTokenizerAsReference } from './json/as-reference.js'
import type { Tokenizer } from './tokenizer.js'

/** Two parsed files that make a tokenizer. */
export interface TokenizerFiles {
  /** A tokenizer.json. */
  readonly json: Readonly<Record<string, unknown>>
  /** A tokenizer_config.json: `bos_token`, `eos_token`, `chat_template` and so on. */
  readonly config: Readonly<Record<string, unknown>>
}

/**
 * Write a tokenizer down. One of a tokenizer.json stays as it came, but for the class that reads it and for
 * splits of text that readers in JavaScript take otherwise than meant, which are said so that all read the
 * same. Bytes are a byte-level vocabulary of 256 without merges, whose ids are the bytes. A published
 * encoding has its merges, found again from its ranks.
 * @param tokenizer One of this package.
 * @throws RangeError for another, whose ids no files give.
 * @example
 * ```ts
 * import { byteTokenizer, tokenizerFiles, tokenizerFromJson } from '@lotion/text'
 *
 * const { json, config } = await tokenizerFiles(byteTokenizer())
 * console.log(tokenizerFromJson(json, config).encode('é')) // Int32Array [195, 169]
 * ```
 */
export async function tokenizerFiles(tokenizer: Tokenizer): Promise<TokenizerFiles> {
  const { files, identity, name } = tokenizer
  if (files !== undefined) {
    const config = record(files.config ?? {})
    const text = tokenText(config['bos_token'])
    const json = withTemplate(
      record(files.json),
      tokenizer.bos === undefined || text === undefined ? undefined : { text, id: tokenizer.bos },
    )
    return {
      json: { ...json, pre_tokenizer: preTokenizerAsReference(json['pre_tokenizer']) },
      config: { ...fastClass, ...config, tokenizer_class: fastClass.tokenizer_class },
    }
  }
  if (identity === byteTokenizer().identity) return { json: byteJson(), config: { ...fastClass } }
  if (isBpeEncoding(identity)) return { json: await encodingJson(identity), config: { ...fastClass } }
  throw new RangeError(
    `tokenizer: expected bytes, ${bpeEncodings.join(', ')} or one of a tokenizer.json, found '${name}', for which there are no files`,
  )
}

const record = (value: unknown): Readonly<Record<string, unknown>> => value as Record<string, unknown>

/** The class of transformers that takes a tokenizer.json as it is; others make their own of its tokens. */
const fastClass = { tokenizer_class: 'PreTrainedTokenizerFast', clean_up_tokenization_spaces: false } as const

const byteJson = (): Readonly<Record<string, unknown>> =>
  byteLevelJson({
    vocab: byteAlphabet.map((character, byte) => [character, byte] as const),
    merges: [],
    pre_tokenizer: byteLevel(false),
  })
