// The commands of the benchmarks, in the order of the help. Comes in: nothing. Goes out: what loads them.
// Source: one file a command; a new one is one line here.

import type { CommandEntry } from '@lotion/cli'

/** Commands by their words. */
export const commands: readonly CommandEntry[] = [
  {
    path: 'bench engine',
    load: async () => (await import('./engine/bench-engine-command.js')).engineBenchCommand,
  },
  {
    path: 'bench kernels',
    load: async () => (await import('./kernels/bench-kernels-command.js')).kernelBenchCommand,
  },
  {
    path: 'bench state',
    load: async () => (await import('./state/bench-state-command.js')).stateBenchCommand,
  },
  {
    path: 'bench step',
    load: async () => (await import('./step/bench-step-command.js')).stepBenchCommand,
  },
  {
    path: 'bench matmul',
    load: async () => (await import('./matmul/bench-matmul-command.js')).matmulBenchCommand,
  },
  {
    path: 'bench repeats',
    load: async () => (await import('./repeats/bench-repeats-command.js')).repeatsBenchCommand,
  },
]
