// gpu.js behind one small interface: kernels from text, buffers that stay where they are. Comes in: a mode.
// Goes out: a runtime.
// Source: docs/design/08-gpu.md; gpu.js 2.24.

import type { DeviceBuffer } from './device-array.js'
import type { Helper } from './block-index.js'

/** Where kernels run. @experimental */
export type GpuMode = 'webgpu' | 'webgl2' | 'webasm' | 'cpu'

/** A function in the language of the device, WGSL or GLSL, that kernels may call. */
export interface NativeFunction {
  readonly name: string
  readonly source: string
  readonly argumentTypes: Readonly<Record<string, string>>
  readonly returnType: string
}

/** A compiled kernel. */
export interface Kernel {
  /** Run `length` invocations; the result has `components` values for each. */
  run(args: readonly unknown[], length: number): Promise<DeviceBuffer>
}

/** What kernels run on. */
export interface Runtime {
  readonly mode: GpuMode
  /** The adapter in words. */
  readonly device: string
  /** Whether the adapter is a program on the processor. */
  readonly software: boolean
  /** Arrays that one kernel can read. */
  readonly arrayLimit: number
  kernel(source: string, argumentTypes: Readonly<Record<string, string>>, components: number): Kernel
  upload(data: Float32Array): DeviceBuffer
  read(buffer: DeviceBuffer, length: number): Promise<Float32Array>
  /** Wait for what was sent. */
  done(): Promise<void>
  close(): Promise<void>
}

interface Handle {
  readonly buffer: DeviceMemory
  output: number[]
  componentCount: number
  delete(): void
  clone(): Handle
}

interface DeviceMemory {
  mapAsync(mode: number): Promise<void>
  getMappedRange(): ArrayBuffer
  destroy(): void
}

interface Device {
  readonly limits: { readonly maxStorageBuffersPerShaderStage: number }
  readonly queue: {
    writeBuffer(buffer: DeviceMemory, at: number, data: Float32Array): void
    submit(commands: readonly unknown[]): void
    onSubmittedWorkDone(): Promise<void>
  }
  createBuffer(descriptor: { readonly size: number; readonly usage: number }): DeviceMemory
  createCommandEncoder(): {
    copyBufferToBuffer(from: DeviceMemory, at: number, to: DeviceMemory, there: number, bytes: number): void
    finish(): unknown
  }
}

interface Context {
  readonly adapter: {
    readonly info?: Readonly<
      Partial<Record<'vendor' | 'architecture' | 'device' | 'description', string>>
    > & {
      readonly isFallbackAdapter?: boolean
    }
  }
  readonly device: Device
}

type KernelFunction = ((...args: readonly unknown[]) => unknown) & {
  setOutput(output: readonly number[]): unknown
  readonly kernel: { moduleCacheLimit?: number }
}

interface Gpu {
  readonly context: unknown
  injectNative(source: string): unknown
  addFunction(source: string, settings: object): unknown
  addNativeFunction(name: string, source: string, settings: object): unknown
  createKernel(source: string, settings: object): KernelFunction
  destroy(): Promise<void>
}

/** What is used of gpu.js. */
export interface GpuJs {
  readonly GPU: (new (settings: { readonly mode: GpuMode }) => Gpu) & {
    readonly isWebGL2Supported: boolean
    readonly isSinglePrecisionSupported: boolean
  }
  readonly WebGPUContext: { acquire(): Promise<Context> }
  readonly WebGPUBufferResult: new (settings: object) => Handle
}

/** Loops of kernels end by their own condition; gpu.js wants a limit too. */
const LOOP_LIMIT = 2 ** 30

/** Sizes for which a kernel in WebAssembly stays compiled. */
const SIZES_KEPT = 32

/** Load gpu.js: a file of this package, made by scripts/bundle-gpu-js.mjs. */
export async function loadGpuJs(): Promise<GpuJs> {
  return (await import('#gpu-js')) as unknown as GpuJs
}

/** Make an instance that knows the helpers. */
export function prepared(library: GpuJs, mode: GpuMode, helpers: readonly Helper[]): Gpu {
  const gpu = new library.GPU({ mode })
  for (const { source, argumentTypes, returnType } of helpers)
    gpu.addFunction(source, { argumentTypes, returnType })
  return gpu
}

