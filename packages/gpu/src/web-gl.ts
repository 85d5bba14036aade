// gpu.js on WebGL2: arrays are textures of one f32 a texel. Comes in: gpu.js, functions. Goes out: a runtime.
// Source: docs/design/08-gpu.md; gpu.js 2.24; GLSL ES 3.00, EXT_color_buffer_float.

import type { Helper } from './block-index.js'
import type { DeviceBuffer } from './device-array.js'
import { prepared, settingsFor, type GpuJs, type NativeFunction, type Runtime } from './gpu-js.js'

type Constants =
  | 'COLOR_ATTACHMENT0'
  | 'FLOAT'
  | 'FRAMEBUFFER'
  | 'MAX_TEXTURE_IMAGE_UNITS'
  | 'MAX_TEXTURE_SIZE'
  | 'NO_ERROR'
  | 'OUT_OF_MEMORY'
  | 'PIXEL_PACK_BUFFER'
  | 'RENDERER'
  | 'RGBA'
  | 'STREAM_READ'
  | 'SYNC_GPU_COMMANDS_COMPLETE'
  | 'TEXTURE_2D'
  | 'TIMEOUT_EXPIRED'

/** What is used of WebGL2; its types are those of a browser. */
interface Gl extends Readonly<Record<Constants, number>> {
  getParameter(name: number): unknown
  getExtension(name: string): { readonly UNMASKED_RENDERER_WEBGL: number } | null
  isContextLost(): boolean
  createFramebuffer(): object | null
  bindFramebuffer(target: number, frame: object | null): void
  framebufferTexture2D(target: number, at: number, kind: number, texture: object, level: number): void
  deleteFramebuffer(frame: object | null): void
  createBuffer(): object | null
  bindBuffer(target: number, buffer: object | null): void
  bufferData(target: number, bytes: number, usage: number): void
  getBufferSubData(target: number, at: number, into: Float32Array): void
  deleteBuffer(buffer: object | null): void
  readPixels(
    x: number,
    y: number,
    width: number,
    height: number,
    format: number,
    type: number,
    at: number,
  ): void
  fenceSync(condition: number, flags: number): object | null
  clientWaitSync(fence: object, flags: number, timeout: number): number
  deleteSync(fence: object): void
  flush(): void
  getError(): number
}

/** A texture of gpu.js: one use of it. */
interface Texture {
  readonly texture: object
  readonly size: readonly [width: number, height: number]
  delete(): void
  clone(): Texture
}

/** gpu.js binds a texture of its own at unit 15 while a kernel's arguments are bound. */
const UNITS = 15

/** Open WebGL2. @throws where the page has none, or cannot draw into textures of floats. */
export async function openTextures(
  library: GpuJs,
  helpers: readonly Helper[],
  natives: readonly NativeFunction[],
): Promise<Runtime> {
  if (!library.GPU.isWebGL2Supported || !library.GPU.isSinglePrecisionSupported)
    throw new Error('webgl2: expected a browser with WebGL2 and EXT_color_buffer_float, found none')
  const gpu = prepared(library, 'webgl2', helpers)
  for (const { name, source: _, ...types } of natives) gpu.addNativeFunction(name, `// ${name}`, types)
  gpu.injectNative(natives.map(({ source }) => source).join('\n'))

  const alive = (): void => {
    if ((gpu.context as Gl).isContextLost())
      throw new Error('webgl2: the context was lost, and the arrays with it; open the executor again')
  }
  /** Asking for errors waits for the device: only where it has been waited for. */
  const fine = (): void => {
    alive()
    const error = gl.getError()
    if (error === gl.NO_ERROR) return
    const what = error === gl.OUT_OF_MEMORY ? 'the device has no memory left' : `error ${error} of WebGL`
    throw new Error(`webgl2: ${what} since the last read; values may be missing`)
  }

  let limit = 1
  const create = (source: string, argumentTypes: Readonly<Record<string, string>>) => {
    const kernel = gpu.createKernel(source, {
      ...settingsFor(argumentTypes),
      pipeline: true,
      immutable: true,
      // highp throughout; the default goes by the size of arrays.
      tactic: 'precision',
      fixIntegerDivisionAccuracy: false,
    })
    let last = 1
    return (args: readonly unknown[], length: number): DeviceBuffer => {
      if (length > limit ** 2)
        throw new RangeError(
          `array: expected at most ${limit} · ${limit} values in a texture, found ${length}`,
        )
      // A new size makes a new texture.
      if (length !== last) kernel.setOutput([length])
      last = length
      const texture = kernel(...args) as Texture
      alive()
      return onTexture(texture)
    }
  }
  const copy = create('function (a) { return a[this.thread.x] }', { a: 'Array' })
  copy([Float32Array.of(0)], 1).release()
  const gl = gpu.context as Gl
  limit = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number
  const { device, software } = adapterOf(gl)
  return Object.freeze({
    mode: 'webgl2',
    device,
    software,
    arrayLimit: Math.min(UNITS, (gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS) as number) - 1),
    kernel: (source, argumentTypes) => {
      const textures = Object.entries(argumentTypes).map(([name, type]) => [
        name,
        type === 'Array' ? 'ArrayTexture(1)' : type,
      ])
      const run = create(source, Object.fromEntries(textures) as Record<string, string>)
      return { run: async (args, length) => run(args, length) }
    },
    // A texture has at least one texel.
    upload: (data) => copy([data.length === 0 ? Float32Array.of(0) : data], Math.max(1, data.length)),
    read: async ({ values }, length) => {
      const found = await readTexture(gl, values as Texture)
      fine()
      const result = new Float32Array(length)
      for (let i = 0; i < length; i++) result[i] = found[4 * i]!
      return result
    },
    done: async () => {
      await sent(gl)
      fine()
    },
    close: () => gpu.destroy(),
  } satisfies Runtime)
}

function adapterOf(gl: Gl): { readonly device: string; readonly software: boolean } {
  const named = gl.getExtension('WEBGL_debug_renderer_info')
  const device = String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  return { device, software: /swiftshader|llvmpipe|lavapipe|basic render/i.test(device) }
}

function onTexture(texture: Texture): DeviceBuffer {
  return { values: texture, release: () => texture.delete(), share: () => onTexture(texture.clone()) }
}

/**
 * Copy a texture to the host, four floats a texel; the copy is sent at once, so that what runs later does not
 * change it.
 */
async function readTexture(gl: Gl, { texture, size }: Texture): Promise<Float32Array> {
  const [width, height] = size
  const found = new Float32Array(width * height * 4)
  const [frame, pixels] = [gl.createFramebuffer(), gl.createBuffer()]
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame)
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0)
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, pixels)
  gl.bufferData(gl.PIXEL_PACK_BUFFER, found.byteLength, gl.STREAM_READ)
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, 0)
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null)
  gl.bindFramebuffer(gl.FRAMEBUFFER, null)
  gl.deleteFramebuffer(frame)
  try {
    await sent(gl)
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, pixels)
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, found)
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null)
    return found
  } finally {
    gl.deleteBuffer(pixels)
  }
}

/** Wait until what was sent has run, without keeping the page from its work. */
async function sent(gl: Gl): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
  if (!fence) return
  gl.flush()
  while (!gl.isContextLost() && gl.clientWaitSync(fence, 0, 0) === gl.TIMEOUT_EXPIRED)
    await new Promise((resolve) => setTimeout(resolve))
  gl.deleteSync(fence)
}
