// Memory of weights and gradients: visible to worker threads, WebAssembly and onnxruntime alike, never moved.
// Comes in: shapes by name. Goes out: zeroed Float32Array views of one shared WebAssembly.Memory, each
// aligned to 64 bytes.

import { sizeOf, type Shape, type Tree } from '@lotion/core'
import { weigh } from '@lotion/core/internal'

// Neither the ES library typings nor Node's declare WebAssembly; this is the part used here.
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => {
    readonly buffer: SharedArrayBuffer
  }
}

const ALIGNMENT = 64
const PAGE_BYTES = 65536
const MAX_PAGES = 65536

/**
 * Allocate zeroed arrays in one shared WebAssembly.Memory.
 * @throws if they need more than 4 GiB together, the limit of a WebAssembly memory.
 */
export function sharedArrays(shapes: Tree<Shape>): Tree<Float32Array> {
  const offsets = new Map<string, number>()
  let bytes = 0
  for (const [name, shape] of Object.entries(shapes)) {
    offsets.set(name, bytes)
    bytes += Math.ceil((sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT
  }
  const pages = Math.ceil(bytes / PAGE_BYTES)
  if (pages > MAX_PAGES) {
    throw new RangeError(
      `parameters: expected at most 4 GiB in one allocation, found ${bytes} bytes; allocate them in parts`,
    )
  }
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  weigh(buffer, pages * PAGE_BYTES)
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      new Float32Array(buffer, offsets.get(name) ?? 0, sizeOf(shape)),
    ]),
  )
}
