// Opens a mode of gpu.js. Comes in: a mode, functions that kernels call. Goes out: a runtime.
// Source: docs/design/08-gpu.md.

import type { Helper } from './block-index.js'
import {
  loadGpuJs,
  openDevice,
  openHost,
  withWebGpu,
  type GpuMode,
  type NativeFunction,
  type Runtime,
} from './gpu-js.js'
import { openTextures } from './web-gl.js'

/** Open a mode. @throws saying what is missing. */
export async function openRuntime(
  mode: GpuMode,
  helpers: readonly Helper[],
  natives: readonly NativeFunction[],
): Promise<Runtime> {
  const library = await loadGpuJs()
  switch (mode) {
    case 'webgpu':
      return withWebGpu(() => openDevice(library, helpers, natives))
    case 'webgl2':
      return openTextures(library, helpers, natives)
    case 'webasm':
    case 'cpu':
      return openHost(library, mode, helpers)
  }
}
