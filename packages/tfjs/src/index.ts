// Public face of @lotion/tfjs.

export { checkBatch, checkParameters } from './check-arrays.js'
export { eagerEngine } from './eager-engine.js'
export { tfjsExecutor } from './executor/tfjs-executor.js'
export type { TfjsExecutorOptions } from './executor/tfjs-executor.js'
export { guardedBatch } from './guarded-batch.js'
export { exclusiveCalls } from './exclusive-calls.js'
export type { ExclusiveCalls } from './exclusive-calls.js'
export { shapeBook } from './shape-book.js'
export type { ShapeBook } from './shape-book.js'
export { valueAndGradients } from './value-and-gradients.js'
export type { ValueAndGradients } from './value-and-gradients.js'
