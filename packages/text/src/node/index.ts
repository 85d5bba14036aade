// The public surface of @lotion/text/node: text in files.
export { openText, type OpenText, type OpenTextOptions, type TextSource } from './open-text.js'
export type { TextProgress } from './build-shard.js'
export type { SplitText, TextPart } from './document-split.js'
