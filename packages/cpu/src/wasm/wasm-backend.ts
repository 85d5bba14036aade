// Lane functions as WebAssembly SIMD kernels, shared out among threads. Comes in: prepared calls. Goes out: sums, outputs.
// Source: docs/design/07-cpu.md.

import { totalsOf, type LaneGraph, type LaneNode } from '@lotion/core'
import { scalarOf, weightsOf, type PreparedCall, type Totals } from '../prepared-call.js'
import { MOST_SPILLS } from './element-loops.js'
import { MOST_PARTIALS, SCRATCH_BYTES, type JobBatch } from './job-batch.js'
import { kernelCache, type Kernel, type KernelKind } from './kernel-cache.js'
import { FRAME, WORD } from './kernel-record.js'
import { blockGeometry, firstBlock, flatGeometry, type Geometry } from './lane-geometry.js'
import type { LaneMemory } from './lane-memory.js'
import { isBlockReduction, planPass, type ReduceNode } from './lane-pass.js'
import { TILE_ROW } from './strip-tiles.js'
import { stagedRuns, type ArrayPlace } from './staged-runs.js'

/** Blocks longer than this are shared out among threads: one pass over the weights for each level of reductions. */
const LONG_BLOCK = 32768

/** Weights that go through the loops of a kernel together: they stay in the first cache. */
const GROUP_WEIGHTS = 512

type Values = ReadonlyMap<LaneNode, number>

/** What a goal needs of a formula: its totals, and the block reductions before it, level by level. */
interface Task {
  readonly nodes: readonly ReduceNode[]
  readonly levels: readonly (readonly ReduceNode[])[]
}

/** Runs prepared calls together. */
export interface WasmBackend {
  /** Sums of those of the named totals that each call contributes to, by call. */
  totals(
    calls: readonly PreparedCall[],
    names: readonly string[],
    known: Totals,
  ): readonly (readonly (readonly [name: string, part: number])[])[]
  outputs(calls: readonly PreparedCall[], known: Totals): void
}

