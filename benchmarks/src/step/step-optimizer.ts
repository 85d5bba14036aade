// What a training step is measured with: AdamW, and LOTION on top of it. Comes in: a format. Goes out: transformations.
// Source: LOTION (arXiv 2510.08757), section 4; docs/design/03-formats-and-methods.md.

import type { FisherEstimator, NumberFormat, Transformation } from '@lotion/core'
import { adamSecondMoment, empirical } from '@lotion/fisher'
import { adamw, byName, lotion, withMethod } from '@lotion/optim'
import { adamwSettings } from '../engine/engine-workload.js'

/** One optimizer of the comparison. */
export interface StepOptimizer {
  readonly name: string
  readonly transformation: Transformation
}

const optimizer = adamw(adamwSettings)

function withLotion(format: NumberFormat, fisher: FisherEstimator, name: string): StepOptimizer {
  // What breaks the theory is as fast.
  const method = lotion({ format, fisher, onWarning: () => undefined })
  return {
    name: `LOTION ${format.name}, ${name}`,
    transformation: withMethod(method, optimizer, byName()),
  }
}

/** AdamW, which the others are compared with, then LOTION with a Fisher that borrows Adam's memory and with one of its own. */
export function stepOptimizers(format: NumberFormat): readonly [StepOptimizer, ...StepOptimizer[]] {
  return [
    { name: 'AdamW', transformation: optimizer },
    withLotion(format, adamSecondMoment(), 'adamSecondMoment'),
    withLotion(format, empirical(), 'empirical'),
  ]
}
