// The layouts of MLX. Comes in: a model on grids. Goes out: a folder that mlx-lm loads, weights on grids
// packed.
// Source: mlx.core.quantize, mlx-lm's load_model.

import { sizeOf } from '@lotion/core'
import type { ExportTensor } from '../export-model.js'
import { defineExportTarget } from '../export-target.js'
import { configFiles } from '../hf/config-files.js'
import { refuseRounding, refuseUnpacked } from '../hf/float-tensors.js'
import { mlxLayout, type MlxLayout } from '../mlx/mlx-layout.js'
import { moduleOf, packedFiles } from '../packed-parts.js'

/**
 * The folder that mlx-lm loads: integers in its affine layout, MXFP4 in its own, the embedding among them;
 * what is on no grid as plain numbers. Scales are f32. MLX makes an integer weight of a product and a sum:
 * where these would round, as they may with scales of all 24 bits (`int4`), the export is refused with the
 * count; scales of f16 (`q4_0`, `q8_0`) are exact.
 */
export const mlxTarget = defineExportTarget({
  name: 'mlx',
  title: 'MLX folder, for mlx-lm on Apple silicon',
  kind: 'folder',
  async files(model, { dtype = 'F32', unpacked } = {}) {
    refuseUnpacked('mlx', unpacked)
    const isPacked = ({ shape, grid }: ExportTensor): boolean => grid !== undefined && shape.length === 2
    const packed = model.tensors.filter(isPacked)
    if (packed.length > 0 && model.config['model_type'] === 'gpt2')
      throw new RangeError(
        'mlx: model_type: expected llama, mistral, qwen2 or qwen3, found gpt2, whose matrices mlx-lm turns around when it loads them, packed or not; export to hf or to gguf',
      )
    const layouts = new Map(packed.map((tensor) => [tensor.name, mlxLayout(tensor)]))
    const plain = model.tensors.filter(({ name }) => !layouts.has(name))
    const small = configFiles(model, dtype, schemes(layouts))
    await refuseRounding('mlx', plain, dtype)
    for (const tensor of packed) await refuseSums(tensor, layouts.get(tensor.name)!)
    return [...small, ...packedFiles(model, layouts, { dtype, format: 'mlx' })]
  },
})

/** The first scheme for all, and by name those that are others. */
function schemes(layouts: ReadonlyMap<string, MlxLayout>): Readonly<Record<string, unknown>> {
  const [first] = layouts.values()
  if (first === undefined) return {}
  const own = [...layouts].filter(([, { scheme }]) => JSON.stringify(scheme) !== JSON.stringify(first.scheme))
  return {
    quantization: {
      ...first.scheme,
      ...Object.fromEntries(own.map(([name, { scheme }]) => [moduleOf(name), scheme])),
    },
  }
}

async function refuseSums(tensor: ExportTensor, layout: MlxLayout): Promise<void> {
  const changed = layout.changed(await tensor.quantized())
  if (changed > 0)
    throw new RangeError(
      `mlx: '${tensor.name}': expected scales whose products and sums f32 holds, as those of q4_0 and q8_0, found ${changed} of ${sizeOf(tensor.shape)} weights that scale · code + bias rounds to another number; cast to q4_0, or export to hf`,
    )
}
