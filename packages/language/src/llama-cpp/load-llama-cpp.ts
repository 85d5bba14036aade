// A GGUF file in llama.cpp, as it will run elsewhere. Comes in: a path. Goes out: a value that generates,
// answers and evaluates as a model of `loadModel` does; all scores are llama.cpp's.
// Source: docs/design/19-export.md, judged where it will live.

import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { leafOf } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { IGNORED_TARGET } from '@lotion/models'
import type { Evaluation } from '../evaluate.js'
import { judgedText, type JudgedText } from '../judged-text.js'
import { evaluationContext, type LanguageModel } from '../load-model.js'
import { openSource, type ModelSource } from '../open-source.js'
import { speaking } from '../speaking.js'
import { loadLlama, type Asked, type Sequence } from './node-llama-cpp.js'

/** How a file is loaded; everything has a default. */
export interface LoadLlamaCppOptions {
  /** Longest sequence, for which llama.cpp lays memory aside. Default: as the file says, at most 4096. */
  readonly context?: number
  /** Of the engine. Default: one a processor. */
  readonly threads?: number
  /**
   * Keep keys and values in f32 and compute attention as it is defined. Default: as llama.cpp does where
   * nobody asks, keys and values in f16.
   */
  readonly exact?: boolean
}

/** A model that llama.cpp runs. Its weights are there, so it has no `params`. */
export interface LlamaCppModel extends Omit<LanguageModel, 'params' | 'grid' | 'evaluate'> {
  /** Which llama.cpp: its release. */
  readonly release: string
  /**
   * Give the logits of each id that may follow.
   * @param ids At least one. What of them was read by the last call is not read again.
   */
  logits(ids: readonly number[]): Promise<Float32Array>
  /**
   * Judge a text: every token but the first, in windows as `evaluate` of a loaded model has them.
   * @param text Text, or tokens of it.
   * @param options The window, and who is told of progress.
   */
  evaluate(
    text: Parameters<LanguageModel['evaluate']>[0],
    options?: Omit<NonNullable<Parameters<LanguageModel['evaluate']>[1]>, 'reference' | 'format'>,
  ): Promise<Evaluation>
}

const optionNames: Readonly<Record<keyof LoadLlamaCppOptions, true>> = {
  context: true,
  threads: true,
  exact: true,
}

/**
 * Load a GGUF file into llama.cpp, by the package node-llama-cpp. The file is read here first: what would end
 * llama.cpp's process is refused. The tokenizer is the file's, as it is read here.
 * @param path Of a .gguf file.
 * @param options The context, threads, how exact.
 * @throws RangeError or Error naming the path, what was expected, found, and what to do.
 */
