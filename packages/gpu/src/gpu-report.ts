// What the executor runs where. Comes in: runs as they happen. Goes out: a record for people and tests.
// Source: docs/design/08-gpu.md.

import type { GpuMode } from './gpu-js.js'
import type { HardwareReport } from './hardware.js'
import type { KernelReport } from './kernel-set.js'

/** What runs where. @experimental */
export interface GpuReport {
  /** What kernels run on: `webgpu`, `webgl2`, `webasm` or, in f64 for checks, `cpu`. */
  readonly mode: GpuMode
  /** The adapter in words. */
  readonly device: string
  /** Whether the device is a program on the processor. */
  readonly software: boolean
  /** Why not in a better mode. */
  readonly reasons: readonly string[]
  /**
   * How the device's own operations round, measured when it was opened; on WebGPU and WebGL2. What it rounds
   * wrongly is replaced (quotients and roots, on WebGPU) or stated in `bounds`.
   */
  readonly hardware?: HardwareReport
  /** Kernels in the order in which they first ran. */
  readonly kernels: readonly KernelReport[]
}
