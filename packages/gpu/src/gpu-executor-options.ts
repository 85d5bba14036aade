// What the executor on the device is asked for. Comes in: nothing. Goes out: a type.

import type { GpuMode } from './gpu-js.js'

/** How the executor runs. @experimental */
export interface GpuExecutorOptions {
  /** Default: `webgpu` if there is an adapter that is not a program on the processor, else `webasm`. */
  readonly mode?: GpuMode
  /**
   * On WebGPU, compute every operation in integers: correct to the last bit on any device, subnormals too,
   * and many times slower to compile and to run. Default: only quotients and roots, if the device was
   * measured to round them wrongly. WebAssembly and `cpu` round correctly without; WebGL2 refuses it.
   */
  readonly exact?: boolean
}
