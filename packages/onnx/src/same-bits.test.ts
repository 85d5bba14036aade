// A whole step is deterministic; order-of-threads.test.ts asks each operator.
import type { Batch, HostArray, Tree } from '@lotion/core'
import { llama } from '@lotion/models'
import { describe, expect, it } from 'vitest'
import { onnxEngine } from './onnx-engine.js'

describe('a step of a language model', () => {
  const model = llama({ vocabulary: 19, dimension: 32, layers: 2, heads: 4, context: 32 })
  // Few distinct tokens, many repeats: the embedding's gradient adds many rows into one.
  const ids = (from: number): HostArray => ({
    data: Int32Array.from({ length: 256 }, (_, i) => (i * i + from) % 5),
    shape: [8, 32],
  })
  const batch: Batch = { x: ids(0), y: ids(3) }

  it('gives the same bits again, on 1 and on 2 threads', async () => {
    const runs: Tree<Float32Array>[] = []
    for (const threads of [1, 2]) {
      const engine = await onnxEngine({ threads, verifyFirstStep: false })
      const step = engine.gradients(model)
      for (let i = 0; i < 3; i++) {
        const { gradients } = await step.run(model.init(7), batch)
        runs.push(
          Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, values.slice()])),
        )
      }
      await engine.close()
    }
    for (const run of runs.slice(1)) expect(run).toEqual(runs[0])
  })
})
