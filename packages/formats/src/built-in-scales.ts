// The index of built-in scale rules: a new one is a file and a line here. Comes in: nothing. Goes out: rules.
// Source: what each file cites.
export * from './absmax.js'
export * from './e4m3-ceil.js'
export * from './e4m3-nearest.js'
export * from './e8m0-ceil.js'
export * from './e8m0-even.js'
export * from './e8m0-floor.js'
export * from './e8m0-nearest.js'
export * from './float-scale.js'
export * from './mse-clip.js'
export * from './signed-scale.js'
