// The small files of a folder that transformers loads. Comes in: a model, the type of its weights. Goes out:
// files of JSON, of models that it would load as they are.

import type { ExportModel } from '../export-model.js'
import type { ExportFile, FloatType } from '../export-target.js'
import { jsonFiles } from '../json-files.js'
import { checkConfig } from './check-config.js'
import { checkTokenizer } from './check-tokenizer.js'

/** What transformers calls the types. */
const dtypes: Readonly<Record<FloatType, string>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }

/**
 * Make the small files.
 * @param model Whose configuration and tokenizer they are.
 * @param dtype Of its weights.
 * @param more Keys of config.json besides the model's own. Default: none.
 * @throws RangeError naming a key of the configuration that is missing, or a tokenizer that would be
 * replaced.
 */
export function configFiles(
  model: ExportModel,
  dtype: FloatType,
  more: Readonly<Record<string, unknown>> = {},
): readonly ExportFile[] {
  checkConfig(model)
  checkTokenizer(model)
  return jsonFiles(model, { torch_dtype: dtypes[dtype], ...more })
}
