// Passes of a call's kernels, queued to run with those of other calls. Comes in: a prepared call, a pass, how
// its weights are cut into units. Goes out: reduced numbers, and outputs in their arrays.
// Source: docs/design/07-cpu.md.

import type { LaneNode, ReduceNode } from '@lotion/core'
import { SUM_CHUNK } from '@lotion/core/internal'
import type { PreparedCall } from '../../prepared-call.js'
import { MOST_SPILLS } from '../emit/element-loops.js'
import { MOST_PARTIALS, type JobBatch } from '../threads/job-batch.js'
import { kernelCache, type Kernel, type KernelKind, type ProgramCache } from './kernel-cache.js'
import { FRAME, recordWord } from '../emit/kernel-record.js'
import { firstBlock, type Geometry } from './lane-geometry.js'
import type { LaneMemory } from '../threads/lane-memory.js'
import { stagedRuns, type ArrayPlace } from './staged-runs.js'
import { TILE_ROW } from '../emit/strip-tiles.js'
import { SCRATCH_BYTES } from '../threads/thread-pool.js'

/** Weights that go through the loops of a kernel together: they stay in the first cache. */
const GROUP_WEIGHTS = 512

/** Looks up what is known before a pass: scalar inputs, totals, reductions of earlier passes. */
export type ValueOf = (node: LaneNode) => number

/** Which weights a pass runs over. In a flat pass nothing depends on blocks. */
export interface PassRange {
  readonly call: PreparedCall
  readonly geometry: Geometry
  readonly flat: boolean
  readonly value: ValueOf
}

/** Queues passes over the arrays of calls, through copies where these lie elsewhere. */
export interface CallPasses {
  /** Combine nodes' operands over all units; `give` gets the results of the n-th, one a block, in order. */
  reduce(
    range: PassRange,
    nodes: readonly ReduceNode[],
    give: (n: number, results: Float64Array) => void,
  ): void
  /** Store the outputs; `at` is where a value per block goes in a flat pass. */
  store(range: PassRange, at: number): void
}

