// Trains the language model with each method on each seed. Comes in: settings, methods, an engine. Goes out: records, weights.
// Source: docs/design/04-bench.md: same data, same start, same budget for every method.

import type { Engine, Executor } from '@lotion/core'
import type { Method } from '@lotion/optim'
import type * as tf from '@tensorflow/tfjs'
import type { MetricsRecord } from '../records.js'
import type { LanguageSettings } from './language-settings.js'
import { checkProgram, languageSetup } from './language-setup.js'
import { sampleText } from './sample-text.js'
import { trainLanguage, type LanguageProgress, type LanguageResult } from './train-language.js'

/** Follows the work; every member is called in order and awaited where it returns a promise. */
export interface LanguageObserver {
  methodStarts(method: Method, seed: number): void
  progress(progress: LanguageProgress): void
  methodEnds(): void
  record(record: MetricsRecord): Promise<void>
}

export interface CompareLanguageOptions {
  readonly settings: LanguageSettings
  readonly methods: readonly Method[]
  readonly seeds: readonly number[]
  readonly engine: Engine<tf.Tensor, Float32Array>
  readonly executor: Executor<Float32Array>
  readonly observer: LanguageObserver
  readonly signal?: AbortSignal
}

/** What is kept of a comparison: all results, and the last seed's weights and text of every method. */
export interface LanguageComparison {
  readonly results: readonly LanguageResult[]
  /** Method → text written by its quantized weights. */
  readonly texts: Readonly<Record<string, string>>
}

/** Run the comparison; methods of one seed share data, order of batches and initial weights. */
export async function compareLanguage(options: CompareLanguageOptions): Promise<LanguageComparison> {
  const { settings, methods, seeds, engine, executor, observer, signal } = options
  const results: LanguageResult[] = []
  const texts: Record<string, string> = {}
  for (const seed of seeds) {
    const setup = await languageSetup(settings, seed, engine)
    try {
      // Every seed trains the same program.
      if (seed === seeds[0]) await checkProgram(setup)
      for (const method of methods) {
        observer.methodStarts(method, seed)
        try {
          const result = await trainLanguage({
            setup,
            method,
            executor,
            onProgress: (progress) => observer.progress(progress),
            onEvaluation: (record) => observer.record(record),
            ...(signal ? { signal } : {}),
          })
          await observer.record(result.record)
          results.push(result)
          signal?.throwIfAborted()
          texts[method.name] = await sampleText(setup, result.quantized)
        } finally {
          observer.methodEnds()
        }
      }
    } finally {
      await setup.close()
    }
  }
  return { results, texts }
}
