// A folder of Hugging Face. Comes in: a model. Goes out: config.json, the tokenizer, safetensors files of
// plain numbers. Source: transformers; the safetensors format.

import { safetensorsFiles } from '@lotion/checkpoints/bytes'
import { defineExportTarget } from '../export-target.js'
import { gridRecords } from '../grid-records.js'
import { configFiles } from '../hf/config-files.js'
import { floatTensor, refuseRounding } from '../hf/float-tensors.js'

/**
 * The folder that transformers loads, and whatever reads its files: every weight as the number that it is, in
 * F32; in F16 or BF16 where these hold them all. GPT-2's matrices are [in, out] there.
 */
export const hfTarget = defineExportTarget({
  name: 'hf',
  title: 'Hugging Face folder, for transformers and all that read its files',
  kind: 'folder',
  async files(model, { dtype = 'F32' } = {}) {
    const small = configFiles(model, dtype)
    await refuseRounding('hf', model.tensors, dtype)
    const tensors = Object.fromEntries(
      model.tensors.map((tensor) => [tensor.name, floatTensor(tensor, dtype)]),
    )
    // Loaders refuse a file whose metadata do not say what wrote it.
    return [...small, ...safetensorsFiles(tensors, { format: 'pt', ...gridRecords(model.tensors) })]
  },
})
