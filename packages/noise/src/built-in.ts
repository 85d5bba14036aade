// The index of built-in noises: a new one is a file and a line here. Comes in: nothing. Goes out: noises,
// families of them.
// Source: what each file cites.
export * from './dithered.js'
export * from './gaussian.js'
export * from './logistic.js'
export * from './nearest.js'
export * from './randomized-rounding.js'
export * from './smoothstep.js'
export * from './spread.js'
export * from './uniform-dither.js'
