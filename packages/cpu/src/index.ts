// The public surface of @lotion/cpu.
export { cpuExecutor } from './cpu-executor.js'
export type { CpuExecutor, CpuExecutorOptions } from './cpu-executor.js'
export type * from './execution-report.js'
