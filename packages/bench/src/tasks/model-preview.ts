// What is known of a model before it is trained. Comes in: shapes of its parameters, a format. Goes out:
// which are quantized, with which blocks, and what a user should know of that.

import { planWeights, type WeightChoice, type WeightPlan } from '@lotion/checkpoints'
import { planLines, planRecords, planWarnings } from '@lotion/cli/internal'
import { mapTree, type NumberFormat, type Shape, type Tree } from '@lotion/core'
import type { Preview } from './task.js'

/** Plan the weights of shapes alone, as of a file that has them in f32. */
export const shapesPlan = (shapes: Tree<Shape>, options: WeightChoice): WeightPlan =>
  planWeights(
    {
      path: 'model',
      metadata: {},
      tensors: mapTree(shapes, (shape) => ({ dtype: 'F32' as const, shape })),
    },
    options,
  )

/** A preview of a model whose matrices are quantized by name. */
export function modelPreview(
  shapes: Tree<Shape>,
  format: NumberFormat,
  {
    head,
    warnings = [],
    advice,
  }: {
    /** First line. */
    readonly head: string
    /** Said before those of the plan. */
    readonly warnings?: readonly string[]
    /** What to do where blocks do not fit. */
    readonly advice: string
  },
): Preview {
  const plan = shapesPlan(shapes, { format })
  return {
    lines: [head, ...planLines(plan, format)],
    warnings: [...warnings, ...planWarnings(plan, format, advice)],
    config: { quantization: planRecords(plan, format) },
  }
}
