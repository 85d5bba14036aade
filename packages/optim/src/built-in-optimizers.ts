// The index of built-in optimizers: a new one is a file and a line here. Comes in: nothing. Goes out: what
// makes them.
// Source: what each file cites.
export * from './adam.js'
export * from './adamw.js'
export * from './lion.js'
export * from './nesterov.js'
export * from './schedule-free-adamw.js'
export * from './sgd.js'
export * from './sophia.js'
