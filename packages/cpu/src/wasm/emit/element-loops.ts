// The loops over a block's weights, and what each leaves in memory for a later one: values that would cost
// more to compute again, and values at which a long chain of operations is cut. Comes in: what each loop has
// to end in. Goes out: loops in order. Source: docs/design/07-cpu.md.

import type { LaneNode } from '@lotion/core'
import { operandsOf, reachable } from '@lotion/core/internal'
import { fissionCuts } from './loop-fission.js'

/** One loop over a block's weights: the values it ends in, and those of its values that later loops load. */
export interface ElementLoop {
  /** Position of the goal that it reaches; −1 for a loop that only prepares the next one. */
  readonly goal: number
  readonly roots: readonly LaneNode[]
  readonly spills: readonly LaneNode[]
}

/** Work of an operation, in additions: of the size that processors of 2020 to 2025 have. */
const operationCost: Readonly<Record<string, number>> = { div: 5, sqrt: 9, binade: 4 }

/** A value is kept if computing it again costs more than storing and loading it. */
const WORTH = 4

/** Values kept in all loops of a pass together, at most: they should stay in the first cache. */
export const MOST_SPILLS = 12

/**
 * Arrange loops for goals that are reached in order. `isElement` tells what a loop computes; all else it
 * finds done.
 */
export function elementLoops(
  goals: readonly (readonly LaneNode[])[],
  isElement: (node: LaneNode) => boolean,
): readonly ElementLoop[] {
  const loops: { goal: number; roots: readonly LaneNode[]; spills: LaneNode[] }[] = []
  const kept = new Set<LaneNode>()
  const maker = new Map<LaneNode, (typeof loops)[number]>()
  const isDone = (node: LaneNode): boolean => !isElement(node) || kept.has(node)
  const computed = (roots: readonly LaneNode[]): LaneNode[] =>
    reachable(roots, isDone).filter((node) => !isDone(node))
  const keep = (node: LaneNode): void => {
    kept.add(node)
    maker.get(node)!.spills.push(node)
  }
  const add = (goal: number, roots: readonly LaneNode[]): void => {
    const loop = { goal, roots, spills: [] }
    loops.push(loop)
    for (const node of computed(roots)) if (!maker.has(node)) maker.set(node, loop)
  }
  goals.forEach((roots, goal) => {
    for (const node of shared(computed(roots), roots, maker).sort(
      (a, b) => work(b, isDone) - work(a, isDone),
    )) {
      if (kept.size < MOST_SPILLS && work(node, isDone) >= WORTH) keep(node)
    }
    for (const cut of fissionCuts(roots, (node) => !isDone(node))) {
      if (kept.size + cut.length > MOST_SPILLS) break
      add(-1, cut)
      cut.forEach(keep)
    }
    add(goal, roots)
  })
  return loops
}

/** Values of earlier loops from which this one goes on. */
function shared(
  nodes: readonly LaneNode[],
  roots: readonly LaneNode[],
  maker: ReadonlyMap<LaneNode, unknown>,
): LaneNode[] {
  const found = new Set<LaneNode>()
  const take = (node: LaneNode): void => {
    if (maker.has(node)) found.add(node)
  }
  roots.forEach(take)
  for (const node of nodes) if (!maker.has(node)) operandsOf(node).forEach(take)
  return [...found]
}

/** Cost of a value, in additions, from the values that are already computed. */
function work(node: LaneNode, isDone: (node: LaneNode) => boolean): number {
  return reachable([node], isDone).reduce((sum, part) => {
    if (isDone(part) || part.kind === 'input') return sum
    return sum + ('op' in part ? (operationCost[part.op] ?? 1) : 1)
  }, 0)
}
