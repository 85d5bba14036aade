// Text as batches that a loss is measured on. Comes in: tokens. Goes out: batches, every token but the first
// of the text a target once, and how much text they are.
// Source: docs/design/18-language.md, what a loss is.

import { leafOf, type Batch } from '@lotion/core'
import { IGNORED_TARGET } from '@lotion/models'
import type { Tokenizer, Tokens } from '@lotion/text'
import { textBytes } from './text-bytes.js'
import { partOf } from './token-part.js'

/** Batches to be judged by. */
export interface JudgedText {
  /** `{ x, y }`, int32 [B, T] each, y the token that follows x, −100 where it does not count. */
  readonly batches: Iterable<Batch>
  /** Targets in all. */
  readonly tokens: number
  /** Bytes of their text. */
  readonly bytes: number
}

/** How a text is cut. */
export interface JudgedExtents {
  /** Of the tokens. */
  readonly tokenizer: Tokenizer
  /** Windows at once. */
  readonly batch: number
  /** Tokens a window. */
  readonly context: number
}

/**
 * Cut a text into windows of `context` inputs, one after the other; each begins with the last target of the
 * one before. The last one is as long as the text goes on.
 * @param tokens Of the text, at least two.
 * @param extents How many windows at once, and their length; the tokenizer says how many bytes tokens are.
 * @throws RangeError if there are fewer than two tokens.
 * @example
 * ```ts
 * import { judgedText } from '@lotion/language'
 * import { byteTokenizer } from '@lotion/text'
 *
 * const tokenizer = byteTokenizer()
 * const text = judgedText(tokenizer.encode('Fellow-Citizens'), { tokenizer, batch: 2, context: 4 })
 * console.log(text.tokens, Array.from(text.batches, ({ x }) => x!.shape)) // 14 [[2, 4], [1, 4], [1, 2]]
 * ```
 */
export function judgedText(tokens: Tokens, { tokenizer, batch, context }: JudgedExtents): JudgedText {
  const targets = tokens.length - 1
  if (targets < 1)
    throw new RangeError(
      `text: expected at least two tokens, found ${tokens.length === 0 ? 'none' : 'one'}; the first one has nothing before it to be judged by: give more text`,
    )
  const bytes = textBytes(tokenizer, tokens, 1, tokens.length)
  if (bytes === 0)
    throw new RangeError(
      'text: expected at least two tokens, found one and what ends it; the first one has nothing before it to be judged by: give more text',
    )
  const whole = Math.floor(targets / context)
  const batchAt = (at: number, rows: number, length: number): Batch => {
    const shape = [rows, length]
    const part = partOf(tokens, at, at + rows * length + 1)
    return { x: { data: part.slice(0, -1), shape }, y: { data: part.slice(1), shape } }
  }
  return {
    batches: {
      *[Symbol.iterator]() {
        for (let first = 0; first < whole; first += batch)
          yield batchAt(first * context, Math.min(batch, whole - first), context)
        const rest = targets - whole * context
        if (rest > 0) yield batchAt(whole * context, 1, rest)
      },
    },
    tokens: targets,
    bytes,
  }
}

/**
 * Judge by windows that are cut already, such as those of a training's own evaluation.
 * @param batches `{ x, y }`, int32 [B, T] each; targets of −100 do not count.
 * @param tokenizer Says how many bytes the targets are.
 */
export function judgedWindows(batches: readonly Batch[], tokenizer: Tokenizer): JudgedText {
  let [tokens, bytes] = [0, 0]
  for (const batch of batches) {
    const [x, y] = [leafOf(batch, 'x', 'batch'), leafOf(batch, 'y', 'batch')]
    const length = y.shape.at(-1)!
    for (let at = 0; at < y.data.length; at += length) {
      for (const [from, to] of countedRuns(y.data.subarray(at, at + length))) {
        const run = Int32Array.of(x.data[at + from]!, ...y.data.subarray(at + from, at + to))
        bytes += textBytes(tokenizer, run, 1, run.length)
        tokens += to - from
      }
    }
  }
  return { batches, tokens, bytes }
}

/** Where targets count without a gap: the first and the one after the last of each run. */
function countedRuns(targets: ArrayLike<number>): readonly (readonly [from: number, to: number])[] {
  const runs: [number, number][] = []
  for (let at = 0; at < targets.length; at++) {
    if (targets[at] === IGNORED_TARGET) continue
    const last = runs.at(-1)
    if (last?.[1] === at) last[1]++
    else runs.push([at, at + 1])
  }
  return runs
}
