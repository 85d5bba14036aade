// The loops over a block's weights that a pass consists of. Comes in: a pass's plan. Goes out: loops in
// order, each with what it sums, maximises, stores, and leaves in memory. Source: docs/design/07-cpu.md.

import type { LaneNode, ReduceNode } from '@lotion/core'
import { isMaximum, reachable } from '@lotion/core/internal'
import { elementLoops, type ElementLoop } from './element-loops.js'
import type { PassWriter } from './pass-writer.js'

/** What one loop reduces and stores. */
export interface Loop extends ElementLoop {
  readonly sums: readonly ReduceNode[]
  readonly maxima: readonly ReduceNode[]
  /** Names of outputs. */
  readonly stores: readonly string[]
  /** Values that it finds in memory, where earlier loops have left them. */
  readonly loads: readonly LaneNode[]
  /** What it computes or finds done, in topological order. */
  readonly needs: readonly LaneNode[]
}

/**
 * List the loops: one a level, then the one that stores or reduces for the goal, and before each those that
 * prepare it. Without memory to keep values in, `keeps` is false: each loop computes all it needs.
 */
export function passLoops(writer: PassWriter, keeps: boolean): readonly Loop[] {
  const { plan, pass } = writer
  const stores = writer.outputs('element')
  const goal = pass.goal === 'outputs' ? [] : pass.goal
  const isElement = (node: LaneNode): boolean => plan.rate(node) === 'element'
  const wanted = [
    ...plan.levels.map(({ sums, maxima }) => ({ sums, maxima, stores: [] as readonly string[] })),
    { sums: goal.filter((node) => !isMaximum(node)), maxima: goal.filter(isMaximum), stores },
  ]
  const ends = wanted.map(({ sums, maxima, stores: names }) => [
    ...[...sums, ...maxima].map(({ of }) => of),
    ...names.map((name) => writer.output(name)),
  ])
  const nothing = { sums: [], maxima: [], stores: [] }
  const loops: readonly ElementLoop[] = keeps
    ? elementLoops(ends, isElement)
    : ends.map((roots, at) => ({ goal: at, roots, spills: [] }))
  const kept: LaneNode[] = []
  return loops.map((loop) => {
    const needs = reachable(loop.roots, (node) => !isElement(node) || kept.includes(node))
    const loads = kept.filter((node) => needs.includes(node))
    kept.push(...loop.spills)
    return { ...(wanted[loop.goal] ?? nothing), ...loop, loads, needs }
  })
}
