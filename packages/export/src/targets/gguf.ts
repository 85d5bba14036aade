// Target: GGUF, version 3, the file of llama.cpp. Comes in: nothing. Goes out: a target.
// Source: docs/design/19-export.md; the GGUF specification; llama.cpp's convert_hf_to_gguf.py.

import {
  fromFloat32,
  ggufContent,
  ggufLayout,
  type GgufMetadata,
  type GgufTensorSource,
  type WritableGgufValue,
} from '@lotion/checkpoints/bytes'
import { sizeOf } from '@lotion/core'
import { tokenizerToGguf, type GgufTokenizer } from '@lotion/text'
import type { ExportModel } from '../export-model.js'
import { defineExportTarget } from '../export-target.js'
import { ggufTensor } from '../gguf/gguf-tensor.js'

const EMBEDDING = 'token_embd.weight'
const HEAD = 'output.weight'

/** `general.file_type` of what most weights are stored as; it is shown and decides nothing. */
const fileTypes: Readonly<Record<string, number>> = { F32: 0, F16: 1, Q4_0: 2, Q8_0: 7, BF16: 32, MXFP4: 38 }

/** GGUF: weights in blocks of Q4_0, Q8_0 and MXFP4 as they were trained, others as numbers. */
export const ggufTarget = defineExportTarget({
  name: 'gguf',
  title: 'GGUF, for llama.cpp, Ollama, LM Studio',
  kind: 'file',
  files: async (model, options = {}) => {
    const layout = ggufLayout(model.config)
    const tensors: Record<string, GgufTensorSource> = {}
    for (const tensor of model.tensors) {
      const place = layout.place(tensor.name)
      tensors[place.name] = await ggufTensor(tensor, place, options)
    }
    for (const [name, data] of Object.entries(layout.tensors))
      tensors[name] = {
        type: 'F32',
        shape: [data.length],
        read: () => fromFloat32(data, 'F32').bytes,
      }
    const vocabulary = vocabularyOf(model, tensors)
    const types = typesOf(tensors)
    const contents = types.map(([type, count]) => `${count} × ${type}`).join(', ')
    const file = ggufContent(tensors, {
      'general.architecture': layout.metadata['general.architecture']!,
      'general.type': 'model',
      'general.name': model.name,
      'general.file_type': { type: 'uint32', value: fileTypes[types[0]?.[0] ?? ''] ?? 0 },
      'general.quantization_version': { type: 'uint32', value: 2 },
      ...layout.metadata,
      ...written(tokenizerToGguf(model.tokenizer, { vocabulary, ends: model.ends })),
    })
    return [{ name: `${model.name}.gguf`, size: file.size, contents, pieces: () => file.pieces() }]
  },
})

/** Ids are `uint32`, all else says its type by itself. */
function written(metadata: GgufTokenizer): GgufMetadata {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]): [string, WritableGgufValue] => [
      key,
      typeof value === 'number' ? { type: 'uint32', value } : value,
    ]),
  )
}

/**
 * Rows of the table of tokens.
 * @throws RangeError if configuration and weights say two things, of which a runtime would take either.
 */
function vocabularyOf({ config }: ExportModel, tensors: Readonly<Record<string, GgufTensorSource>>): number {
  const rows = tensors[EMBEDDING]?.shape[0]
  if (rows === undefined || rows !== config['vocab_size'])
    throw new RangeError(
      `config.json: 'vocab_size': expected the rows of the embedding, ${rows ?? 'which is missing'}, found ${String(config['vocab_size'])}`,
    )
  const isTied = !Object.hasOwn(tensors, HEAD)
  if (isTied !== (config['tie_word_embeddings'] === true))
    throw new RangeError(
      `config.json: 'tie_word_embeddings': expected ${isTied}, as there is ${isTied ? 'no' : 'a'} head among the weights, found ${String(config['tie_word_embeddings'])}`,
    )
  return rows
}

/** Weights of each type, most first. */
function typesOf(
  tensors: Readonly<Record<string, GgufTensorSource>>,
): readonly (readonly [type: string, count: number, weights: number])[] {
  const found = new Map<string, { readonly count: number; readonly weights: number }>()
  for (const { type, shape } of Object.values(tensors)) {
    const { count, weights } = found.get(type) ?? { count: 0, weights: 0 }
    found.set(type, { count: count + 1, weights: weights + sizeOf(shape) })
  }
  return [...found]
    .map(([type, { count, weights }]) => [type, count, weights] as const)
    .sort((a, b) => b[2] - a[2])
}
