// The public surface of @lotion/conformance; what needs vitest is in `@lotion/conformance/vitest`.
export type { AnyExecutor } from './executor-laws.js'
export type { Counterexample, Report } from './law.js'
export { gridOf, probeGrids } from './probe-grids.js'
export * from './verify.js'
export * from './noise-picture.js'
