// The commands that this package brings to `lotion`, in the order of the help. Comes in: nothing. Goes out: what loads them.
// Source: one file a command; a new one is one line here.

import type { CommandEntry } from '@lotion/cli'

/** Commands by their words. */
export const commands: readonly CommandEntry[] = [
  { path: 'quickstart', load: async () => (await import('./quickstart.js')).quickstart },
  {
    path: 'run linear-regression',
    load: async () => (await import('./run-linear-regression.js')).runLinearRegression,
  },
  { path: 'run two-layer', load: async () => (await import('./run-two-layer.js')).runTwoLayer },
]
