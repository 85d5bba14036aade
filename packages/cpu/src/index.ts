// The public surface of @lotion/cpu.
export * from './cpu-executor.js'
export type * from './execution-report.js'
