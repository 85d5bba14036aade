// The index of built-in tasks: a new one is a file and a line here. Comes in: nothing. Goes out: tasks.
// Source: what each file cites.
export * from './language.js'
export * from './linear-regression.js'
export * from './text.js'
export * from './two-layer.js'
