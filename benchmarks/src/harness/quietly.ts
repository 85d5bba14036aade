// Context of a measurement without output. Comes in: members to be used all the same. Goes out: the context.
// Source: for tests.

import type { BenchContext } from './competitor.js'

/** Make a context that logs nothing and never stops, except for the members that are given. */
export const quietly = (given: Partial<BenchContext> = {}): BenchContext => ({
  log: () => undefined,
  progress: () => undefined,
  signal: new AbortController().signal,
  ...given,
})
