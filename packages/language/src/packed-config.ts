// What a config.json says of packed weights. Comes in: a configuration. Goes out: the same without what says
// how weights are stored, where that is all that it says; it is told by the tensors themselves.
// Source: compressed-tensors' QuantizationConfig; mlx-lm's `quantization`.

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Leave it out. Whatever else it asks for stays, and is refused by name where the model is made. */
export function withoutPacking(config: unknown): unknown {
  if (!isRecord(config)) return config
  const { quantization, quantization_config: other, ...rest } = config
  return {
    ...rest,
    ...(quantization === undefined || isMlx(quantization) ? {} : { quantization }),
    ...(other === undefined || isMlx(other) || isStorage(other) ? {} : { quantization_config: other }),
  }
}

const isMlx = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['group_size'] === 'number' &&
  typeof value['bits'] === 'number' &&
  value['quant_method'] === undefined

/** Whether activations and caches are what they are without it: else the model computes something else. */
function isStorage(value: unknown): boolean {
  if (!isRecord(value) || value['quant_method'] !== 'compressed-tensors') return false
  const groups = isRecord(value['config_groups']) ? Object.values(value['config_groups']) : []
  const isWeights = (group: unknown): boolean =>
    isRecord(group) && (group['input_activations'] ?? group['output_activations'] ?? null) === null
  return (value['kv_cache_scheme'] ?? null) === null && groups.every(isWeights)
}
