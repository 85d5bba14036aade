// Windows of a token stream: what a language model is trained and judged on.
// Comes in: tokens. Goes out: batches { x, y } of shape [B, T], y the token that follows x, −100 where it
// does not count.

import { integers, uniforms, type Batch } from '@lotion/core'
import { IGNORED_TARGET, nextCounted, readTokens, type Tokens } from './token-stream.js'

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

function checkTokens(tokens: Tokens, context: number): void {
  const { length } = tokens
  if (length <= context) {
    throw new RangeError(
      `tokens: expected more than context = ${context} of them, found ${length}; give more text or a shorter context`,
    )
  }
  if (nextCounted(tokens, 1, length) === undefined)
    throw new RangeError(
      `tokens: expected at least one that counts, behind the first, found none of ${length}; give text with something to learn`,
    )
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
    if (tokens instanceof Int32Array || tokens.counts === undefined) return
    tokens.counts(at + 1, at + context + 1).forEach((count, t) => {
      if (count === 0) y[row * context + t] = IGNORED_TARGET
    })
  })
  return { x: { data: x, shape }, y: { data: y, shape } }
}

/**
 * A window with something to learn: the one that begins here, or where nothing of it counts one with the next
 * token that does in its middle, so that as much stands before it as can be.
 */
function learnable({ tokens, at }: Start, context: number): Start {
  const { length } = tokens
  const next = nextCounted(tokens, at + 1, length) ?? nextCounted(tokens, 1, at + 1)
  if (next === undefined || (next > at && next <= at + context)) return { tokens, at }
  return { tokens, at: Math.max(0, Math.min(next - Math.ceil(context / 2), length - context - 1)) }
}

/**
 * Draw random windows: step → batch. A batch depends on (seed, step) alone, so runs resume and repeat
 * exactly, and every method of a comparison sees the same text. Targets that a stream says do not count are
 * −100; a window in which none counts gives way to one around the next token that does.
 * @param options Tokens, extents and seed. Of several streams each row draws one by weight.
 * @throws RangeError if a stream is shorter than a window or nothing of it counts, or no weight is above 0.
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
  const given = Array.isArray(tokens)
    ? (tokens as readonly WeightedTokens[])
    : [{ tokens: tokens as Tokens, weight: 1 }]
  checkWeights('tokens', given)
  const streams = given.filter(({ weight }) => weight > 0)
  for (const stream of streams) checkTokens(stream.tokens, context)
  const choose = chooser(streams)
  return (step) => {
    const starts = streams.map((stream) =>
      integers({ seed, stream: 'training windows', step }, batch, stream.tokens.length - context),
    )
    const draws =
      streams.length > 1 ? uniforms({ seed, stream: 'stream of a window', step }, batch) : undefined
    return cut(
      Array.from({ length: batch }, (_, row) => {
        const chosen = draws ? choose(draws[row]!) : 0
        return learnable({ tokens: streams[chosen]!.tokens, at: starts[chosen]![row]! }, context)
      }),
      context,
    )
  }
}

/** Refuse weights that nothing can be drawn by. @throws RangeError naming the one in the list. */
export function checkWeights(name: string, list: readonly { readonly weight: number }[]): void {
  for (const [i, { weight }] of list.entries())
    if (!Number.isFinite(weight) || weight < 0)
      throw new RangeError(`${name}[${i}].weight: expected a finite number of at least 0, found ${weight}`)
  if (!list.some(({ weight }) => weight > 0))
    throw new RangeError('weights: expected one above 0, found none')
}

/** Choose an entry of a list by its weights, by a number in [0, 1). */
export function chooser(list: readonly { readonly weight: number }[]): (u: number) => number {
  const total = list.reduce((sum, { weight }) => sum + weight, 0)
  return (u) => {
    let left = u * total
    const found = list.findIndex(({ weight }) => (left -= weight) < 0)
    return found < 0 ? list.length - 1 : found
  }
}

/**
 * Choose fixed windows for evaluation: non-overlapping, spread evenly over the tokens, `count` in all, B a
 * batch. Targets that do not count are −100; batches in which none counts are left out.
 * @param options Tokens, extents and count.
 * @throws RangeError if `count` is no multiple of B or more than fit, or nothing in the windows counts.
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
  checkTokens(tokens, context)
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
  const batches = Array.from({ length: total / batch }, (_, i) =>
    cut(starts.slice(i * batch, (i + 1) * batch), context),
  ).filter(({ y }) => y!.data.some((target) => target !== IGNORED_TARGET))
  if (batches.length > 0) return batches
  throw new RangeError(
    `count: expected windows in which something counts, found none in ${total} of them; take more`,
  )
}
