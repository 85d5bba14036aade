// Competitors: the same program op by op on TensorFlow.js's WebAssembly backend, with its kernels and with
// ours. Comes in: the subject. Goes out: their steps, where they do not take too long.
// Source: harness/tfjs-wasm.ts.

import { mapTree } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import { millisecondsOf } from '../harness/competitor.js'
import { wasmCompetitors } from '../harness/tfjs-wasm.js'
import type { EngineSubject, StepOutcome } from './engine-subject.js'

/** tfjs wasm, as it comes and with our kernels; only for presets with `slowPeers`: a step takes seconds. */
export const tfjsWasm = wasmCompetitors<EngineSubject, StepOutcome>(({ preset, model, weights, batch }) => {
  if (!preset.slowPeers)
    return { absent: 'too slow for this preset (seconds a step even on micro); compare with --preset micro' }
  const step = eagerEngine().gradients(model)
  const take = () => step.run(weights, batch)
  const first = async (): Promise<StepOutcome> => {
    const { loss, gradients } = await take()
    return { loss, tensors: mapTree(gradients, (array) => Float32Array.from(array)) }
  }
  const run = () => millisecondsOf(take)
  return { tasks: [{ task: 'gradients', rounds: 5, first, run }], close: () => step.close() }
})
