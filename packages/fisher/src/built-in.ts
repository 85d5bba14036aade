// The index of built-in estimators: a new one is a file and a line here. Comes in: nothing. Goes out: what
// makes them.
// Source: what each file cites.
export * from './adam-second-moment.js'
export * from './constant.js'
export * from './empirical.js'
export * from './exact.js'
export * from './gauss-newton-bartlett.js'
export * from './hutchinson.js'
export * from './per-example.js'
