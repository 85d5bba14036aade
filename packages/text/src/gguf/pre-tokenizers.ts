// How the byte-level vocabularies in GGUF files split text, by `tokenizer.ggml.pre`. Comes in: that name.
// Goes out: members of a tokenizer.json. Only what was compared with the reference is here.

import { GPT2, isolated } from '../json/as-reference.js'

type Part = Readonly<Record<string, unknown>>

/** What a name stands for. */
export interface PreTokenizer {
  readonly pre_tokenizer: Part
  readonly normalizer: Part | null
  /** A word that is a token is taken whole. */
  readonly ignore_merges: boolean
}

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
const splits = (...patterns: readonly string[]): Part => ({
  type: 'Sequence',
  pretokenizers: [...patterns.map(isolated), byteLevel],
})

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
const wordsAnd = (digits: string): string =>
  `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`

const gpt2: PreTokenizer = { pre_tokenizer: splits(GPT2), normalizer: null, ignore_merges: false }
const smollm: PreTokenizer = { ...gpt2, pre_tokenizer: splits('\\p{N}', GPT2) }
const llama3: PreTokenizer = {
  pre_tokenizer: splits(wordsAnd('\\p{N}{1,3}')),
  normalizer: null,
  ignore_merges: true,
}
const qwen2: PreTokenizer = {
  pre_tokenizer: splits(wordsAnd('\\p{N}')),
  normalizer: { type: 'NFC' },
  ignore_merges: false,
}

/** By name, several of which mean the same. */
export const preTokenizers: ReadonlyMap<string, PreTokenizer> = new Map([
  ['gpt-2', gpt2],
  ['smollm', smollm],
  ['llama-bpe', llama3],
  ['llama3', llama3],
  ['llama-v3', llama3],
  ['qwen2', qwen2],
])
