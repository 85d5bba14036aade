// The index of built-in methods: a new one is a file and a line here. Comes in: nothing. Goes out: what makes
// them.
// Source: what each file cites.
export * from './cage.js'
export * from './clipped-qat.js'
export * from './lotion.js'
export * from './lsq.js'
export * from './ptq.js'
export * from './qat.js'
export * from './rat.js'
