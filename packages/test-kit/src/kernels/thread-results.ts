// Part of the thread tests: everything that one kernel case computes on an engine, as bytes that can be
// compared. Comes in: an engine and a case. Goes out: a function that runs it once more.

import type { Engine, Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { sameBytes } from '../same-bits.js'
import type { KernelCase } from './kernel-cases.js'

/** Run a case again and again. */
interface RepeatedCase {
  /** Compute once. Views of the engine's outputs, overwritten by the next run. */
  run(): Promise<Tree<Float32Array>>
  close(): Promise<void>
}

/** Prepare a case: Σ y² of its value y, differentiated by what the case names; y itself if it names none. */
function repeated(
  engine: Engine<tf.Tensor, Float32Array>,
  { name, inputs, fn, differentiate = [] }: KernelCase,
): RepeatedCase {
  if (differentiate.length === 0) {
    const step = engine.forward((_, batch) => ({ value: fn(batch) }), name)
    return { run: () => step.run({}, inputs), close: () => step.close() }
  }
  const chosen = Object.entries(inputs).filter(([key]) => differentiate.includes(key))
  const step = engine.gradients({
    name,
    shapes: Object.fromEntries(chosen.map(([key, { shape }]) => [key, shape])),
    loss: (params, batch) => tf.sum(tf.square(fn({ ...params, ...batch }))),
    terms: () => 1,
  })
  const params = Object.fromEntries(chosen.map(([key, { data }]) => [key, new Float32Array(data)]))
  const batch = Object.fromEntries(Object.entries(inputs).filter(([key]) => !differentiate.includes(key)))
  return {
    run: async () => {
      const { loss, gradients } = await step.run(params, batch)
      return { ...gradients, ' loss': Float32Array.of(loss) }
    },
    close: () => step.close(),
  }
}

/**
 * Run a case on one engine, then `times` on another.
 * @returns how many of those runs gave other bytes than the first.
 */
export async function differences(
  reference: Engine<tf.Tensor, Float32Array>,
  engine: Engine<tf.Tensor, Float32Array>,
  one: KernelCase,
  times: number,
): Promise<number> {
  const first = repeated(reference, one)
  const expected = Object.entries(await first.run()).map(([key, values]) => [key, values.slice()] as const)
  await first.close()
  const step = repeated(engine, one)
  let different = 0
  for (let i = 0; i < times; i++) {
    const found = await step.run()
    if (!expected.every(([key, values]) => sameBytes(values, found[key]))) different++
  }
  await step.close()
  return different
}
