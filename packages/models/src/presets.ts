// Sizes of language models by name. Comes in: a name, a vocabulary. Goes out: options and the model.
// Source: docs/design/16-models.md.

import { nearestName } from '@lotion/core/internal'
import { gpt2, type Gpt2, type Gpt2Options } from './gpt2.js'
import { llama, type Llama } from './llama.js'
import type { LlamaOptions } from './llama-config.js'

/** A size of `llama`, but for the vocabulary, which is the tokenizer's. */
export interface LlamaPreset extends Omit<LlamaOptions, 'vocabulary'> {
  /** Tells the functions apart. */
  readonly architecture: 'llama'
}

/** A size of `gpt2`, but for the vocabulary, which is the tokenizer's. */
export interface Gpt2Preset extends Omit<Gpt2Options, 'vocabulary'> {
  /** Tells the functions apart. */
  readonly architecture: 'gpt2'
}

/** A size of a language model. */
export type Preset = LlamaPreset | Gpt2Preset

/** Names of sizes. */
export type PresetName = 'nano' | 'micro' | 'mini' | 'small' | '135m' | '150m' | '300m'

/**
 * Sizes by name. `nano` is a character model; `135m` has the extents of SmolLM2-135M; `150m` and `300m` have
 * that many weights with the 128,256 ids of Llama 3, most of them in embedding and head.
 */
export const presets: Readonly<Record<PresetName, Preset>> = Object.freeze({
  nano: Object.freeze({
    architecture: 'gpt2',
    dimension: 64,
    layers: 2,
    heads: 4,
    context: 64,
    biases: false,
    tied: false,
  }),
  micro: Object.freeze({ architecture: 'llama', dimension: 128, layers: 4, heads: 4, context: 128 }),
  mini: Object.freeze({
    architecture: 'llama',
    dimension: 256,
    layers: 6,
    heads: 4,
    context: 256,
    tied: true,
  }),
  small: Object.freeze({
    architecture: 'llama',
    dimension: 384,
    layers: 8,
    heads: 6,
    context: 512,
    tied: true,
  }),
  '135m': Object.freeze({
    architecture: 'llama',
    dimension: 576,
    layers: 30,
    heads: 9,
    kvHeads: 3,
    hidden: 1536,
    context: 2048,
    tied: true,
    ropeBase: 100_000,
  }),
  '150m': Object.freeze({ architecture: 'llama', dimension: 512, layers: 6, heads: 8, context: 512 }),
  '300m': Object.freeze({ architecture: 'llama', dimension: 768, layers: 14, heads: 12, context: 512 }),
})

/** What a preset leaves open. */
export interface PresetOptions {
  /** Number of token ids, the tokenizer's. */
  readonly vocabulary: number
  /** Longest sequence. Default as the preset says. */
  readonly context?: number
}

/**
 * Make the model of a preset.
 * @param name One of `presets`.
 * @param options The vocabulary, and another context.
 * @throws RangeError if there is no such preset, or an option is out of range.
 * @example
 * ```ts
 * import { presetModel } from '@lotion/models'
 *
 * console.log(presetModel('nano', { vocabulary: 83 }).parameterCount)
 * ```
 */
export function presetModel(name: PresetName, { vocabulary, context }: PresetOptions): Llama | Gpt2 {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (preset === undefined) {
    const names = Object.keys(presets)
    const nearest = nearestName(name, names)
    throw new RangeError(
      `preset: expected ${names.join(', ')}, found '${name}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
    )
  }
  const length = context === undefined ? {} : { context }
  if (preset.architecture === 'gpt2') {
    const { architecture: _, ...options } = preset
    return gpt2({ ...options, ...length, vocabulary })
  }
  const { architecture: _, ...options } = preset
  return llama({ ...options, ...length, vocabulary })
}