/** Open WebGPU. */
export async function openDevice(
  library: GpuJs,
  helpers: readonly Helper[],
  natives: readonly NativeFunction[],
): Promise<Runtime> {
  const context = await library.WebGPUContext.acquire()
  const { device } = context
  const gpu = prepared(library, 'webgpu', helpers)
  for (const { name, source, ...types } of natives) gpu.addNativeFunction(name, source, types)
  const info = context.adapter.info ?? {}
  const words = [info.vendor, info.architecture, info.device, info.description].filter((word) => word)
  return Object.freeze({
    mode: 'webgpu',
    device: words.join(' ') || 'an adapter without a name',
    software:
      info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|basic render/i.test(words.join(' ')),
    arrayLimit: device.limits.maxStorageBuffersPerShaderStage - 1,
    kernel: (source, argumentTypes, components) => {
      const kernel = gpu.createKernel(source, {
        ...settingsFor(argumentTypes),
        pipeline: true,
        immutable: true,
      })
      return {
        run: async (args, length) => {
          kernel.setOutput([length])
          const handle = (await kernel(...args)) as Handle
          // The same memory as a plain array: that is what the next kernel reads.
          handle.componentCount = 1
          handle.output = [length * components]
          return onDevice(handle)
        },
      }
    },
    upload: (data) => {
      const buffer = device.createBuffer({
        size: Math.max(data.byteLength, 4),
        usage: STORAGE | COPY_SRC | COPY_DST,
      })
      device.queue.writeBuffer(buffer, 0, data)
      return onDevice(
        new library.WebGPUBufferResult({ buffer, output: [data.length], componentCount: 1, context }),
      )
    },
    read: ({ values }, length) => readBack(device, (values as Handle).buffer, length),
    done: () => device.queue.onSubmittedWorkDone(),
    close: () => gpu.destroy(),
  } satisfies Runtime)
}

const STORAGE = 0x80
const COPY_SRC = 0x4
const COPY_DST = 0x8
const MAP_READ = 0x1

/** Copy values to the host; the copy is sent at once, so that what runs later does not change it. */
async function readBack(device: Device, buffer: DeviceMemory, length: number): Promise<Float32Array> {
  if (length === 0) return new Float32Array(0)
  const staging = device.createBuffer({ size: length * 4, usage: MAP_READ | COPY_DST })
  const commands = device.createCommandEncoder()
  commands.copyBufferToBuffer(buffer, 0, staging, 0, length * 4)
  device.queue.submit([commands.finish()])
  try {
    await staging.mapAsync(MAP_READ)
    return new Float32Array(staging.getMappedRange().slice(0))
  } finally {
    staging.destroy()
  }
}

function onDevice(handle: Handle): DeviceBuffer {
  return { values: handle, release: () => handle.delete(), share: () => onDevice(handle.clone()) }
}

/** Open WebAssembly or JavaScript. */
export async function openHost(
  library: GpuJs,
  mode: 'webasm' | 'cpu',
  helpers: readonly Helper[],
): Promise<Runtime> {
  const gpu = prepared(library, mode, helpers)
  return Object.freeze({
    mode,
    device: 'the processor',
    software: true,
    arrayLimit: Infinity,
    kernel: (source, argumentTypes) => {
      const kernel = gpu.createKernel(source, settingsFor(argumentTypes))
      return {
        run: async (args, length) => {
          kernel.setOutput([length])
          if (mode === 'webasm') kernel.kernel.moduleCacheLimit = SIZES_KEPT
          return onHost((await kernel(...args)) as Float32Array)
        },
      }
    },
    upload: (data) => onHost(Float32Array.from(data)),
    read: async ({ values }) => values as Float32Array,
    done: async () => undefined,
    close: () => gpu.destroy(),
  } satisfies Runtime)
}

function onHost(values: Float32Array | Float32Array[]): DeviceBuffer {
  const buffer: DeviceBuffer = { values, release: () => undefined, share: () => buffer }
  return buffer
}

/** How kernels are compiled. */
export function settingsFor(argumentTypes: Readonly<Record<string, string>>): object {
  return {
    argumentTypes,
    output: [1],
    dynamicOutput: true,
    dynamicArguments: true,
    precision: 'single',
    loopMaxIterations: LOOP_LIMIT,
  }
}

/** Keeps Dawn's instance alive: its adapters do not. */
let dawn: unknown

/** Run with `navigator.gpu` in place, which gpu.js looks for; in Node it comes from the package `webgpu`. */
export async function withWebGpu<T>(open: () => Promise<T>): Promise<T> {
  const present = globalThis as { navigator?: { gpu?: unknown } }
  if (present.navigator?.gpu) return open()
  dawn ??= await openDawn()
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: dawn }, configurable: true })
  try {
    return await open()
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before)
    else delete present.navigator
  }
}

async function openDawn(): Promise<unknown> {
  try {
    // Not a literal: bundlers for browsers need not find it.
    const name: string = 'webgpu'
    const { create } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as {
      create(flags: readonly string[]): unknown
    }
    return create([])
  } catch (error) {
    throw new Error('webgpu: expected a browser with WebGPU, or in Node its package; npm install webgpu', {
      cause: error,
    })
  }
}
