// Whether a configuration says all that decides what is computed. Comes in: a model. Goes out: nothing, or an
// error: transformers takes a default for what is missing (30 layers with random weights) and says nothing.

import type { ExportModel } from '../export-model.js'

const family: readonly string[] = [
  'vocab_size',
  'hidden_size',
  'intermediate_size',
  'num_hidden_layers',
  'num_attention_heads',
  'num_key_value_heads',
  'max_position_embeddings',
  'rms_norm_eps',
]

/** Numbers that a configuration must have, by `model_type`. */
const required: Readonly<Record<string, readonly string[]>> = {
  llama: family,
  mistral: family,
  qwen2: family,
  qwen3: family,
  gpt2: ['vocab_size', 'n_positions', 'n_embd', 'n_layer', 'n_head', 'layer_norm_epsilon'],
}

/** @throws RangeError naming the key, or the weights that contradict it. */
export function checkConfig({ config, tensors }: Pick<ExportModel, 'config' | 'tensors'>): void {
  const type = config['model_type']
  const keys = typeof type === 'string' && Object.hasOwn(required, type) ? required[type] : undefined
  if (keys === undefined)
    throw new RangeError(
      `config.json: model_type: expected one of ${Object.keys(required).join(', ')}, found ${JSON.stringify(type)}`,
    )
  for (const key of keys)
    if (!(typeof config[key] === 'number' && Number.isFinite(config[key])))
      throw new RangeError(`config.json: ${key}: expected a number, found ${JSON.stringify(config[key])}`)
  const [rows, width, layers, embedding] =
    type === 'gpt2'
      ? [config['vocab_size'], config['n_embd'], config['n_layer'], 'transformer.wte.weight']
      : [
          config['vocab_size'],
          config['hidden_size'],
          config['num_hidden_layers'],
          'model.embed_tokens.weight',
        ]
  const found = tensors.find(({ name }) => name === embedding)?.shape.join(', ')
  if (found !== `${String(rows)}, ${String(width)}`)
    throw new RangeError(
      `'${embedding}': expected [${String(rows)}, ${String(width)}], as config.json says, found ${found === undefined ? 'none' : `[${found}]`}`,
    )
  const numbers = new Set(tensors.flatMap(({ name }) => /\.(?:h|layers)\.(\d+)\./.exec(name)?.[1] ?? []))
  if (numbers.size !== layers)
    throw new RangeError(
      `config.json: ${type === 'gpt2' ? 'n_layer' : 'num_hidden_layers'}: expected the ${numbers.size} layers that there are weights of, found ${String(layers)}`,
    )
}
