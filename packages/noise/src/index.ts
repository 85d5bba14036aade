// The public surface of @lotion/noise.
export * from './define-noise.js'
export * from './nearest.js'
export * from './randomized-rounding.js'
