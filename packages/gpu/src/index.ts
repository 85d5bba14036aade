// The public surface of @lotion/gpu.
export type { GpuArray } from './device-array.js'
export type { GpuExecutorOptions } from './gpu-executor-options.js'
export * from './gpu-executor.js'
export type { GpuMode } from './gpu-js.js'
export type { GpuReport } from './gpu-report.js'
export type { HardwareReport } from './hardware.js'
export type { KernelReport } from './kernel-set.js'
