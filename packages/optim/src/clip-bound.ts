// Clipping a block's weights before they are cast: the bound as a number of the block. Comes in: weights and
// a format. Goes out: clipped weights; the bound with the least squared error.
// Source: docs/design/03-formats-and-methods.md, "Trained values"; the clip search of post-training
// quantization.

import { locate, nearestCast, type Lane, type NumberFormat } from '@lotion/core'

/** Weights within ±bound. */
export const clipped = (w: Lane, bound: Lane): Lane => w.min(bound).max(bound.mul(-1))

/** Shares of the largest magnitude that are tried: 1 to 1/8, eight to an octave. */
const shares = Array.from({ length: 25 }, (_, i) => 2 ** (-i / 8))

/**
 * Find, of some shares of a block's largest magnitude, the bound with the least Σ (cast(clipped w) − w)²; the
 * largest of equals. One value a block.
 */
export function bestBound(format: NumberFormat, w: Lane): Lane {
  const largest = w.abs().blockMax()
  const tried = shares.map((share) => {
    const bound = largest.mul(share)
    const off = nearestCast(locate(format, clipped(w, bound))).sub(w)
    // In units of the largest: no square overflows.
    const error = off.div(largest.mul(-1).less(0, largest, 1))
    return { bound, error: error.mul(error).blockSum() }
  })
  return tried.reduce((best, next) => ({
    bound: next.error.less(best.error, next.bound, best.bound),
    error: next.error.less(best.error, next.error, best.error),
  })).bound
}
