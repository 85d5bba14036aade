// What a goal of a formula needs computed before it, pass by pass. Comes in: a graph and the goal: outputs,
// or totals. Goes out: reductions over the tensor, then the goal, each with the block reductions before it.
// Source: docs/design/07-cpu.md.

import { levelsOf, type LaneGraph, type ReduceNode } from '@lotion/core'
import { totalsOf } from '@lotion/core/internal'
import { planPass, type LanePass } from '../emit/lane-pass.js'

/** Reductions over a call's weights that can be computed together. */
export interface TensorLevel {
  /** Empty if the goal is the outputs. */
  readonly nodes: readonly ReduceNode[]
  /** Block reductions that have to be known before, level by level. */
  readonly levels: readonly (readonly ReduceNode[])[]
}

/** A goal, and the tensor reductions before it, level by level. */
export interface LaneTask {
  readonly tensors: readonly TensorLevel[]
  readonly goal: TensorLevel
}

/** Plan for the outputs, or for those of the named totals that the formula contributes to. */
export function laneTask(graph: LaneGraph, names?: readonly string[]): LaneTask {
  const nodes = names ? totalsOf(graph).filter(({ name }) => names.includes(name)) : []
  const roots = names ? nodes.map(({ of }) => of) : Object.values(graph.outputs)
  return Object.freeze({
    tensors: levelsOf(roots, ['tensor']).levels.map((level) => ({
      nodes: level.nodes,
      levels: blockLevels(graph, level.nodes),
    })),
    goal: { nodes, levels: blockLevels(graph, names ? nodes : 'outputs') },
  } satisfies LaneTask)
}

function blockLevels(graph: LaneGraph, goal: LanePass['goal']): TensorLevel['levels'] {
  return planPass({ graph, goal, flat: false }).levels.map(({ sums, maxima }) => [...sums, ...maxima])
}
