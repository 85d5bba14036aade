// Where npm @huggingface/tokenizers differs from the reference in Rust, said so that both agree. Comes in:
// members of a tokenizer.json. Goes out: the same splits, in a way that the library reads as meant: its own
// patterns are JavaScript's, whose blanks and digits are others than Unicode's; a Split it translates.

import { GPT2 } from '../bpe/split-pattern.js'
import { isRecord } from './tokenizer-file.js'

/** A pre-tokenizer that makes each match of a pattern a piece of its own. */
export const isolated = (regex: string): Readonly<Record<string, unknown>> => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
})

/** Rewrite a pre-tokenizer, inside sequences too. */
export function preTokenizerAsReference(part: unknown): unknown {
  if (!isRecord(part)) return part ?? null
  if (part['type'] === 'Sequence' && Array.isArray(part['pretokenizers']))
    return { ...part, pretokenizers: part['pretokenizers'].map(preTokenizerAsReference) }
  if (part['type'] === 'Digits') return isolated(part['individual_digits'] === true ? '\\p{N}' : '\\p{N}+')
  // What is put before the text must be there before it is split.
  if (part['type'] === 'ByteLevel' && part['use_regex'] !== false && part['add_prefix_space'] !== true)
    return { type: 'Sequence', pretokenizers: [isolated(GPT2), { ...part, use_regex: false }] }
  return part
}
