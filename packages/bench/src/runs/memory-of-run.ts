// What a comparison holds in memory at least, whatever its task, compared with what there is before anything
// is made of it. Comes in: a plan. Goes out: an error in words, instead of a process that the system ends.
// Source: docs/design/04-bench.md, "The grid of a file": a lower bound, so that nothing is refused that would
// run.

import { sizeOf, type Shape, type Tree } from '@lotion/core'
import { bytesText, hostMemory, type HostMemory } from '@lotion/core/internal'
import type { Comparison } from './comparison.js'
import type { ComparisonPlan } from './comparison-plan.js'

/** Arrays of every weight: as trained, its gradient, its cast. */
const COPIES = 3

/** What decides about memory. */
export interface MemoryOfRun {
  readonly plan: Pick<ComparisonPlan, 'workload' | 'task'>
  readonly comparison: Pick<Comparison, 'optimizer' | 'ema' | 'keepBest'>
  /** That train at once. */
  readonly processes: number
}

/**
 * Refuse a comparison whose weights, gradients, casts and optimizer's slots cannot fit. Activations and what
 * a method remembers come on top, and are not counted.
 * @throws RangeError with the parameters, the bytes needed and those there are.
 */
export function refuseNoMemory(
  { plan: { workload, task }, comparison, processes }: MemoryOfRun,
  memory: HostMemory = hostMemory,
): void {
  const { shapes, trained = shapes } = workload
  const { optimizer, ema, keepBest } = comparison
  const [parameters, learning] = [weightsIn(shapes), weightsIn(trained)]
  const own = workload.optimizer(task.learningRate)
  // One that was chosen may remember nothing; one that differs by parameter is not looked through.
  const slots = optimizer === undefined && !own.resolve ? own.slots.length : 0
  const parts = [
    ['weights, gradients and casts', COPIES * parameters],
    ['optimizer state', slots * learning],
    ['averages', ema === undefined ? 0 : parameters + learning],
    ['the best weights', keepBest ? parameters : 0],
  ] as const
  const bytes = (count: number): number => 4 * processes * count
  const needed = bytes(parts.reduce((sum, [, count]) => sum + count, 0))
  const limit = memory.limit()
  if (needed <= limit) return
  const list = parts.flatMap(([name, count]) => (count > 0 ? [`${name} ${bytesText(bytes(count))}`] : []))
  const [where, fewer] = processes > 1 ? [` in ${processes} processes`, 'fewer --workers, '] : ['', '']
  throw new RangeError(
    `memory: expected a run that fits into the ${bytesText(limit)} that this process may use, found ${parameters} parameters, which need ` +
      `${bytesText(needed)} at least${where} (${list.join(', ')}; activations come on top); choose ${fewer}a smaller model, or a machine with more memory`,
  )
}

const weightsIn = (shapes: Tree<Shape>): number =>
  Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0)
