// Competitors: a training step with AdamW, and with LOTION on top of it. Comes in: engine, session and
// executor, which all share. Goes out: whole steps with weights and state of their own, and the times of
// their phases. Source: LOTION (arXiv 2510.08757), section 4.

import type { BlockAxis, FisherEstimator, NumberFormat, Transformation } from '@lotion/core'
import { adamSecondMoment, empirical } from '@lotion/fisher'
import { adamw, byName, lotion, withMethod } from '@lotion/optim'
import { adamwSettings, type EngineSubject } from '../engine/engine-subject.js'
import { trainingStep, type StepRuntime } from '../engine/training-step.js'
import type { Competitor, CompetitorDefinition } from '../harness/competitor.js'

/** What all optimizers share: forward and backward are one computation. */
export interface StepSubject extends EngineSubject {
  readonly runtime: StepRuntime
  /** Quantized parameters with the axis of their blocks. */
  readonly axes: ReadonlyMap<string, BlockAxis>
}

/** An optimizer at work. Its outcome is the loss at the start. */
export interface OptimizerAtWork extends Competitor<number> {
  /** Optimizer state of the quantized parameters, in bytes each. */
  readonly stateBytes: number
  /** Milliseconds of forward and backward, and of the update, of all steps so far. */
  readonly gradients: readonly number[]
  readonly update: readonly number[]
}

const optimizer = adamw(adamwSettings)

/**
 * AdamW, which the others are compared with, then LOTION with a Fisher that borrows Adam's memory and with
 * one of its own.
 */
export const optimizers = (
  format: NumberFormat,
): readonly CompetitorDefinition<StepSubject, OptimizerAtWork>[] => [
  atWork('AdamW', optimizer),
  withLotion(format, adamSecondMoment(), 'adamSecondMoment'),
  withLotion(format, empirical(), 'empirical'),
]

function withLotion(format: NumberFormat, fisher: FisherEstimator, name: string) {
  // What breaks the theory is as fast.
  const method = lotion({ format, fisher, onWarning: () => undefined })
  return atWork(`LOTION ${format.name}, ${name}`, withMethod(method, optimizer, byName()))
}

const atWork = (
  name: string,
  transformation: Transformation,
): CompetitorDefinition<StepSubject, OptimizerAtWork> => ({
  name,
  open: async (subject) => {
    const { params, state, take } = trainingStep(subject.runtime, subject, transformation)
    const [some = ''] = subject.axes.keys()
    const slots = Object.values(state[some] ?? {})
    const [gradients, update]: [number[], number[]] = [[], []]
    const taken = async () => {
      const step = await take()
      if (!Number.isFinite(step.loss))
        throw new RangeError(`${name}: expected a finite loss, found ${step.loss}; please report it`)
      gradients.push(step.forwardBackward)
      update.push(step.update)
      return step
    }
    return {
      exact: true,
      stateBytes: slots.reduce((sum, slot) => sum + slot.byteLength, 0) / params[some]!.length,
      gradients,
      update,
      tasks: [
        {
          task: 'step',
          threads: subject.threads,
          first: async () => (await taken()).loss,
          run: async () => {
            const { forwardBackward, update } = await taken()
            return forwardBackward + update
          },
        },
      ],
    }
  },
})
