// Windows of a token stream: what a language model is trained and judged on.
// Comes in: tokens. Goes out: batches { x, y } of shape [B, T], y the token that follows x.

import { integers, uniforms, type Batch } from '@lotion/core'
import { readTokens, type Tokens } from './token-stream.js'

/** A stream and how often it is drawn from. */
export interface WeightedTokens {
  /** The stream. */
  readonly tokens: Tokens
  /** Relative to the weights of the others. */
  readonly weight: number
}

/** The extents of batches. */
export interface WindowExtents {
  /** Windows a batch, B. */
  readonly batch: number
  /** Tokens a window, T. */
  readonly context: number
}

/** Tokens and extents of training batches. */
export interface TokenBatchesOptions extends WindowExtents {
  /** One stream, or several by weight. */
  readonly tokens: Tokens | readonly WeightedTokens[]
  /** Of the draws. */
  readonly seed: number
}

/** Tokens and extents of evaluation batches. */
export interface EvaluationWindowsOptions extends WindowExtents {
  /** One stream. */
  readonly tokens: Tokens
  /** How many windows in all. Default as many as fit. */
  readonly count?: number
}

/** Refuse extents that are no whole numbers. */
export function checkExtents({ batch, context }: WindowExtents): void {
  for (const [name, value] of Object.entries({ batch, context })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${name}: expected a whole number of at least 1, found ${value}`)
    }
  }
}

function checkLength({ length }: Tokens, context: number): void {
  if (length <= context) {
    throw new RangeError(
      `tokens: expected more than context = ${context} of them, found ${length}; give more text or a shorter context`,
    )
  }
}

/** Where a window begins. */
interface Start {
  readonly tokens: Tokens
  readonly at: number
}

function cut(starts: readonly Start[], context: number): Batch {
  const shape = [starts.length, context]
  const [x, y] = [new Int32Array(starts.length * context), new Int32Array(starts.length * context)]
  starts.forEach(({ tokens, at }, row) => {
    const window = readTokens(tokens, at, at + context + 1)
    x.set(window.subarray(0, context), row * context)
    y.set(window.subarray(1), row * context)
  })
  return { x: { data: x, shape }, y: { data: y, shape } }
}

/**
 * Draw random windows: step → batch. A batch depends on (seed, step) alone, so runs resume and repeat
 * exactly, and every method of a comparison sees the same text.
 * @param options Tokens, extents and seed. Of several streams each row draws one by weight.
 * @throws RangeError if a stream is shorter than a window, or no weight is above 0.
 * @example
 * ```ts
 * import { byteTokenizer, tokenBatches } from '@lotion/text'
 *
 * const tokens = byteTokenizer().encode('fellow citizens of the senate')
 * const { x, y } = tokenBatches({ tokens, batch: 2, context: 8, seed: 1 })(0)
 * console.log(x!.shape, y!.data[0] === x!.data[1]) // [2, 8] true
 * ```
 */
export function tokenBatches({ tokens, seed, ...extents }: TokenBatchesOptions): (step: number) => Batch {
  checkExtents(extents)
  const { batch, context } = extents
  const streams = weighted(tokens).filter(({ weight }) => weight > 0)
  for (const stream of streams) checkLength(stream.tokens, context)
  const total = streams.reduce((sum, { weight }) => sum + weight, 0)
  const choose = (u: number): number => {
    let left = u * total
    const found = streams.findIndex(({ weight }) => (left -= weight) < 0)
    return found < 0 ? streams.length - 1 : found
  }
  return (step) => {
    const starts = streams.map((stream) =>
      integers({ seed, stream: 'training windows', step }, batch, stream.tokens.length - context),
    )
    const draws =
      streams.length > 1 ? uniforms({ seed, stream: 'stream of a window', step }, batch) : undefined
    return cut(
      Array.from({ length: batch }, (_, row) => {
        const chosen = draws ? choose(draws[row]!) : 0
        return { tokens: streams[chosen]!.tokens, at: starts[chosen]![row]! }
      }),
      context,
    )
  }
}

function weighted(tokens: Tokens | readonly WeightedTokens[]): readonly WeightedTokens[] {
  if (!Array.isArray(tokens)) return [{ tokens: tokens as Tokens, weight: 1 }]
  const list: readonly WeightedTokens[] = tokens
  for (const [i, { weight }] of list.entries())
    if (!Number.isFinite(weight) || weight < 0)
      throw new RangeError(`tokens[${i}].weight: expected a finite number of at least 0, found ${weight}`)
  if (!list.some(({ weight }) => weight > 0))
    throw new RangeError('weights: expected one above 0, found none')
  return list
}

/**
 * Choose fixed windows for evaluation: non-overlapping, spread evenly over the tokens, `count` in all, B a
 * batch.
 * @param options Tokens, extents and count.
 * @throws RangeError if `count` is no multiple of B or more than fit.
 * @example
 * ```ts
 * import { evaluationWindows } from '@lotion/text'
 *
 * const tokens = Int32Array.from({ length: 101 }, (_, i) => i)
 * console.log(evaluationWindows({ tokens, batch: 2, context: 10 }).length) // 5
 * ```
 */
export function evaluationWindows({ tokens, count, ...extents }: EvaluationWindowsOptions): Batch[] {
  checkExtents(extents)
  const { batch, context } = extents
  checkLength(tokens, context)
  // Window i reads its inputs and one target beyond.
  const fit = Math.floor((tokens.length - 1) / context)
  const total = count ?? fit - (fit % batch)
  if (!Number.isInteger(total) || total < batch || total % batch !== 0 || total > fit) {
    throw new RangeError(
      `count: expected a multiple of batch = ${batch} from ${batch} to ${fit} (windows of ${context} in ${tokens.length} tokens), found ${total}`,
    )
  }
  const stride = (tokens.length - 1) / total
  const starts = Array.from({ length: total }, (_, i) => ({ tokens, at: Math.floor(i * stride) }))
  return Array.from({ length: total / batch }, (_, i) =>
    cut(starts.slice(i * batch, (i + 1) * batch), context),
  )
}
