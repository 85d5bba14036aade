// A graphics processor, if there is a real one: drivers that compute on the processor are slower than wasm.
// Comes in: WebGPU's entry point, or the npm package `webgpu`. Goes out: an entry point with an adapter, or
// why not.
// Source: WebGPU, GPUAdapterInfo; names of software drivers: SwiftShader, Mesa llvmpipe and lavapipe,
// Microsoft WARP.

import { loaded, type Importer } from './importer.js'

/** What describes an adapter. */
export interface AdapterLike {
  /** Whether it computes on the processor, where older WebGPU says so. */
  readonly isFallbackAdapter?: boolean
  /** `GPUAdapterInfo`: what names the adapter and tells a real one from a program. */
  readonly info?: {
    /** Its maker, such as `nvidia`; empty where a browser hides it. */
    readonly vendor?: string
    /** Its family, such as `ampere`; empty where a browser hides it. */
    readonly architecture?: string
    /** The maker's identifier of it, shown where there is no `description`. */
    readonly device?: string
    /** Its name for people; names of software drivers are looked for in it. */
    readonly description?: string
    /** Whether it computes on the processor, where newer WebGPU says so. */
    readonly isFallbackAdapter?: boolean
  }
}

/** The part of `navigator.gpu` that is used here. */
export interface GpuLike {
  /** Find an adapter; null if there is none. */
  requestAdapter(): Promise<AdapterLike | null>
}

/** Where to look for an adapter. */
interface AdapterSearch {
  readonly importer: Importer
  readonly gpu: GpuLike | undefined
  readonly browser: boolean
  readonly software: boolean
}

const softwareAdapter = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i

/** Find an entry point whose adapter is real, or any if `software`. */
export async function graphicsAdapter(
  here: AdapterSearch,
): Promise<{ readonly gpu?: GpuLike; readonly reason: string }> {
  const gpu = here.gpu ?? ambientGpu() ?? (here.browser ? undefined : await nodeGpu(here))
  if (!gpu) {
    return {
      reason: here.browser
        ? 'this browser has no navigator.gpu'
        : 'the npm package webgpu is not installed, and there is no navigator.gpu',
    }
  }
  const adapter = await gpu.requestAdapter()
  if (!adapter) return { reason: 'no adapter: no graphics processor or no driver for it' }
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {}
  const name =
    [...new Set([vendor, architecture, description || device])].filter(Boolean).join(', ') || 'unnamed'
  const soft = adapter.isFallbackAdapter || isFallbackAdapter || softwareAdapter.test(name)
  if (soft && !here.software)
    return { reason: `the adapter computes on the processor (${name}): slower than wasm` }
  return { gpu, reason: `adapter: ${name}` }
}

function ambientGpu(): GpuLike | undefined {
  return (globalThis as { readonly navigator?: { readonly gpu?: GpuLike } }).navigator?.gpu
}

async function nodeGpu({ importer }: AdapterSearch): Promise<GpuLike | undefined> {
  const module = (await loaded(importer, 'webgpu')) as
    | { readonly create?: (options: readonly string[]) => GpuLike; readonly globals?: object }
    | undefined
  if (!module?.create) return undefined
  // GPUBufferUsage and its kin, which the backend reads from the global object.
  Object.assign(globalThis, module.globals)
  return module.create([])
}

/** Put the entry point where tfjs looks for it, unless one is there. */
export function provideGpu(gpu: GpuLike): void {
  if (ambientGpu()) return
  const scope = globalThis as { navigator?: object }
  if (scope.navigator) Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true })
  else {
    Object.defineProperty(scope, 'navigator', {
      value: { gpu, userAgent: 'node' },
      configurable: true,
      writable: true,
    })
  }
}
