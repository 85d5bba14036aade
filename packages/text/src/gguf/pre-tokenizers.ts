// How the byte-level vocabularies in GGUF files split text, by `tokenizer.ggml.pre`. Comes in: that name, or
// members of a tokenizer.json. Goes out: the other of the two. Only what was compared with the reference is
// here.

import { byteLevel } from '../bpe/byte-level-json.js'
import { ASCII_CONTRACTIONS, CONTRACTIONS, GPT2, wordsAnd } from '../bpe/split-pattern.js'
import { isolated, preTokenizerAsReference } from '../json/as-reference.js'
import { isRecord } from '../json/tokenizer-file.js'

type Part = Readonly<Record<string, unknown>>

/** What a name stands for. */
export interface PreTokenizer {
  readonly pre_tokenizer: Part
  readonly normalizer: Part | null
  /** A word that is a token is taken whole. */
  readonly ignore_merges: boolean
  /** Whether llama.cpp puts a text after the token for its beginning where a file does not say. */
  readonly addsBos?: true
}

const splits = (...patterns: readonly string[]): Part => ({
  type: 'Sequence',
  pretokenizers: [...patterns.map(isolated), byteLevel(false)],
})

const gpt2: PreTokenizer = { pre_tokenizer: splits(GPT2), normalizer: null, ignore_merges: false }
const smollm: PreTokenizer = { ...gpt2, pre_tokenizer: splits('\\p{N}', GPT2) }
const llama3: PreTokenizer = {
  pre_tokenizer: splits(wordsAnd('\\p{N}{1,3}')),
  normalizer: null,
  ignore_merges: true,
  addsBos: true,
}
const qwen2: PreTokenizer = {
  pre_tokenizer: splits(wordsAnd('\\p{N}')),
  normalizer: { type: 'NFC' },
  ignore_merges: false,
}

/** By name, several of which mean the same; the first is what is written. */
export const preTokenizers: ReadonlyMap<string, PreTokenizer> = new Map([
  ['gpt-2', gpt2],
  ['smollm', smollm],
  ['llama-bpe', llama3],
  ['llama3', llama3],
  ['llama-v3', llama3],
  ['qwen2', qwen2],
])

/** The members of a tokenizer.json that decide how text is split. */
export interface SplitMembers {
  readonly pre_tokenizer: unknown
  readonly normalizer: unknown
  readonly ignore_merges: boolean
  /** Without any, every split gives the same ids. */
  readonly merges: number
}

/** Find the name of a split; nothing if llama.cpp has none, or one that was not compared. */
export function preTokenizerName({
  pre_tokenizer,
  normalizer,
  ignore_merges,
  merges,
}: SplitMembers): string | undefined {
  const patterns = patternsOf(pre_tokenizer)
  const form = formOf(normalizer)
  if (patterns === undefined || form === undefined) return undefined
  if (merges === 0 && form === '' && !ignore_merges) return 'gpt-2'
  const key = JSON.stringify([patterns, form, ignore_merges])
  for (const [name, known] of preTokenizers)
    if (
      JSON.stringify([patternsOf(known.pre_tokenizer), formOf(known.normalizer), known.ignore_merges]) === key
    )
      return name
  return undefined
}

/** Patterns whose matches become words of their own, before bytes are made of them. */
function patternsOf(part: unknown): readonly string[] | undefined {
  const steps = stepsOf(preTokenizerAsReference(part))
  const last = steps.at(-1)
  const isLast =
    last?.['type'] === 'ByteLevel' && last['use_regex'] === false && last['add_prefix_space'] !== true
  if (!isLast) return undefined
  const patterns = steps.slice(0, -1).map((step) => {
    const pattern = isRecord(step['pattern']) ? step['pattern']['Regex'] : undefined
    const isSplit = step['type'] === 'Split' && step['behavior'] === 'Isolated' && step['invert'] !== true
    return isSplit && typeof pattern === 'string'
      ? pattern.replace(ASCII_CONTRACTIONS, () => CONTRACTIONS)
      : undefined
  })
  return patterns.every((pattern) => pattern !== undefined) ? patterns : undefined
}

function stepsOf(part: unknown): readonly Part[] {
  if (!isRecord(part)) return []
  const { type, pretokenizers } = part
  return type === 'Sequence' && Array.isArray(pretokenizers) ? pretokenizers.flatMap(stepsOf) : [part]
}

/** What a normalizer does: '' is nothing. */
function formOf(part: unknown): string | undefined {
  if (part === null || part === undefined) return ''
  if (!isRecord(part)) return undefined
  if (part['type'] === 'NFC') return 'NFC'
  if (part['type'] !== 'Sequence' || !Array.isArray(part['normalizers'])) return undefined
  const forms = part['normalizers'].map(formOf).filter((form) => form !== '')
  return forms.length < 2 ? (forms.length === 0 ? '' : forms[0]) : undefined
}
