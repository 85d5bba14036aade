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
 * Refuse a comparison whose weights, gradients, casts, optimizer's slots and known activations cannot
 * fit. What a method remembers comes on top, and is not counted.
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
    ['weights, gradients and casts', 4 * COPIES * parameters],
    ['optimizer state', 4 * slots * learning],
    ['averages', ema === undefined ? 0 : 4 * (parameters + learning)],
    ['the best weights', keepBest ? 4 * parameters : 0],
    ['activations of a step', workload.activationBytes ?? 0],
  ] as const
  const needed = processes * parts.reduce((sum, [, bytes]) => sum + bytes, 0)
  const limit = memory.limit()
  if (needed <= limit) return
  const list = parts.flatMap(([name, bytes]) =>
    bytes > 0 ? [`${name} ${bytesText(processes * bytes)}`] : [],
  )
  const [where, fewer] = processes > 1 ? [` in ${processes} processes`, 'fewer --workers, '] : ['', '']
  const smaller = workload.activationBytes ? 'a smaller model, --batch or --context' : 'a smaller model'
  throw new RangeError(
    `memory: expected a run that fits into the ${bytesText(limit)} that this process may use, found ${parameters} parameters, which need ` +
      `${bytesText(needed)} at least${where} (${list.join(', ')}; more comes on top); choose ${fewer}${smaller}, or a machine with more memory`,
  )
}

/** How many numbers arrays of these shapes have. */
export const weightsIn = (shapes: Tree<Shape>): number =>
  Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0)
