// Windows of a token stream: what a language model is trained and judged on.
// Comes in: one Int32Array of tokens. Goes out: batches { x, y } of shape [B, T], y the token that follows x.

import { integers, type Batch } from '@lotion/core'

/** The extents of a batch over a token stream. */
export interface Windows {
  readonly tokens: Int32Array
  /** Windows a batch, B. */
  readonly batch: number
  /** Tokens a window, T. */
  readonly context: number
}

function check({ tokens, batch, context }: Windows): void {
  for (const [name, value] of Object.entries({ batch, context })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${name}: expected a whole number of at least 1, found ${value}`)
    }
  }
  if (tokens.length <= context) {
    throw new RangeError(
      `tokens: expected more than context = ${context} of them, found ${tokens.length}; give more text or a shorter context`,
    )
  }
}

function cut(tokens: Int32Array, starts: readonly number[], context: number): Batch {
  const shape = [starts.length, context]
  const gather = (shift: number) => {
    const data = new Int32Array(starts.length * context)
    starts.forEach((start, row) =>
      data.set(tokens.subarray(start + shift, start + shift + context), row * context),
    )
    return { data, shape }
  }
  return { x: gather(0), y: gather(1) }
}

/**
 * Draw random windows: step → batch. A batch depends on (seed, step) alone, so runs resume and repeat
 * exactly, and every method of a comparison sees the same text.
 */
export function batches({ seed, ...windows }: Windows & { readonly seed: number }): (step: number) => Batch {
  check(windows)
  const { tokens, batch, context } = windows
  return (step) => {
    const starts = integers({ seed, stream: 'training windows', step }, batch, tokens.length - context)
    return cut(tokens, Array.from(starts), context)
  }
}

/**
 * Choose fixed windows for evaluation: non-overlapping, spread evenly over the tokens, `count` in all, B a
 * batch. Default `count`: as many as fit.
 * @throws RangeError if `count` is no multiple of B or more than fit.
 */
export function evaluationWindows({ count, ...windows }: Windows & { readonly count?: number }): Batch[] {
  check(windows)
  const { tokens, batch, context } = windows
  // Window i reads its inputs and one target beyond.
  const fit = Math.floor((tokens.length - 1) / context)
  const total = count ?? fit - (fit % batch)
  if (!Number.isInteger(total) || total < batch || total % batch !== 0 || total > fit) {
    throw new RangeError(
      `count: expected a multiple of batch = ${batch} from ${batch} to ${fit} (windows of ${context} in ${tokens.length} tokens), found ${total}`,
    )
  }
  const stride = (tokens.length - 1) / total
  const starts = Array.from({ length: total }, (_, i) => Math.floor(i * stride))
  return Array.from({ length: total / batch }, (_, i) =>
    cut(tokens, starts.slice(i * batch, (i + 1) * batch), context),
  )
}
