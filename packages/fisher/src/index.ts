// The public surface of @lotion/fisher.
export * from './built-in.js'
export * from './built-in-fishers.js'
export * from './define-fisher.js'
export type { RareAverageOptions } from './rare-average.js'