export async function loadLlamaCpp(path: string, options: LoadLlamaCppOptions = {}): Promise<LlamaCppModel> {
  refuseUnknownKeys('loadLlamaCpp', options, optionNames)
  const { threads = availableParallelism(), exact = false, ...wish } = options
  if (!path.endsWith('.gguf'))
    throw new RangeError(
      `${path}: expected a .gguf file, which is what llama.cpp reads, found another; lotion export ${path} --to gguf makes one`,
    )
  const { model, tokenizer, ends } = await openUsual(path, wish)
  const { vocabulary, context } = model.config
  const llama = await loadLlama(threads)
  const close = (): Promise<void> => llama.dispose()
  const opened = async (): Promise<Sequence> => {
    const loaded = await llama.loadModel({ modelPath: resolve(path), gpuLayers: 0 })
    const kept = exact
      ? { flashAttention: false, experimentalKvCacheKeyType: 'F32', experimentalKvCacheValueType: 'F32' }
      : {}
    // The package keeps a place free, and would leave out the beginning of a text that fills the context.
    const held = await loaded.createContext({ contextSize: context + 1, threads, ...kept })
    return held.getSequence()
  }
  const sequence = await opened().catch(async (error: unknown) => {
    await close()
    throw new Error(`${path}: llama.cpp: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  })
  const reader = reading(sequence, { vocabulary, context })
  return Object.freeze<LlamaCppModel>({
    path,
    model,
    tokenizer,
    ends,
    release: llama.llamaCppRelease.release,
    logits: reader.next,
    ...speaking({ path, tokenizer, ends, vocabulary, context, ...reader }),
    async evaluate(text, { context: wished, onProgress, signal } = {}) {
      const window = evaluationContext(model, wished)
      const tokens = typeof text === 'string' ? tokenizer.encode(text) : text
      const judged =
        'batches' in tokens ? tokens : judgedText(tokens, { tokenizer, batch: 1, context: window })
      const found = await losses(sequence, judged, (done) => {
        signal?.throwIfAborted()
        onProgress?.({ tokens: done, total: judged.tokens })
      })
      await reader.clear()
      const loss = found / judged.tokens
      return Object.freeze<Evaluation>({
        loss,
        perplexity: Math.exp(loss),
        bitsPerByte: found / judged.bytes / Math.LN2,
        tokens: judged.tokens,
        bytes: judged.bytes,
        context: window,
      })
    },
    close,
  })
}

/** Longest sequence where none is asked for: keys and values of 131,072 tokens take gigabytes. */
const USUAL_CONTEXT = 4096

/** A file with the context that is asked for, or the usual one where its own is longer. */
async function openUsual(path: string, wish: Pick<LoadLlamaCppOptions, 'context'>): Promise<ModelSource> {
  const found = await openSource(path, wish)
  return wish.context === undefined && found.model.config.context > USUAL_CONTEXT
    ? openSource(path, { context: USUAL_CONTEXT })
    : found
}

/** Share of the context that is left out where it is full. */
const SLIDE = 0.25

/** A text that is read as it grows. */
function reading(
  sequence: Sequence,
  { vocabulary, context }: { readonly vocabulary: number; readonly context: number },
) {
  let read: number[] = []
  const clear = async (): Promise<void> => {
    read = []
    await sequence.clearHistory()
  }
  return {
    clear,
    async next(ids: readonly number[]): Promise<Float32Array> {
      if (ids.length === 0) throw new RangeError('ids: expected at least one token id, found none')
      const slide = Math.max(1, Math.floor(context * SLIDE))
      const seen = ids.slice(Math.ceil(Math.max(0, ids.length - context) / slide) * slide)
      const differs = read.findIndex((id, i) => id !== seen[i])
      // The last one is read in any case: its logits are not kept.
      const alike = Math.min(differs < 0 ? read.length : differs, seen.length - 1)
      if (alike < read.length) await sequence.eraseContextTokenRanges([{ start: alike, end: read.length }])
      const rest = seen.slice(alike)
      const asked = rest.map((id, i): Asked =>
        i < rest.length - 1 ? id : [id, { generateNext: { logits: true } }],
      )
      const told = await sequence.controlledEvaluate(asked).catch(async (error: unknown) => {
        await clear()
        throw error
      })
      read = [...seen]
      const logits = told.at(-1)?.next.logits
      if (logits?.size !== vocabulary)
        throw new RangeError(`logits: expected ${vocabulary} values, found ${logits?.size ?? 'none'}`)
      const found = new Float32Array(vocabulary)
      for (const [id, logit] of logits) found[id] = logit
      return found
    },
  }
}

/** The sum of −log p over all targets that count, added in f64. */
async function losses(
  sequence: Sequence,
  text: JudgedText,
  onProgress: (tokens: number) => void,
): Promise<number> {
  let [sum, tokens] = [0, 0]
  for (const batch of text.batches) {
    const [x, y] = [leafOf(batch, 'x', 'batch'), leafOf(batch, 'y', 'batch')]
    const length = y.shape.at(-1)!
    for (let at = 0; at < y.data.length; at += length) {
      const targets = Array.from(y.data.subarray(at, at + length))
      await sequence.clearHistory()
      const found = await sequence.controlledEvaluate(
        targets.map((target, i): Asked => {
          const id = x.data[at + i]!
          if (target === IGNORED_TARGET) return id
          // The largest logit is that of the chosen token: 3.22 leaves it out where it is asked for as such.
          const logits = { filter: { tokens: [target], includeSelected: true } } as const
          return [id, { generateNext: { logits, totalLogitWeight: true, options: { temperature: 0 } } }]
        }),
      )
      for (const [i, target] of targets.entries()) {
        if (target === IGNORED_TARGET) continue
        const { logits, totalLogitWeight } = found[i]!.next
        sum += Math.max(...logits!.values()) + Math.log(totalLogitWeight!) - logits!.get(target)!
        tokens++
      }
      onProgress(tokens)
    }
  }
  return sum
}
