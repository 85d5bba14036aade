// Text from a model. Comes in: a model with weights and tokenizer, a prompt. Goes out: what it goes on with.
// Source: generate of @lotion/models.

import { availableParallelism } from 'node:os'
import { leafOf } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { generate, type Generation } from '@lotion/models'
import { onnxEngine } from '@lotion/onnx'
import type { RunModel } from './run-model.js'

/** Generates. */
export interface Generator {
  /** Go on with a text; the same for the same seed. */
  generate(
    prompt: string,
    options: Pick<Generation, 'length' | 'temperature' | 'seed' | 'topK'>,
  ): Promise<string>
  /** Release the engine. */
  close(): Promise<void>
}

/** Compile a model's logits. */
export async function openGenerator(
  { model, tokenizer, params }: RunModel,
  onWarning: (message: string) => void,
): Promise<Generator> {
  const threads = availableParallelism()
  const executor = cpuExecutor({ threads })
  const engine = await onnxEngine({ threads, memory: executor, onWarning })
  const weights = engine.allocate(model.shapes)
  for (const [name, array] of Object.entries(weights)) array.set(leafOf(params, name, 'params'))
  const forward = engine.forward((inputs, batch) => ({ logits: model.logits(inputs, batch) }), 'logits')
  return {
    generate: async (prompt, options) => {
      const ids = await generate({
        model,
        forward,
        params: weights,
        prompt: tokenizer.encode(prompt),
        ...options,
      })
      return tokenizer.decode(ids)
    },
    close: async () => {
      await forward.close()
      await engine.close()
      executor.close()
    },
  }
}
