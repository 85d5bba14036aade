// How published vocabularies split text into words. Comes in: nothing. Goes out: patterns as a tokenizer.json
// has them, and the same for JavaScript, whose blanks are others than Unicode's.
// Source: GPT-2; OpenAI's tiktoken; the tokenizer.json files of Llama 3 and Qwen 2.

/** The pattern of GPT-2, which ByteLevel stands for. */
export const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

/** Contractions as Llama 3 and Qwen 2 write them. */
export const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"

/** The same for ASCII, as every kind of pattern can say it: the other takes the long s too. */
export const ASCII_CONTRACTIONS = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"

/** Words, runs of digits as given, punctuation with what ends its line, blanks. */
export const wordsAnd = (digits: string, contractions: string = CONTRACTIONS): string =>
  `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`

/**
 * The pattern of cl100k. Its own of today splits blanks at the end of a text otherwise, where no token of it
 * crosses the split.
 */
export const cl100k = wordsAnd('\\p{N}{1,3}', ASCII_CONTRACTIONS)

const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]'
const LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'
const BEFORE = '[^\\r\\n\\p{L}\\p{N}]?'

/** The pattern of o200k. */
export const o200k = [
  `${BEFORE}${UPPER}*${LOWER}+${ASCII_CONTRACTIONS}?`,
  `${BEFORE}${UPPER}+${LOWER}*${ASCII_CONTRACTIONS}?`,
  '\\p{N}{1,3}',
  ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*',
  '\\s*[\\r\\n]+',
  '\\s+(?!\\S)',
  '\\s+',
].join('|')

/** A pattern for JavaScript. Its own `\s` takes U+FEFF for a blank and U+0085 for none. */
export const splitPattern = (pattern: string): RegExp =>
  new RegExp(pattern.replaceAll('\\S', '\\P{White_Space}').replaceAll('\\s', '\\p{White_Space}'), 'gu')
