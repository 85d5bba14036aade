// The public surface of @lotion/text.
export type { ChatMessage, ChatOptions, ChatTokens, Tokenizer } from './tokenizer.js'
export { byteTokenizer } from './byte-tokenizer.js'
export { bpeEncodings, bpeTokenizer, type BpeEncoding } from './bpe-tokenizer.js'
export { tokenizerFromJson } from './json/tokenizer-from-json.js'
export { tokenizerFromGguf } from './gguf/tokenizer-from-gguf.js'
export { trainBpe, type BpeJson, type TrainBpeOptions } from './bpe/train-bpe.js'