/** Make the backend over one memory. */
export function wasmBackend(memory: LaneMemory, batch: JobBatch): WasmBackend {
  const kernels = kernelCache(memory)
  const tasks = new WeakMap<LaneGraph, Map<string, Task>>()

  /** The task of the outputs, or of those totals of a stage that the formula contributes to. */
  const taskOf = (graph: LaneGraph, names?: readonly string[]): Task => {
    const known = tasks.get(graph) ?? new Map<string, Task>()
    tasks.set(graph, known)
    const key = JSON.stringify(names ?? 'outputs')
    const found = known.get(key)
    if (found) return found
    const nodes: readonly ReduceNode[] = names
      ? totalsOf(graph).filter(({ name }) => names.includes(name))
      : []
    const { levels } = planPass({ graph, goal: names ? nodes : 'outputs', flat: false })
    const task = { nodes, levels: levels.map(({ sums, maxima }) => [...sums, ...maxima]) }
    known.set(key, task)
    return task
  }
  const staged = stagedRuns(memory, batch.scratch)

  /** Everything but the arrays and partials of a kernel's record. */
  const fill = (
    record: number,
    kernel: Kernel,
    geometry: Geometry,
    value: (node: LaneNode) => number,
  ): void => {
    const { i32, f32 } = memory.views()
    const at = record / 4
    i32[at + WORD.length] = geometry.length
    i32[at + WORD.size] = geometry.size
    i32[at + WORD.perLine] = geometry.perLine
    i32[at + WORD.inner] = geometry.inner
    i32[at + WORD.strips] = geometry.strips
    i32[at + WORD.group] = groupOf(kernel, geometry.size)
    kernel.plan.scalars.forEach((node, i) => (f32[at + kernel.record.scalars + i] = value(node)))
  }

  /** Arrays that a kernel reads and writes once a weight or once a block, with their place in its record. */
  const placesOf = (call: PreparedCall, kernel: Kernel): ArrayPlace[] => {
    const { plan, record } = kernel
    const inputs = plan.arrays.map((name, i) => ({
      array: call.arrays.get(name)!,
      word: WORD.arrays + i,
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

  /** Combine nodes' operands over all units; `give` gets each node's results, one a block, in order. */
  const reduce = (
    call: PreparedCall,
    nodes: readonly ReduceNode[],
    geometry: Geometry,
    flat: boolean,
    value: (node: LaneNode) => number,
    give: (node: number, results: Float64Array) => void,
  ): void => {
    const kernel = kernels.get({ graph: call.graph, goal: nodes, flat }, kindOf(call, geometry))
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
      i32[record / 4 + WORD.partials] = partials - 8 * from
      i32[record / 4 + WORD.partialStride] = 8 * count
      start(call, kernel, geometry, [first, end], record)
      batch.afterwards(() => {
        const { f64 } = memory.views()
        nodes.forEach((_, n) =>
          give(n, f64.subarray(partials / 8 + n * count, partials / 8 + (n + 1) * count)),
        )
      })
    }
  }

  /** Store the outputs of a run of weights; `at` is where a value per block goes in a flat pass. */
  const store = (
    call: PreparedCall,
    geometry: Geometry,
    flat: boolean,
    at: number,
    value: (node: LaneNode) => number,
  ): void => {
    const kernel = kernels.get({ graph: call.graph, goal: 'outputs', flat }, kindOf(call, geometry))
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

  return Object.freeze({
    totals: (calls, names, known) => {
      const found = calls.map((call) => {
        const task = taskOf(call.graph, names)
        return { call, task, parts: task.nodes.map(() => 0) }
      })
      const longs: typeof found = []
      for (const entry of found) {
        const { call, task, parts } = entry
        if (task.nodes.length === 0) continue
        if (isLong(call)) {
          longs.push(entry)
          continue
        }
        const value = (node: LaneNode): number => scalarOf(call, known, node)
        reduce(call, task.nodes, blockGeometry(call.layout), false, value, (n, results) => {
          let sum = parts[n]!
          for (const part of results) sum += part
          parts[n] = sum
        })
      }
      for (const { entry, geometry, values } of longBlocks(longs, known)) {
        const { call, task, parts } = entry
        const sums = task.nodes.map(() => 0)
        const left = task.nodes.map(() => geometry.units)
        reduce(call, task.nodes, geometry, true, valueIn(call, known, values), (n, results) => {
          for (const part of results) sums[n]! += part
          // A block is summed alone, then added to the call's sum.
          left[n]! -= results.length
          if (left[n] === 0) parts[n]! += sums[n]!
        })
      }
      batch.flush()
      return found.map(({ task, parts }) => task.nodes.map(({ name }, i) => [name, parts[i]!] as const))
    },
    outputs: (calls, known) => {
      const longs: { call: PreparedCall; task: Task }[] = []
      for (const call of calls) {
        const task = taskOf(call.graph)
        const value = (node: LaneNode): number => scalarOf(call, known, node)
        if (task.levels.length === 0) store(call, flatGeometry(0, weightsOf(call)), true, 0, value)
        else if (isLong(call)) longs.push({ call, task })
        else store(call, blockGeometry(call.layout), false, 0, value)
      }
      for (const { entry, geometry, block, values } of longBlocks(longs, known)) {
        store(entry.call, geometry, true, block, valueIn(entry.call, known, values))
      }
      batch.flush()
    },
  } satisfies WasmBackend)

  /** Blocks so long that all threads work on one: compute the reductions of each, level by level. */
  function longBlocks<E extends { readonly call: PreparedCall; readonly task: Task }>(
    entries: readonly E[],
    known: Totals,
  ): readonly { entry: E; block: number; geometry: Geometry; values: Values }[] {
    const blocks = entries.flatMap((entry) => {
      const { outer, length, size } = entry.call.layout
      const perLine = Math.ceil(length / size)
      return Array.from({ length: outer * perLine }, (_, block) => {
        const [line, start] = [Math.floor(block / perLine), (block % perLine) * size]
        const geometry = flatGeometry(line * length + start, Math.min(size, length - start))
        return { entry, block, geometry, values: new Map<LaneNode, number>() }
      })
    })
    const deepest = Math.max(0, ...entries.map(({ task }) => task.levels.length))
    for (let level = 0; level < deepest; level++) {
      for (const { entry, geometry, values } of blocks) {
        const nodes = entry.task.levels[level]
        if (!nodes) continue
        const found = nodes.map(() => 0)
        reduce(entry.call, nodes, geometry, true, valueIn(entry.call, known, values), (n, results) => {
          let sofar = found[n]!
          if (nodes[n]!.how === 'blockMax') for (const part of results) sofar = sofar < part ? part : sofar
          else for (const part of results) sofar += part
          found[n] = sofar
          values.set(nodes[n]!, Math.fround(sofar))
        })
      }
      batch.flush()
    }
    return blocks
  }
}

function isLong({ layout }: PreparedCall): boolean {
  return layout.inner === 1 && layout.size > LONG_BLOCK
}

function valueIn(call: PreparedCall, known: Totals, values: Values): (node: LaneNode) => number {
  return (node) => (isBlockReduction(node) ? values.get(node)! : scalarOf(call, known, node))
}

/** Blocks beside each other work on copies and keep values while their rows fit the scratch memory. */
function kindOf({ arrays, outputs }: PreparedCall, { blocks, size }: Geometry): KernelKind {
  const bytes = size * (16 * MOST_SPILLS + TILE_ROW * (arrays.size + Object.keys(outputs).length))
  return { blocks, keeps: blocks === 'along' || bytes <= SCRATCH_BYTES }
}

/** Blocks that go through each loop together. */
function groupOf({ scratch: { frameBytes, spills } }: Kernel, size: number): number {
  const fits =
    spills > 0 ? Math.floor((SCRATCH_BYTES - frameBytes - 16 * spills) / (4 * spills * size)) : FRAME
  return Math.max(1, Math.min(FRAME, Math.floor(GROUP_WEIGHTS / size), fits))
}
