// Target: ONNX, as transformers.js and onnxruntime take a decoder. Comes in: a model. Goes out: the graph
// with its cache, and the JSON files beside it. Source: the folders of onnx-community on Hugging Face.

import { defineExportTarget } from '../export-target.js'
import { jsonFiles } from '../json-files.js'
import { decoderConfig } from '../onnx/decoder-config.js'
import { decoderGraph } from '../onnx/decoder-graph.js'
import { modelFile } from '../onnx/model-file.js'

/** What transformers.js calls weights of some bits, and ends the names of their files in. */
const kinds = {
  4: { dtype: 'q4', ending: '_q4', weights: 'INT4' },
  8: { dtype: 'q8', ending: '_quantized', weights: 'INT8' },
  32: { dtype: 'fp32', ending: '', weights: 'F32' },
} as const

/** ONNX with a cache of keys and values: `onnx/model.onnx`, `onnx/model_q4.onnx`, config and tokenizer. */
export const onnxTarget = defineExportTarget({
  name: 'onnx',
  title: 'ONNX, for transformers.js and onnxruntime',
  kind: 'folder',
  async files(model, { dtype = 'F32', unpacked = false } = {}) {
    if (dtype !== 'F32')
      throw new RangeError(
        `onnx: dtype: expected F32, the type that the graph computes in, found ${dtype}; leave it out`,
      )
    const graph = decoderGraph(model.name, decoderConfig(model.config), model.tensors, unpacked)
    const count = (bits: 4 | 8 | 32): number => graph.bits.filter((each) => each === bits).length
    const stored = ([4, 8, 32] as const).filter((bits) => count(bits) > 0)
    const contents = stored.map((bits) => `${count(bits)} × ${kinds[bits].weights}`).join(', ')
    const { dtype: kind, ending } = kinds[stored[0] ?? 32]
    return [
      { ...modelFile(`onnx/model${ending}.onnx`, graph), contents },
      ...jsonFiles(model, { 'transformers.js_config': { dtype: kind } }),
    ]
  },
})
