// The public surface of @lotion/fisher.
export * from './adam-second-moment.js'
export * from './define-fisher.js'
export * from './empirical.js'
export * from './exact.js'
