// The JSON files of a folder as Hugging Face lays it out. Comes in: a model. Goes out: config.json,
// generation_config.json, tokenizer.json, tokenizer_config.json. Source: transformers' folders.

import type { ExportModel } from './export-model.js'
import type { ExportFile } from './export-target.js'
import { tokenId } from './hf/token-id.js'

const text = new TextEncoder()

/** Write a value as a file of JSON. */
function jsonFile(name: string, value: unknown, indent = 2): ExportFile {
  const bytes = text.encode(`${JSON.stringify(value, undefined, indent)}\n`)
  return {
    name,
    size: bytes.length,
    async *pieces() {
      yield bytes
    },
  }
}

/**
 * Write what describes a model beside its weights: its configuration, what begins and ends a text, its
 * tokenizer. Ids stand in both configurations, `null` where there is none: the classes of transformers would
 * take 1 and 2.
 * @param model Whose configuration and tokenizer they are.
 * @param more Keys of config.json that the target adds. Default: none.
 * @throws RangeError naming a control token that has no id.
 */
export function jsonFiles(
  { config, ends, tokenizer }: ExportModel,
  more: Readonly<Record<string, unknown>> = {},
): readonly ExportFile[] {
  const id = (name: string): number | null => tokenId(tokenizer, name) ?? null
  const ids = {
    bos_token_id: id('bos_token'),
    eos_token_id: ends.length > 1 ? ends : (ends[0] ?? id('eos_token')),
    pad_token_id: id('pad_token'),
  }
  return [
    jsonFile('config.json', { ...config, ...ids, ...more }),
    jsonFile('generation_config.json', ids),
    // A line for each of hundreds of thousands of tokens helps nobody.
    jsonFile('tokenizer.json', tokenizer.json, 0),
    jsonFile('tokenizer_config.json', tokenizer.config),
  ]
}
