// The catalogue of architectures. Comes in: a model or a config.json. Goes out: the architecture that it is
// of, the model, the file's text.

import { shownValue } from '@lotion/core/internal'
import * as builtIn from './built-in.js'
import { unexpected, readKey } from './config-keys.js'
import type { Architecture, CausalModel, DescribedModel, HuggingFaceConfig } from './define-architecture.js'
import { storedTensors, type StoredTensor } from './stored-tensors.js'

/** The architectures of this package, in the order of their names. */
export const builtInArchitectures: readonly Architecture[] = Object.freeze(
  Object.values(builtIn).sort((a, b) => (a.name < b.name ? -1 : 1)),
)

/** A model that a config.json describes. */
export interface ConfiguredModel extends DescribedModel {
  /** What it is of. */
  readonly architecture: Architecture
  /** Tensors of its checkpoint by their names there, and how each is stored. */
  readonly tensors: Readonly<Record<string, StoredTensor>>
}

/** Which model is made of a config.json. */
export interface ModelFromConfigOptions {
  /** Longest sequence that will be used, at most what the file says, which is the default. */
  readonly context?: number
  /** Those that may be meant. Default `builtInArchitectures`. */
  readonly architectures?: readonly Architecture[]
}

/**
 * Make the model that a Hugging Face `config.json` describes. Every key must be known.
 * @param config The parsed file.
 * @param options The context that will be used; architectures beside those of this package.
 * @throws RangeError naming the key that is unknown, missing or has a value that is not supported.
 * @example
 * ```ts
 * import { modelFromConfig } from '@lotion/models'
 *
 * const config = {
 *   model_type: 'llama',
 *   vocab_size: 256,
 *   hidden_size: 32,
 *   intermediate_size: 96,
 *   num_hidden_layers: 2,
 *   num_attention_heads: 4,
 *   max_position_embeddings: 2048,
 * }
 * const { model, tensors } = modelFromConfig(config, { context: 128 })
 * console.log(model.parameterCount, tensors['model.norm.weight'])
 * ```
 */
export function modelFromConfig(config: unknown, options: ModelFromConfigOptions = {}): ConfiguredModel {
  const { context, architectures = builtInArchitectures } = options
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new TypeError(`config.json: expected an object, found ${shownValue(config)}`)
  const record = config as HuggingFaceConfig
  const type = record['model_type']
  const architecture = architectures.find(({ name }) => name === type)
  if (architecture === undefined)
    return readKey('model_type', () => unexpected(architectures.map(({ name }) => name).join(', '), type))
  const { model, warnings } = architecture.read(record, context)
  return Object.freeze({ architecture, model, tensors: storedTensors(model, architecture), warnings })
}

/**
 * Find the architecture of a model. Of those that can describe it, it is the first.
 * @param model One made by `llama`, `gpt2` or an architecture.
 * @param architectures Those that may be. Default `builtInArchitectures`.
 * @throws RangeError if none can, as for biases that no configuration of transformers can ask for.
 */
export function architectureOf(
  model: CausalModel,
  architectures: readonly Architecture[] = builtInArchitectures,
): Architecture {
  const found = architectures.find((architecture) => architecture.configOf(model) !== undefined)
  if (found !== undefined) return found
  throw new RangeError(
    `${model.name}: expected a model that a config.json can describe (${architectures.map(({ name }) => name).join(', ')}), ` +
      `found ${JSON.stringify(model.config)}`,
  )
}

/**
 * Write the `config.json` with which transformers loads a model's weights. It has no ids of special tokens,
 * which are the tokenizer's, and the model's context as its longest sequence.
 * @param model One made by `llama`, `gpt2` or an architecture.
 * @throws RangeError if no configuration of transformers describes it.
 * @example
 * ```ts
 * import { configOf, llama } from '@lotion/models'
 *
 * const model = llama({ vocabulary: 256, dimension: 32, layers: 1, heads: 4, context: 16 })
 * console.log(JSON.stringify(configOf(model), undefined, 2))
 * ```
 */
export function configOf(model: CausalModel): HuggingFaceConfig {
  return { ...architectureOf(model).configOf(model) }
}
