// The JSON files of a folder as Hugging Face lays it out. Comes in: a model. Goes out: config.json,
// generation_config.json, tokenizer.json, tokenizer_config.json. Source: transformers' folders.

import type { ExportModel } from './export-model.js'
import type { ExportFile } from './export-target.js'

const text = new TextEncoder()

/** Write a value as a file of JSON, indented by 2. */
function jsonFile(name: string, value: unknown): ExportFile {
  const bytes = text.encode(`${JSON.stringify(value, undefined, 2)}\n`)
  return {
    name,
    size: bytes.length,
    async *pieces() {
      yield bytes
    },
  }
}

/**
 * Write what describes a model beside its weights: its configuration, what ends a text, its tokenizer.
 * @param more Keys of config.json that the target adds. Default: none.
 */
export function jsonFiles(
  { config, ends, tokenizer }: ExportModel,
  more: Readonly<Record<string, unknown>> = {},
): readonly ExportFile[] {
  const eos = ends.length === 0 ? {} : { eos_token_id: ends.length === 1 ? ends[0] : ends }
  return [
    jsonFile('config.json', { ...config, ...eos, ...more }),
    jsonFile('generation_config.json', eos),
    jsonFile('tokenizer.json', tokenizer.json),
    jsonFile('tokenizer_config.json', tokenizer.config),
  ]
}
