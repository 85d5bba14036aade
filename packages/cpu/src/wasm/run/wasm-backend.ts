// Lane functions as WebAssembly SIMD kernels, shared out among threads. Comes in: prepared calls. Goes out:
// sums, outputs.
// Source: docs/design/07-cpu.md.

import type { LaneGraph, LaneNode, ReduceNode } from '@lotion/core'
import { isMaximum, perFormula, weightsOf } from '@lotion/core/internal'
import { scalarOf, type PreparedCall, type Totals } from '../../prepared-call.js'
import type { CallPasses, ValueOf } from './call-passes.js'
import { blockGeometry, flatGeometry, type Geometry } from './lane-geometry.js'
import { laneTask, type LaneTask, type TensorLevel } from './lane-task.js'
import type { MemoryBanks } from './memory-banks.js'

/** Longer blocks are shared out among threads: one pass over the weights for each level of reductions. */
const LONG_BLOCK = 32768

type Values = ReadonlyMap<LaneNode, number>

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

/** Make the backend over memories. */
export function wasmBackend(banks: MemoryBanks): WasmBackend {
  const { flush } = banks.first.batch
  const tasks = perFormula<LaneTask>()
  /** Reductions over the call's own arrays: they hold until its outputs are stored. */
  const tensors = new WeakMap<PreparedCall, Map<LaneNode, number>>()

  /** The task of the outputs, or of those totals of a stage that the formula contributes to. */
  const taskOf = (graph: LaneGraph, names?: readonly string[]): LaneTask =>
    tasks(graph, JSON.stringify(names ?? 'outputs'), () => laneTask(graph, names))

  /** Passes in the memory that holds the call's arrays. */
  const passesOf = ({ arrays, outputs }: PreparedCall): CallPasses =>
    banks.homeOf([...arrays.values(), ...Object.values(outputs)]).passes

  const valueIn = (call: PreparedCall, known: Totals, values?: Values): ValueOf => {
    const own = tensors.get(call)
    return (node) => values?.get(node) ?? own?.get(node) ?? scalarOf(call, known, node)
  }

  /** Combine the operands of reductions over all weights of each call: sums block by block, in order. */
  const combine = (
    entries: readonly { readonly call: PreparedCall; readonly level: TensorLevel }[],
    known: Totals,
  ): readonly (readonly number[])[] => {
    const found = entries.map(({ call, level }) => ({ call, ...level, parts: level.nodes.map(() => 0) }))
    const longs: typeof found = []
    for (const entry of found) {
      const { call, nodes, levels, parts } = entry
      if (nodes.length === 0) continue
      const flat = levels.length === 0 && nodes.every(isMaximum)
      if (!flat && isLong(call)) {
        longs.push(entry)
        continue
      }
      const geometry = flat ? flatGeometry(0, weightsOf(call.layout)) : blockGeometry(call.layout)
      passesOf(call).reduce({ call, geometry, flat, value: valueIn(call, known) }, nodes, (n, results) => {
        parts[n] = combined(nodes[n]!, parts[n]!, results)
      })
    }
    for (const { entry, geometry, values } of longBlocks(longs, known)) {
      const { call, nodes, parts } = entry
      const sums = nodes.map(() => 0)
      const left = nodes.map(() => geometry.units)
      const value = valueIn(call, known, values)
      passesOf(call).reduce({ call, geometry, flat: true, value }, nodes, (n, results) => {
        sums[n] = combined(nodes[n]!, sums[n]!, results)
        // A block is summed alone, then added to the call's sum.
        left[n]! -= results.length
        if (left[n] === 0) parts[n] = combined(nodes[n]!, parts[n]!, [sums[n]])
      })
    }
    flush()
    return found.map(({ parts }) => parts)
  }

  /** Compute the tensor reductions that tasks need, level by level. */
  const prepare = (
    entries: readonly { readonly call: PreparedCall; readonly task: LaneTask }[],
    known: Totals,
  ): void => {
    const deepest = Math.max(0, ...entries.map(({ task }) => task.tensors.length))
    for (let depth = 0; depth < deepest; depth++) {
      const missing = entries.flatMap(({ call, task }) => {
        const level = task.tensors[depth]
        const own = tensors.get(call)
        return level && !level.nodes.every((node) => own?.has(node)) ? [{ call, level }] : []
      })
      combine(missing, known).forEach((parts, i) => {
        const { call, level } = missing[i]!
        const own = tensors.get(call) ?? new Map<LaneNode, number>()
        tensors.set(call, own)
        level.nodes.forEach((node, n) => own.set(node, Math.fround(parts[n]!)))
      })
    }
  }

  return Object.freeze({
    totals: (calls, names, known) => {
      const entries = calls.map((call) => ({ call, task: taskOf(call.graph, names) }))
      prepare(entries, known)
      const found = combine(
        entries.map(({ call, task }) => ({ call, level: task.goal })),
        known,
      )
      return entries.map(({ task }, i) =>
        task.goal.nodes.map(({ name }, n) => [name, found[i]![n]!] as const),
      )
    },
    outputs: (calls, known) => {
      const entries = calls.map((call) => ({ call, task: taskOf(call.graph) }))
      prepare(entries, known)
      const longs: { call: PreparedCall; levels: TensorLevel['levels'] }[] = []
      for (const { call, task } of entries) {
        const { levels } = task.goal
        const flat = levels.length === 0
        if (!flat && isLong(call)) longs.push({ call, levels })
        else {
          const geometry = flat ? flatGeometry(0, weightsOf(call.layout)) : blockGeometry(call.layout)
          passesOf(call).store({ call, geometry, flat, value: valueIn(call, known) }, 0)
        }
      }
      for (const { entry, geometry, block, values } of longBlocks(longs, known)) {
        const { call } = entry
        passesOf(call).store({ call, geometry, flat: true, value: valueIn(call, known, values) }, block)
      }
      flush()
    },
  } satisfies WasmBackend)

  /** Blocks so long that all threads work on one: compute the reductions of each, level by level. */
  function longBlocks<E extends { readonly call: PreparedCall; readonly levels: TensorLevel['levels'] }>(
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
    const deepest = Math.max(0, ...entries.map(({ levels }) => levels.length))
    for (let depth = 0; depth < deepest; depth++) {
      for (const { entry, geometry, values } of blocks) {
        const { call } = entry
        const nodes = entry.levels[depth]
        if (!nodes) continue
        const found = nodes.map(() => 0)
        const value = valueIn(call, known, values)
        passesOf(call).reduce({ call, geometry, flat: true, value }, nodes, (n, results) => {
          found[n] = combined(nodes[n]!, found[n]!, results)
          values.set(nodes[n]!, Math.fround(found[n]))
        })
      }
      flush()
    }
    return blocks
  }
}

function isLong({ layout }: PreparedCall): boolean {
  return layout.inner === 1 && layout.size > LONG_BLOCK
}

/** Take results into a maximum or a sum, in order. */
function combined(node: ReduceNode, sofar: number, results: Iterable<number>): number {
  let value = sofar
  if (isMaximum(node)) for (const result of results) value = value < result ? result : value
  else for (const result of results) value += result
  return value
}
