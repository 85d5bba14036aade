// Architectures of causal language models as plug-ins. Comes in: a name, tables of keys, how a model is made
// of them and how its weights are stored. Goes out: a frozen record.
// Source: docs/design/16-models.md.

import { checkRecord, shownValue } from '@lotion/core/internal'
import type { CausalConfig, DecoderModel } from '../decoder/decoder.js'
import { commonFixed, commonIgnored } from './common-keys.js'
import { readKey, readKeys, unexpected, type KeyReaders, type KeyValues } from './config-keys.js'

/** A causal language model: token ids in, a score for each id that may follow out. */
export type CausalModel = DecoderModel<CausalConfig>

/** A parsed config.json. */
export type HuggingFaceConfig = Readonly<Record<string, unknown>>

/** What an architecture is made of. */
export interface ArchitectureDefinition<K extends KeyReaders> {
  /** Its name, the `model_type` of a config.json. */
  readonly name: string
  /** Classes of transformers whose checkpoints it reads, that of the causal language model first. */
  readonly classes: readonly string[]
  /** What the names of its parameters begin with; checkpoints of the bare decoder leave it out: `model.`. */
  readonly prefix: string
  /** Name of the embedding's weights, which a tied head shares. */
  readonly embedding: string
  /** Readers of the keys that decide what is computed. */
  readonly keys: K
  /** Keys that may have these values alone. */
  readonly fixed?: Readonly<Record<string, readonly unknown[]>>
  /** Keys that are probabilities of dropout. */
  readonly dropout?: readonly string[]
  /** Keys that do not touch the numbers, beside those of all architectures. */
  readonly ignored?: readonly string[]
  /**
   * Make the model.
   * @param values What the readers made of the file.
   * @param context Longest sequence that is asked for; if undefined, as the file says.
   */
  model(values: KeyValues<K>, context: number | undefined): CausalModel
  /**
   * Write the keys of a model, without those of all architectures; undefined if it is none of this
   * architecture.
   * @param model Any.
   */
  configOf(model: CausalModel): HuggingFaceConfig | undefined
  /**
   * Whether a parameter is stored [in, out], the other way round. Default: none is.
   * @param parameter Its name.
   */
  transposed?(parameter: string): boolean
  /**
   * Whether a tensor of a checkpoint is computed, no weight, such as a causal mask.
   * @param tensor Its name.
   */
  buffer?(tensor: string): boolean
}

/** What an architecture makes of a config.json. */
export interface DescribedModel {
  /** The model, without weights. */
  readonly model: CausalModel
  /** What the file asks for that is not done, in words: dropout. */
  readonly warnings: readonly string[]
}

/** An architecture of causal language models, as a plug-in. */
export interface Architecture extends Required<
  Pick<
    ArchitectureDefinition<KeyReaders>,
    'name' | 'classes' | 'prefix' | 'embedding' | 'transposed' | 'buffer'
  >
> {
  /**
   * Make the model that a config.json describes.
   * @param config The parsed file.
   * @param context Longest sequence that is asked for; if undefined, as the file says.
   * @returns The model, and in words what the file asks for that is not done.
   * @throws RangeError naming the key that is unknown or has a value that is not supported.
   */
  read(config: HuggingFaceConfig, context: number | undefined): DescribedModel
  /**
   * Write the config.json of a model, undefined if it is none of this architecture.
   * @param model Any.
   */
  configOf(model: CausalModel): HuggingFaceConfig | undefined
}

/**
 * Make an architecture. The record is frozen.
 * @param definition A name, classes of transformers, tables of keys, and the way from keys to a model and
 * back.
 * @throws TypeError if a member is unknown, missing or of another type.
 * @example
 * ```ts
 * import { defineArchitecture, llama, modelFromConfig } from '@lotion/models'
 *
 * const tiny = defineArchitecture({
 *   name: 'tiny',
 *   classes: ['TinyForCausalLM'],
 *   prefix: 'model.',
 *   embedding: 'model.embed_tokens.weight',
 *   keys: { width: (value) => Number(value) },
 *   model: ({ width }, context = 16) =>
 *     llama({ vocabulary: 256, dimension: width, layers: 1, heads: 4, context }),
 *   configOf: () => undefined,
 * })
 * const { model } = modelFromConfig({ model_type: 'tiny', width: 32 }, { architectures: [tiny] })
 * console.log(model.parameterCount)
 * ```
 */
export function defineArchitecture<K extends KeyReaders>(
  definition: ArchitectureDefinition<K>,
): Architecture {
  checkRecord('defineArchitecture', definition, {
    name: 'string',
    classes: 'object',
    prefix: 'string',
    embedding: 'string',
    keys: 'object',
    fixed: 'object or undefined',
    dropout: 'object or undefined',
    ignored: 'object or undefined',
    model: 'function',
    configOf: 'function',
    transposed: 'function or undefined',
    buffer: 'function or undefined',
  })
  const { name, classes, keys, fixed = {}, dropout = [], ignored = [] } = definition
  const table = {
    keys: { ...keys, model_type: (value: unknown) => value, architectures: (value: unknown) => value },
    fixed: { ...commonFixed, ...fixed },
    dropout,
    ignored: [...commonIgnored, ...ignored],
  }
  return Object.freeze<Architecture>({
    name,
    classes: Object.freeze([...classes]),
    prefix: definition.prefix,
    embedding: definition.embedding,
    transposed: definition.transposed ?? (() => false),
    buffer: definition.buffer ?? (() => false),
    read(config, context) {
      const { values, warnings } = readKeys(name, table, config)
      readKey('architectures', () => {
        const found = values.architectures ?? []
        const known =
          Array.isArray(found) && found.every((one: unknown) => classes.some((two) => two === one))
        if (!known) unexpected(`classes of ${classes.join(', ')}`, JSON.stringify(found))
      })
      return { model: definition.model(values, context), warnings }
    },
    configOf(model) {
      const found = definition.configOf(model)
      return found && { architectures: [classes[0]], model_type: name, ...found, torch_dtype: 'float32' }
    },
  })
}

/** Take the longest sequence that is asked for, at most what the model was made for. */
export function checkedContext(context: number | undefined, key: string, longest: number): number {
  if (context === undefined) return longest
  if (!Number.isInteger(context) || context < 1 || context > longest) {
    throw new RangeError(
      `context: expected a whole number from 1 to ${longest} (config.json: '${key}'), found ${shownValue(context)}`,
    )
  }
  return context
}
