// A config of `lotion train` as a module writes it. Comes in: options as keys. Goes out: the same, checked by
// the compiler and by name. Source: docs/design/04-bench.md, configs.

import type { CliOptions, ConfigOf } from '@lotion/cli'
import { mapTree } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { text } from '../tasks/text.js'
import { sharedOptions } from './shared-options.js'

/** Options of `lotion train`, by their names without dashes: `weightDecay`, `checkpointEvery`. */
export type TrainConfig = ConfigOf<typeof text.options & ReturnType<typeof sharedOptions>>

/**
 * Define a config for `lotion train my-config.ts`, which exports it as its default; the record is frozen.
 * @param config What is to differ from the defaults; values are checked when the command reads it.
 * @throws TypeError if a key is unknown, with the nearest one.
 * @example
 * ```ts
 * import { defineTrainConfig } from '@lotion/bench'
 *
 * export default defineTrainConfig({
 *   data: [{ path: 'chats.jsonl', field: 'body', weight: 2 }, { path: 'notes', weight: 1 }],
 *   format: 'q4_0',
 *   methods: ['ptq', 'lotion'],
 *   steps: 500,
 * })
 * ```
 */
export function defineTrainConfig(config: TrainConfig): TrainConfig {
  const known: Readonly<Record<string, true>> = mapTree(
    { ...text.options, ...sharedOptions(text) } satisfies CliOptions,
    () => true as const,
  )
  refuseUnknownKeys<object>('train config', config, known)
  return Object.freeze({ ...config })
}
