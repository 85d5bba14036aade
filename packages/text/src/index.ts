// The public surface of @lotion/text.
export type { Tokenizer } from './tokenizer.js'
export { byteTokenizer } from './byte-tokenizer.js'
export { bpeEncodings, bpeTokenizer, type BpeEncoding } from './bpe-tokenizer.js'
