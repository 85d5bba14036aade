// The public surface of @lotion/text.
export type { ChatMessage, ChatOptions, ChatTokens, Tokenizer } from './tokenizer.js'
export { byteTokenizer } from './byte-tokenizer.js'
export { bpeTokenizer } from './bpe-tokenizer.js'
export { bpeEncodings, type BpeEncoding } from './bpe/encoding-tables.js'
export { tokenizerFromJson } from './json/tokenizer-from-json.js'
export { tokenizerFromGguf } from './gguf/tokenizer-from-gguf.js'
export {
  ggufSplit,
  tokenizerToGguf,
  type GgufTokenizer,
  type ToGgufOptions,
} from './gguf/tokenizer-to-gguf.js'
export { tokenizerFiles, type TokenizerFiles } from './tokenizer-files.js'
export { trainBpe, type BpeJson, type TrainBpeOptions } from './bpe/train-bpe.js'
export type { Tokens, TokenStream } from './batches/token-stream.js'
export {
  evaluationWindows,
  tokenBatches,
  type EvaluationWindowsOptions,
  type TokenBatchesOptions,
  type WeightedTokens,
  type WindowExtents,
} from './batches/token-batches.js'
export {
  packedBatches,
  packedWindows,
  type PackedBatchesOptions,
  type PackedWindowsOptions,
  type TokenDocument,
  type TokenDocuments,
  type WeightedDocuments,
} from './batches/packed-batches.js'
