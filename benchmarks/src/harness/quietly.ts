// A measurement that nobody watches. Comes in: what is watched all the same. Goes out: the context.
// Source: for tests.

import type { BenchContext } from './competitor.js'

/** A context that tells nobody and never stops, but for what is given. */
export const quietly = (given: Partial<BenchContext> = {}): BenchContext => ({
  log: () => undefined,
  progress: () => undefined,
  signal: new AbortController().signal,
  ...given,
})