/** Make the passes over one memory. */
export function callPasses(memory: LaneMemory, batch: JobBatch, programs: ProgramCache): CallPasses {
  const kernels = kernelCache(memory, programs)
  const staged = stagedRuns(memory, batch.scratch)

  /** Everything but the arrays and partials of a kernel's record. */
  const fill = (record: number, kernel: Kernel, geometry: Geometry, value: ValueOf): void => {
    const { i32, f32 } = memory.views()
    const at = record / 4
    i32[at + recordWord.length] = geometry.length
    i32[at + recordWord.size] = geometry.size
    i32[at + recordWord.perLine] = geometry.perLine
    i32[at + recordWord.inner] = geometry.inner
    i32[at + recordWord.strips] = geometry.strips
    i32[at + recordWord.group] = groupOf(kernel, geometry.size)
    kernel.plan.scalars.forEach((node, i) => (f32[at + kernel.record.scalars + i] = value(node)))
  }

  /** Arrays that a kernel reads and writes once a weight or once a block, with their place in its record. */
  const placesOf = (call: PreparedCall, kernel: Kernel): ArrayPlace[] => {
    const { plan, record } = kernel
    const inputs = plan.arrays.map((name, i) => ({
      array: call.arrays.get(name)!,
      word: recordWord.arrays + i,
      read: true,
      per: 'weight' as const,
    }))
    const outputs = plan.outputs.flatMap((name, i) => {
      const rate = plan.rate(call.graph.outputs[name]!)
      if (rate !== 'element' && rate !== 'block') return []
      const per = rate === 'element' ? ('weight' as const) : ('block' as const)
      return [{ array: call.outputs[name]!, word: record.outputs + i, read: false, per }]
    })
    return [...inputs, ...outputs]
  }

  /** Run units of a kernel: in place if all arrays are in the memory, else through copies. */
  const start = (
    call: PreparedCall,
    kernel: Kernel,
    geometry: Geometry,
    units: readonly [first: number, end: number],
    record: number,
  ): void => {
    if (units[0] === units[1]) return
    const places = placesOf(call, kernel)
    const addresses = places.map(({ array }) => memory.addressOf(array))
    if (addresses.includes(undefined)) return staged.run(kernel, record, geometry, units, places)
    const { i32 } = memory.views()
    places.forEach(({ word, per }, i) => {
      i32[record / 4 + word] = addresses[i]! + (per === 'weight' ? 4 * geometry.from : 0)
    })
    batch.add(kernel, record, units, geometry.weightsPerUnit)
  }

  const reduce: CallPasses['reduce'] = ({ call, geometry, flat, value }, nodes, give) => {
    const kernel = kernels({ graph: call.graph, goal: nodes, flat }, kindOf(call, geometry))
    // Units of one block have one result each, strips as many as there are blocks beside each other.
    const most = Math.floor(MOST_PARTIALS / nodes.length)
    const perUnit = geometry.blocks === 'along' ? 1 : Math.min(geometry.inner, 64)
    const step = Math.max(1, Math.floor(most / perUnit))
    for (let first = 0; first < geometry.units; first += step) {
      const end = Math.min(first + step, geometry.units)
      const [from, count] = [
        firstBlock(geometry, first),
        firstBlock(geometry, end) - firstBlock(geometry, first),
      ]
      const { record, partials } = batch.room(kernel.record.words, count * nodes.length)
      fill(record, kernel, geometry, value)
      const { i32 } = memory.views()
      i32[record / 4 + recordWord.partials] = partials - 8 * from
      i32[record / 4 + recordWord.partialStride] = 8 * count
      start(call, kernel, geometry, [first, end], record)
      batch.afterwards(() => {
        const { f64 } = memory.views()
        nodes.forEach((_, n) =>
          give(n, f64.subarray(partials / 8 + n * count, partials / 8 + (n + 1) * count)),
        )
      })
    }
  }

  const store: CallPasses['store'] = ({ call, geometry, flat, value }, at) => {
    const kernel = kernels({ graph: call.graph, goal: 'outputs', flat }, kindOf(call, geometry))
    const single = kernel.plan.outputs.flatMap((name, i) => {
      const { rate } = call.graph.outputs[name]!
      const inFlat = kernel.plan.rate(call.graph.outputs[name]!)
      return inFlat === 'element' || inFlat === 'block' ? [] : [{ name, i, at: rate === 'block' ? at : 0 }]
    })
    const { record } = batch.room(kernel.record.words + single.length, 0)
    fill(record, kernel, geometry, value)
    if (kernel.plan.outputs.length > single.length) start(call, kernel, geometry, [0, geometry.units], record)
    if (single.length === 0) return
    // One value a call: computed into the record's end when all weights have been read.
    const { i32 } = memory.views()
    single.forEach(
      ({ i }, n) => (i32[record / 4 + kernel.record.outputs + i] = record + 4 * (kernel.record.words + n)),
    )
    batch.afterwards(() => {
      kernel.finish(record)
      const { f32 } = memory.views()
      single.forEach(
        ({ name, at: index }, n) => (call.outputs[name]![index] = f32[record / 4 + kernel.record.words + n]!),
      )
    })
  }

  return Object.freeze({ reduce, store } satisfies CallPasses)
}

/** The vectors of a block, if all blocks have the same whole number of them, at most a sum's chunk. */
function vectorsOf({ blocks, length, size }: Geometry): number | undefined {
  const isWhole = blocks === 'along' && size % 4 === 0 && length % size === 0 && size <= SUM_CHUNK
  return isWhole ? size / 4 : undefined
}

/** Blocks beside each other work on copies and keep values while their rows fit the scratch memory. */
function kindOf({ arrays, outputs }: PreparedCall, geometry: Geometry): KernelKind {
  const { blocks, size } = geometry
  const bytes = size * (16 * MOST_SPILLS + TILE_ROW * (arrays.size + Object.keys(outputs).length))
  return { blocks, keeps: blocks === 'along' || bytes <= SCRATCH_BYTES, vectors: vectorsOf(geometry) }
}

/** Blocks that go through each loop together. */
function groupOf({ scratch: { frameBytes, spills } }: Kernel, size: number): number {
  const fits =
    spills > 0 ? Math.floor((SCRATCH_BYTES - frameBytes - 16 * spills) / (4 * spills * size)) : FRAME
  return Math.max(1, Math.min(FRAME, Math.floor(GROUP_WEIGHTS / size), fits))
}
