// The WebAssembly memory in which arrays live, so that kernels and threads read and write them in place.
// Comes in: lengths. Goes out: Float32Array views that stay valid while the memory grows. Source: docs/design/07-cpu.md.

import { aligned, freeRanges } from './free-ranges.js'
import { MAX_PAGES, PAGE_BYTES, webAssembly, type WebAssemblyMemory } from './web-assembly.js'

/** Views of all of a memory, as of its last growth. */
export interface MemoryViews {
  readonly f32: Float32Array
  readonly f64: Float64Array
  readonly i32: Int32Array
  readonly bytes: Uint8Array
}

/** One memory with its arrays. */
export interface LaneMemory {
  readonly memory: WebAssemblyMemory
  /** Seen by threads, and growing without moving. */
  readonly shared: boolean
  views(): MemoryViews
  /** Reserve bytes for good; `undefined` if the memory is full. */
  reserve(bytes: number): number | undefined
  /**
   * Make a zeroed array; `undefined` if the memory is full, or not shared: growing would detach it. Its bytes are used
   * again once neither it nor a view of the same buffer can be reached from this thread; then `freed` is called.
   */
  floats(length: number, freed?: () => void): Float32Array | undefined
  /** Address of an array in this memory; `undefined` for arrays elsewhere. */
  addressOf(array: Float32Array): number | undefined
  /** Bytes of the memory. */
  size(): number
}

/** Kernels read up to three lanes beyond an array; the last array needs them too. */
const MARGIN = 64

/** Least growth at a time. */
const GROWTH = 256

/** Bytes of a memory that arrays leave free: for modules' arguments, windows of copies, operands of products. */
const KEPT = 2 ** 26

/** Bytes of arrays in a memory, at most: all but a rest of the 4 GiB that 32-bit addresses reach. */
export const ARRAY_BYTES = PAGE_BYTES * MAX_PAGES - KEPT

/**
 * Make a memory that grows as needed, with at most so many bytes of arrays.
 * @throws if the machine has no WebAssembly or no address space left.
 */
export function laneMemory(shared: boolean, arrayBytes = ARRAY_BYTES): LaneMemory {
  if (!webAssembly) throw new TypeError('laneMemory: expected WebAssembly, found none; use wasm: false')
  const memory = new webAssembly.Memory({ initial: GROWTH, maximum: MAX_PAGES, shared })
  const free = freeRanges()
  // Address 0 stays unused, so that an address is never mistaken for none.
  free.give(MARGIN, memory.buffer.byteLength - 2 * MARGIN)
  const ours = new WeakSet<ArrayBufferLike>()
  let current = viewsOf(memory)
  // Bytes below were taken before: what is made of them must be cleared.
  let used = 0
  let held = 0
  const returned = new FinalizationRegistry<{ offset: number; bytes: number; freed?: () => void }>(
    ({ offset, bytes, freed }) => {
      free.give(offset, bytes)
      held -= bytes
      freed?.()
    },
  )
  const reserve = (bytes: number): number | undefined => {
    const size = memory.buffer.byteLength
    const missing = free.missing(bytes, size - MARGIN)
    if (missing > 0) {
      const needed = Math.ceil(missing / PAGE_BYTES)
      const room = MAX_PAGES - 1 - size / PAGE_BYTES
      if (needed > room) return undefined
      const pages = Math.min(room, Math.max(needed, GROWTH))
      try {
        memory.grow(pages)
      } catch {
        return undefined
      }
      current = viewsOf(memory)
      free.give(size - MARGIN, pages * PAGE_BYTES)
    }
    return free.take(bytes)
  }
  return Object.freeze({
    memory,
    shared,
    views: () => current,
    reserve: (bytes) => {
      const offset = reserve(bytes)
      if (offset !== undefined) used = Math.max(used, offset + aligned(bytes))
      return offset
    },
    floats: (length, freed) => {
      const bytes = Math.max(1, length) * Float32Array.BYTES_PER_ELEMENT
      const offset = shared && held + bytes <= arrayBytes ? reserve(bytes) : undefined
      if (offset === undefined) return undefined
      held += bytes
      // Growing by nothing makes a new buffer of the same bytes: what is reachable through it is this array alone.
      memory.grow(0)
      const { buffer } = memory
      ours.add(buffer)
      returned.register(buffer, { offset, bytes, ...(freed && { freed }) })
      const array = new Float32Array(buffer, offset, length)
      if (offset < used) array.fill(0)
      used = Math.max(used, offset + aligned(bytes))
      return array
    },
    addressOf: ({ buffer, byteOffset }) => (ours.has(buffer) ? byteOffset : undefined),
    size: () => memory.buffer.byteLength,
  } satisfies LaneMemory)
}

function viewsOf({ buffer }: WebAssemblyMemory): MemoryViews {
  return {
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    bytes: new Uint8Array(buffer),
  }
}
