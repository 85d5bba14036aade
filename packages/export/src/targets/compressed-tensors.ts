// The layouts of compressed-tensors. Comes in: a model on grids. Goes out: a Hugging Face folder whose linear
// weights are packed. Source: PyPI compressed-tensors; vLLM and transformers load it.

import { globalScale } from '../compressed-tensors/global-scale.js'
import { packedLayout } from '../compressed-tensors/packed-layout.js'
import { quantizationConfig } from '../compressed-tensors/quantization-config.js'
import type { ExportModel, ExportTensor } from '../export-model.js'
import { defineExportTarget } from '../export-target.js'
import { configFiles } from '../hf/config-files.js'
import { refuseRounding, refuseUnpacked } from '../hf/float-tensors.js'
import { moduleOf, packedFiles } from '../packed-parts.js'

/** The matrices of layers; the embedding and the head stand as numbers, since vLLM takes them so alone. */
const linear = /\.(?:q|k|v|o|gate|up|down)_proj\.weight$/

const HEAD = 'lm_head'

/**
 * The folder that vLLM and transformers load: int4 and other integers as `pack-quantized`, NVFP4 as
 * `nvfp4-pack-quantized`, MXFP4 as `mxfp4-pack-quantized`, each tensor as its grid is. Scales are f32, as f32
 * holds those of every rule; vLLM rounds them to the type that it computes in. What is on no grid, the
 * embedding and the head are plain numbers. A folder with MXFP4 or NVFP4 asks to be computed in bf16, which
 * these are decoded to.
 */
export const compressedTensorsTarget = defineExportTarget({
  name: 'compressed-tensors',
  title: 'Hugging Face folder with packed weights, for vLLM and transformers',
  kind: 'folder',
  async files(model, { dtype = 'F32', unpacked } = {}) {
    refuseUnpacked('compressed-tensors', unpacked)
    refuseOthers(model)
    const isPacked = ({ name, grid }: ExportTensor): boolean => grid !== undefined && linear.test(name)
    const layouts = new Map(
      model.tensors.filter(isPacked).map((tensor) => [tensor.name, packedLayout(tensor)]),
    )
    if (layouts.size === 0)
      throw new RangeError(
        `compressed-tensors: expected matrices of layers that lie on a grid, found none in ${model.name}; export to hf, or cast with a format`,
      )
    const plain = model.tensors.filter(({ name }) => !layouts.has(name))
    const ignored = plain.filter(({ name }) => linear.test(name)).map(({ name }) => moduleOf(name))
    const modules = new Map([...layouts].map(([name, layout]) => [moduleOf(name), layout]))
    const isE2m1 = [...layouts.values()].some(({ weights }) => weights['type'] === 'float')
    const small = configFiles(model, dtype, {
      // What E2M1 is decoded to, whatever the model's type; transformers multiplies equal types alone.
      ...(isE2m1 ? { torch_dtype: 'bfloat16' } : {}),
      quantization_config: quantizationConfig(modules, [HEAD, ...ignored]),
    })
    await refuseRounding('compressed-tensors', plain, dtype)
    for (const tensor of model.tensors)
      if (layouts.get(tensor.name)?.format === 'nvfp4-pack-quantized')
        globalScale(tensor.name, await tensor.quantized())
    return [...small, ...packedFiles(model, layouts, { dtype, format: 'pt' })]
  },
})

/** @throws RangeError for a model whose matrices are of a class that compressed-tensors does not pack. */
function refuseOthers({ config }: ExportModel): void {
  const type = config['model_type']
  if (type === 'gpt2')
    throw new RangeError(
      'compressed-tensors: model_type: expected llama, mistral, qwen2 or qwen3, found gpt2, whose matrices (Conv1D) it does not pack; export to hf, which holds the numbers, or to gguf',
    )
}
