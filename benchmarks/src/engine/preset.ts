// What an engine comparison computes: a model, a batch shape, how often. Comes in: a name. Goes out: a
// preset.
// Source: docs/design/12-speed-tests.md; the shapes of the comparison that the project's speed is judged by.

import type { LlamaOptions } from '@lotion/models'
import { type CliOption, oneOf } from '@lotion/cli'

/** One comparison: the same decoder and batch for every engine. */
export interface EnginePreset {
  readonly name: string
  /** `context` is the length of the batch's sequences. */
  readonly model: LlamaOptions
  /** Sequences a step. */
  readonly batch: number
  /** Measured steps of each engine. */
  readonly rounds: number
  /** Whether engines that need seconds for a micro step take part. */
  readonly slowPeers: boolean
}

/** 845 k parameters, byte vocabulary, 8 × 128 = 1024 tokens a step. */
const micro: EnginePreset = Object.freeze({
  name: 'micro',
  model: { vocabulary: 256, dimension: 128, layers: 4, heads: 4, hidden: 336, context: 128 },
  batch: 8,
  rounds: 30,
  slowPeers: true,
})

/** 27.4 M parameters, 4 × 256 = 1024 tokens a step. */
const million27: EnginePreset = Object.freeze({
  name: '27m',
  model: { vocabulary: 8192, dimension: 512, layers: 6, heads: 8, hidden: 1376, context: 256 },
  batch: 4,
  rounds: 10,
  slowPeers: false,
})

/** Presets by name. */
export const enginePresets: Readonly<Record<'micro' | '27m', EnginePreset>> = Object.freeze({
  micro,
  '27m': million27,
})

/** Name of a preset. */
export type EnginePresetName = keyof typeof enginePresets

/** `--preset`, for every command that runs one. */
export const presetOption = (name: EnginePresetName): CliOption<EnginePresetName> =>
  Object.freeze({
    flags: '--preset <name>',
    description: 'model and batch: micro (845 k parameters) or 27m (27.4 M)',
    schema: oneOf(['micro', '27m']),
    default: name,
  })
