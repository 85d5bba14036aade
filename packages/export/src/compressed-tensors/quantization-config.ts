// What config.json says of packed weights. Comes in: modules with their layouts, those without. Goes out: a
// quantization_config. Source: compressed-tensors' QuantizationConfig, its schemes W4A16, NVFP4A16, MXFP4A16.

import type { PackedLayout } from './packed-layout.js'

/**
 * Write it: one group of modules for each layout that there is.
 * @param packed Layouts by module.
 * @param ignored Linear modules whose weights stand as numbers.
 */
export function quantizationConfig(
  packed: ReadonlyMap<string, PackedLayout>,
  ignored: readonly string[],
): Readonly<Record<string, unknown>> {
  const groups = new Map<string, { readonly layout: PackedLayout; readonly modules: string[] }>()
  for (const [module, layout] of packed) {
    const key = JSON.stringify([layout.format, layout.weights])
    const group = groups.get(key) ?? { layout, modules: [] }
    group.modules.push(module)
    groups.set(key, group)
  }
  const formats = new Set([...packed.values()].map(({ format }) => format))
  return {
    quant_method: 'compressed-tensors',
    format: formats.size === 1 ? [...formats][0] : 'mixed-precision',
    quantization_status: 'compressed',
    kv_cache_scheme: null,
    global_compression_ratio: null,
    ignore: ignored,
    config_groups: Object.fromEntries(
      [...groups.values()].map(({ layout, modules }, i) => [
        `group_${i}`,
        {
          // One layout for all is said as their class, which runtimes that fuse matrices know.
          targets: groups.size === 1 ? ['Linear'] : modules,
          weights: layout.weights,
          input_activations: null,
          output_activations: null,
          format: layout.format,
        },
      ]),
    ),
  }
}
