// Whether transformers reads a tokenizer as it is written. Comes in: a model. Goes out: nothing, or an
// error: of some models it knows better than the files.

import { ggufSplit } from '@lotion/text'
import type { ExportModel } from '../export-model.js'

/**
 * Refuse a tokenizer that AutoTokenizer replaces: of Qwen 2 it takes the vocabulary and the merges, and its
 * own split of text, whatever the files say.
 * @throws RangeError naming what is taken instead.
 */
export function checkTokenizer({ config, tokenizer }: Pick<ExportModel, 'config' | 'tokenizer'>): void {
  if (config['model_type'] !== 'qwen2' || ggufSplit(tokenizer.json) === 'qwen2') return
  throw new RangeError(
    "tokenizer.json: expected Qwen's split of text, which transformers takes for every model of the type qwen2 (biases on queries, keys and values), found another; ids would differ: export to gguf, or train with a tokenizer of Qwen's split",
  )
}
