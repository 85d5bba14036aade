// The WebAssembly memory in which arrays live, so that kernels and threads read and write them in place.
// Comes in: lengths. Goes out: Float32Array views that stay valid while the memory grows.
// Source: docs/design/07-cpu.md.

import { unweigh, weigh } from '@lotion/core/internal'
import { aligned, freeRanges } from './free-ranges.js'
import { MAX_PAGES, PAGE_BYTES, webAssembly, type WebAssemblyMemory } from '../web-assembly.js'

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
   * Make a zeroed array; `undefined` if the memory is full, or not shared: growing would detach it. Its bytes
   * are used again once neither it nor a view of the same buffer can be reached from this thread, or with
   * `free`; then `freed` is called.
   */
  floats(length: number, freed?: () => void): Float32Array | undefined
  /** Give an array's bytes back now. @throws RangeError if it is a view of a part of one. */
  free(array: Float32Array): void
  /** Address of an array in this memory; `undefined` for arrays elsewhere. */
  addressOf(array: Float32Array): number | undefined
  /** Bytes of the memory. */
  size(): number
}

/** Kernels read up to three lanes beyond an array; the last array needs them too. */
const MARGIN = 64

/** Least growth at a time. */
const GROWTH = 256

/** Bytes of a memory that arrays leave free: modules' arguments, windows of copies, operands of products. */
const KEPT = 2 ** 26

/** Bytes of arrays in a memory, at most: all but a rest of the 4 GiB that 32-bit addresses reach. */
export const ARRAY_BYTES = PAGE_BYTES * MAX_PAGES - KEPT

/** Bytes of a memory that has no arrays yet. */
export const FIRST_BYTES = PAGE_BYTES * GROWTH

/** What limits a memory. */
export interface LaneMemoryLimits {
  /** Bytes of arrays, at most. */
  readonly arrayBytes?: number
  /** Whether it may grow by so many bytes for arrays. */
  readonly mayGrow?: (bytes: number) => boolean
}

/** Where an array lies. */
interface Place {
  readonly offset: number
  readonly bytes: number
  readonly freed?: () => void
}

/**
 * Make a memory that grows as needed.
 * @throws if the machine has no WebAssembly or no address space left.
 */
export function laneMemory(
  shared: boolean,
  { arrayBytes = ARRAY_BYTES, mayGrow = () => true }: LaneMemoryLimits = {},
): LaneMemory {
  if (!webAssembly) throw new TypeError('laneMemory: expected WebAssembly, found none; use wasm: false')
  const memory = new webAssembly.Memory({ initial: GROWTH, maximum: MAX_PAGES, shared })
  const free = freeRanges()
  // Address 0 stays unused, so that an address is never mistaken for none.
  free.give(MARGIN, memory.buffer.byteLength - 2 * MARGIN)
  let current = viewsOf(memory)
  // Bytes below were taken before: what is made of them must be cleared.
  let used = 0
  let held = 0
  const places = new WeakMap<ArrayBufferLike, Place>()
  const giveBack = ({ offset, bytes, freed }: Place): void => {
    free.give(offset, bytes)
    held -= bytes
    freed?.()
  }
  const returned = new FinalizationRegistry<Place>(giveBack)
  const reserve = (bytes: number, allowed: (bytes: number) => boolean): number | undefined => {
    const size = memory.buffer.byteLength
    const missing = free.missing(bytes, size - MARGIN)
    if (missing > 0) {
      const needed = Math.ceil(missing / PAGE_BYTES)
      const room = MAX_PAGES - 1 - size / PAGE_BYTES
      if (needed > room) return undefined
      const pages = Math.min(room, Math.max(needed, GROWTH))
      if (!allowed(pages * PAGE_BYTES)) return undefined
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
      const offset = reserve(bytes, () => true)
      if (offset !== undefined) used = Math.max(used, offset + aligned(bytes))
      return offset
    },
    floats: (length, freed) => {
      const bytes = Math.max(1, length) * Float32Array.BYTES_PER_ELEMENT
      const offset = shared && held + bytes <= arrayBytes ? reserve(bytes, mayGrow) : undefined
      if (offset === undefined) return undefined
      held += bytes
      // Growing by nothing makes a new buffer of the same bytes: what is reachable through it is this array
      // alone.
      memory.grow(0)
      const { buffer } = memory
      const place = { offset, bytes, ...(freed && { freed }) }
      places.set(buffer, place)
      returned.register(buffer, place, buffer)
      weigh(buffer, bytes)
      const array = new Float32Array(buffer, offset, length)
      if (offset < used) array.fill(0)
      used = Math.max(used, offset + aligned(bytes))
      return array
    },
    free: (array) => {
      const { buffer } = array
      const place = places.get(buffer)
      if (!place) return
      if (array.byteOffset !== place.offset || array.byteLength < place.bytes - 4) {
        throw new RangeError(
          `array: expected one as the executor made it, found a view of ${array.length} of its ${place.bytes / 4} values`,
        )
      }
      places.delete(buffer)
      returned.unregister(buffer)
      unweigh(buffer, place.bytes)
      giveBack(place)
    },
    addressOf: ({ buffer, byteOffset }) => (places.has(buffer) ? byteOffset : undefined),
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
