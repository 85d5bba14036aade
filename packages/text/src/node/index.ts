// The public surface of @lotion/text/node: text in files.
export {
  openText,
  type OpenSource,
  type OpenText,
  type OpenTextOptions,
  type TextSource,
} from './open-text.js'
export { forgetTokens } from './forget-tokens.js'
export { sourceFiles, type SourceFile } from './source-files.js'
export type { TextProgress } from './build-shard.js'
export type { SplitText, TextPart } from './document-split.js'
// What the above is made of, as the main entry has it.
export type { TokenDocument, TokenDocuments } from '../batches/packed-batches.js'
export type { WeightedTokens } from '../batches/token-batches.js'
export type { Tokens, TokenStream } from '../batches/token-stream.js'
export type { ChatMessage, ChatOptions, ChatTokens, Tokenizer } from '../tokenizer.js'
