// The memories that arrays live in. A kernel sees one memory of at most 4 GiB, so arrays that are used
// together are put into the same. Comes in: lengths, and neighbours. Goes out: arrays, and the memory of a
// call. Source: docs/design/07-cpu.md.

import { hostMemory, type HostMemory } from '@lotion/core/internal'
import type { Dispatcher } from '../threads/dispatcher.js'
import { callPasses, type CallPasses } from './call-passes.js'
import { jobBatch, type JobBatch } from '../threads/job-batch.js'
import { programCache } from './kernel-cache.js'
import { ARRAY_BYTES, FIRST_BYTES, laneMemory, type LaneMemory } from '../threads/lane-memory.js'

/** A memory with its kernels. */
export interface MemoryBank {
  readonly memory: LaneMemory
  readonly batch: JobBatch
  readonly passes: CallPasses
}

/** All memories; they are made as they are needed. */
export interface MemoryBanks {
  readonly first: MemoryBank
  /**
   * Make a zeroed array, in the memory of `near` if it has room; `undefined` if that is not possible.
   * `parameter` says that it has nothing to do with others of its length.
   */
  floats(length: number, near?: Float32Array, parameter?: boolean): Float32Array | undefined
  /**
   * Give an array's bytes back now; `false` if it lies elsewhere.
   * @throws RangeError if it is a view of a part of one.
   */
  free(array: Float32Array): boolean
  /** The memory that holds an array. */
  bankOf(array: Float32Array): MemoryBank | undefined
  /** The memory that holds most bytes of the arrays; the first if none holds any. */
  homeOf(arrays: Iterable<Float32Array>): MemoryBank
  count(): number
  /** Bytes of all memories. */
  size(): number
}

/** What memories are made of. */
export interface MemoryBanksOptions {
  readonly shared: boolean
  readonly jobs: Dispatcher
  /** Bytes of arrays in a memory, at most. Tests use small ones. */
  readonly arrayBytes?: number
  /** Memory of the process; tests limit it. */
  readonly host?: HostMemory
}

/**
 * Arrays without a neighbour fill this part of a memory, so that each finds room for seven more of its size
 * beside it: gradient, moments, Fisher estimate, cast. Memory that is not used costs address space alone.
 */
const SHARE = 8

/**
 * Arrays of more than this part of a memory, eight of which would use up the share, are taken for such
 * companions if they are of one length: eight count as one.
 */
const LARGE = SHARE ** 2

/**
 * Memories leave this part of the process's memory to others. Arrays for which there is no room are ordinary
 * ones then, which the collector counts: a loop that drops its arrays without a pause goes on in them.
 */
const KEPT_FREE = 1 / 8

/** And so many bytes at least: less than that would be full of garbage before the collector has run. */
const LEAST_FREE = 2 ** 26

interface Bank extends MemoryBank {
  /** Bytes of arrays without a neighbour. */
  alone: number
  readonly companions: Map<number, number>
}

/** Make the memories, the first at once. @throws if the machine has no address space left. */
export function memoryBanks({
  shared,
  jobs,
  arrayBytes = ARRAY_BYTES,
  host = hostMemory,
}: MemoryBanksOptions): MemoryBanks {
  const programs = programCache(shared)
  const make = (): Bank => {
    const memory = laneMemory(shared, { arrayBytes, mayGrow })
    const batch = jobBatch(memory, jobs)
    return {
      memory,
      batch,
      passes: callPasses(memory, batch, programs),
      alone: 0,
      companions: new Map<number, number>(),
    }
  }
  // What is reserved counts as used: whoever was given an array may write to it.
  const mayGrow = (bytes: number): boolean => {
    const limit = host.limit()
    // Without a limit nothing is kept free.
    const free = Number.isFinite(limit) ? Math.max(limit * KEPT_FREE, LEAST_FREE) : 0
    return Math.max(host.resident(), size()) + bytes <= limit - free
  }
  const banks: Bank[] = []
  const size = (): number => banks.reduce((sum, { memory }) => sum + memory.size(), 0)
  const first = make()
  banks.push(first)
  const homes = new WeakMap<ArrayBufferLike, Bank>()
  const bankOf = ({ buffer }: Float32Array): Bank | undefined => homes.get(buffer)
  const another = (): readonly Bank[] => {
    if (!mayGrow(FIRST_BYTES)) return []
    try {
      const bank = make()
      banks.push(bank)
      return [bank]
    } catch {
      // No address space left.
      return []
    }
  }
  const placed = (bank: Bank, length: number, freed?: () => void): Float32Array | undefined => {
    const array = bank.memory.floats(length, freed)
    if (array) homes.set(array.buffer, bank)
    return array
  }
  /** Place an array without a neighbour, and take what it adds from the share of the memory. */
  const placedAlone = (bank: Bank, length: number, large: boolean): Float32Array | undefined => {
    const { companions } = bank
    const count = (change: number): void => {
      const before = companions.get(length) ?? 0
      if (large) companions.set(length, before + change)
      const groups = large ? Math.ceil((before + change) / SHARE) - Math.ceil(before / SHARE) : change
      bank.alone += 4 * length * groups
    }
    const array = placed(bank, length, () => count(-1))
    if (array) count(1)
    return array
  }
  /**
   * Beside companions, else in the first memory whose share is not used up, else in a new one, else wherever
   * there is room.
   */
  const apart = (length: number, parameter: boolean): Float32Array | undefined => {
    const large = !parameter && 4 * length > arrayBytes / LARGE
    const places = [
      () => (large ? banks.filter(({ companions }) => (companions.get(length) ?? 0) % SHARE > 0) : []),
      () => banks.filter(({ alone }) => alone === 0 || alone + 4 * length <= arrayBytes / SHARE),
      () => (4 * length <= arrayBytes ? another() : []),
      () => banks,
    ]
    for (const place of places) {
      for (const bank of place()) {
        const array = placedAlone(bank, length, large)
        if (array) return array
      }
    }
    return undefined
  }
  return Object.freeze({
    first,
    floats: (length, near, parameter = false) => {
      if (!shared) return undefined
      const home = near && bankOf(near)
      return (home && placed(home, length)) ?? apart(length, parameter)
    },
    free: (array) => {
      bankOf(array)?.memory.free(array)
      return homes.delete(array.buffer)
    },
    bankOf,
    homeOf: (arrays) => {
      if (banks.length === 1) return first
      const bytes = new Map<Bank, number>()
      for (const array of arrays) {
        const bank = bankOf(array)
        if (bank) bytes.set(bank, (bytes.get(bank) ?? 0) + array.length)
      }
      let home: Bank = first
      for (const [bank, held] of bytes) if (held > (bytes.get(home) ?? 0)) home = bank
      return home
    },
    count: () => banks.length,
    size,
  } satisfies MemoryBanks)
}
