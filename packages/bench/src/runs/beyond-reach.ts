// Weights that a format cannot hold. Comes in: the weights of a run. Goes out: whether any would be clipped.
// Source: docs/design/04-bench.md, "A run is a folder"; such a run diverged, though its numbers are finite.

import { leafOf, type NumberFormat, type Tree } from '@lotion/core'
import { clippedWeights } from '@lotion/formats/internal'
import { quantizedAxes } from '@lotion/optim'
import type { Workload } from '../tasks/task.js'

/** Tell whether quantized weights are beyond what the scale of their format covers. */
export function isBeyondReach(
  { quantize, shapes }: Pick<Workload, 'quantize' | 'shapes'>,
  format: NumberFormat,
  params: Tree<Float32Array>,
): boolean {
  const axes = quantizedAxes(quantize, shapes)
  return [...axes.keys()].some((name) => {
    const own = axes.formats?.get(name) ?? format
    return clippedWeights(own, leafOf(params, name, 'params')).count > 0
  })
}
