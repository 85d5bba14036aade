// The one computation that all engines perform: model, initial weights, one batch, optimizer settings,
// threads. Comes in: a preset. Goes out: the subject of their comparison.
// Source: docs/design/12-speed-tests.md.

import { integers, type Batch, type Tree } from '@lotion/core'
import { llama, type Llama } from '@lotion/models'
import type { EnginePreset } from './preset.js'

/** What a step comprises: forward + backward, or these and an AdamW update. */
export const stepKinds = ['gradients', 'adamw'] as const

/** What a step computed: the loss at the weights before it, and the gradients or the updated weights. */
export interface StepOutcome {
  readonly loss: number
  readonly tensors: Tree<Float32Array>
}

/**
 * AdamW as every engine runs it; matrices decay, norms do not. Speed does not depend on the values: they are
 * such that a step changes weights by 1e-2 and decay alone by 1e-3 of their size, which the check of
 * agreement (1e-4) cannot miss.
 */
export const adamwSettings = Object.freeze({
  learningRate: 1e-4,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 10,
})

/** What every engine is given. */
export interface EngineSubject {
  readonly preset: EnginePreset
  readonly model: Llama
  /** Initial weights; an engine that updates weights copies them first. */
  readonly weights: Tree<Float32Array>
  readonly batch: Batch
  /** Tokens a step. */
  readonly tokens: number
  readonly threads: number
}

/** Make a preset's subject: weights and token ids are drawn from seed 1, speed does not depend on them. */
export function engineSubject(preset: EnginePreset, threads: number): EngineSubject {
  const model = llama(preset.model)
  const { vocabulary, context } = model.config
  const tokens = preset.batch * context
  const ids = (stream: string) => ({
    data: Int32Array.from(integers({ seed: 1, stream }, tokens, vocabulary)),
    shape: [preset.batch, context],
  })
  return Object.freeze({
    preset,
    model,
    weights: model.init(1),
    batch: { x: ids('tokens'), y: ids('targets') },
    tokens,
    threads,
  })
}
