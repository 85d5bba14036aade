// A few lines written by a trained model. Comes in: a setup and weights. Goes out: text.
// Source: docs/design/04-bench.md.

import type { Tree } from '@lotion/core'
import { generate } from '@lotion/models'
import type { LanguageSetup } from './language-setup.js'

/** Continue a prompt with the given weights; the same for the same seed. */
export async function sampleText(
  setup: LanguageSetup,
  params: Tree<Float32Array>,
  {
    prompt = 'The people of the United States ',
    length = 240,
  }: { readonly prompt?: string; readonly length?: number } = {},
): Promise<string> {
  const { model, tokenizer, engine, seed } = setup
  const forward = engine.forward((weights, batch) => ({ logits: model.logits(weights, batch) }), 'logits')
  try {
    const ids = await generate({
      model,
      forward,
      params,
      prompt: tokenizer.encode(prompt),
      length,
      temperature: 0.7,
      topK: 40,
      seed,
    })
    return prompt + tokenizer.decode(ids)
  } finally {
    await forward.close()
  }
}
