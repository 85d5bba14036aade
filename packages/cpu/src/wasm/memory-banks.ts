// The memories that arrays live in. A kernel sees one memory of at most 4 GiB, so arrays that are used together are put
// into the same. Comes in: lengths, and neighbours. Goes out: arrays, and the memory of a call. Source: docs/design/07-cpu.md.

import type { Dispatcher } from './dispatcher.js'
import { callPasses, type CallPasses } from './call-passes.js'
import { jobBatch, type JobBatch } from './job-batch.js'
import { programCache } from './kernel-cache.js'
import { ARRAY_BYTES, laneMemory, type LaneMemory } from './lane-memory.js'

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
   * Make a zeroed array, in the memory of `near` if it has room; `undefined` if that is not possible. `parameter` says that it has
   * nothing to do with others of its length.
   */
  floats(length: number, near?: Float32Array, parameter?: boolean): Float32Array | undefined
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
}

/**
 * Arrays without a neighbour fill this part of a memory, so that each finds room for seven more of its size beside it:
 * gradient, moments, Fisher estimate, cast. Memory that is not used costs address space alone.
 */
const SHARE = 8

/**
 * Arrays of more than this part of a memory, eight of which would use up the share, are taken for such companions if they are of one
 * length: eight count as one.
 */
const LARGE = SHARE ** 2

/** Make the memories, the first at once. @throws if the machine has no address space left. */
export function memoryBanks({ shared, jobs, arrayBytes = ARRAY_BYTES }: MemoryBanksOptions): MemoryBanks {
  const programs = programCache(shared)
  const make = () => {
    const memory = laneMemory(shared, arrayBytes)
    const batch = jobBatch(memory, jobs)
    return {
      memory,
      batch,
      passes: callPasses(memory, batch, programs),
      alone: 0,
      companions: new Map<number, number>(),
    }
  }
  const first = make()
  type Bank = typeof first
  const banks: Bank[] = [first]
  const homes = new WeakMap<ArrayBufferLike, Bank>()
  const bankOf = ({ buffer }: Float32Array): Bank | undefined => homes.get(buffer)
  const size = (): number => banks.reduce((sum, { memory }) => sum + memory.size(), 0)
  const another = (): readonly Bank[] => {
    if (size() > machineMemory()) return []
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
  /** Beside companions, else in the first memory whose share is not used up, else in a new one, else wherever there is room. */
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

/** Bytes beyond which more memories would not help: arrays that nobody uses any more are collected late. */
function machineMemory(): number {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
  return process?.getBuiltinModule?.('node:os').totalmem() ?? Infinity
}
